"""Sessions: noted when they begin, ended by their owner, or all at once with the account."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from portal.accounts.models import SignedIn, User


@transaction.atomic
def begin(*, user_id: int, key: str, address: str, browser: str, at: datetime) -> None:
    """Note that somebody signed in; what is left of sessions that are over goes."""
    mine = SignedIn.objects.filter(user=user_id)
    keys = list(mine.values_list("session_key", flat=True))
    there = set(Session.objects.filter(pk__in=keys).values_list("pk", flat=True))
    mine.filter(session_key__in=set(keys) - there).delete()
    SignedIn.objects.update_or_create(
        session_key=key,
        defaults={
            "user_id": user_id, "began_at": at, "seen_at": at, "address": address[:45],
            "browser": browser[:200],
        },
    )  # fmt: skip


def seen(*, key: str, at: datetime) -> None:
    SignedIn.objects.filter(session_key=key).update(seen_at=at)


@transaction.atomic
def end(*, signed_in_id: int, by: User) -> None:
    """End one of one's own sessions: its next request has to sign in."""
    _end(SignedIn.objects.owned_by(by).filter(pk=signed_in_id))


@transaction.atomic
def end_others(*, by: User, key: str) -> int:
    """End all of one's own sessions but this one; returns how many."""
    return _end(SignedIn.objects.owned_by(by).exclude(session_key=key))


def end_all(*, owner: User) -> None:
    """An inner step of closing an account."""
    _end(SignedIn.objects.owned_by(owner))


def _end(rows: QuerySet[SignedIn]) -> int:
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    SignedIn.objects.filter(session_key__in=keys).delete()
    return len(keys)
