"""A second factor is turned on by its owner; one that was lost is taken away by an
administrator, never shown."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts.codes import onetime
from portal.accounts.errors import CodesAreOn
from portal.accounts.models import User
from portal.notifications import outbox
from portal.reader.language import Phrase

Answer = TypeVar("Answer")


def take_away(authenticator: Authenticator, *, by: User, at: datetime) -> None:
    """Remove one second factor, with its entry. An inner step: the caller records."""
    _taken_away(authenticator.user_id, str(authenticator.type), by=by, at=at)
    authenticator.delete()


@ledger.recorded
def turn_on(*, by: User, secret: str, at: datetime) -> Authenticator:
    """Let `by` prove themselves with codes of `secret`; they just showed one that fits.

    That code is spent. Raises CodesAreOn if this person has codes already.
    """
    if Authenticator.objects.filter(user=by, type=Authenticator.Type.TOTP).exists():
        raise CodesAreOn(_("Your one-time codes are on already."))
    made = onetime.activate(by, secret)
    _turned_on(made, by=by, at=at)
    return made


@ledger.recorded
def turn_on_by(page: Callable[[], Answer], *, by: User, at: datetime) -> Answer:
    """Let allauth's own page turn codes on, as `turn_on` does: entered, and told."""
    answer = page()
    made = onetime.remember(Authenticator.objects.get(user=by, type=Authenticator.Type.TOTP))
    _turned_on(made, by=by, at=at)
    return answer


@ledger.recorded
def turn_off_by(page: Callable[[], Answer], *, by: User, at: datetime) -> Answer:
    """Let allauth's own page turn one's codes off, with its entry."""
    answer = page()
    _taken_away(by.pk, Authenticator.Type.TOTP.value, by=by, at=at)
    return answer


def _turned_on(made: Authenticator, *, by: User, at: datetime) -> None:
    ledger.append("factor_enrolled", at=at, by=by, subject=("user", by.pk))
    outbox.tell(
        about=f"factor:{made.pk}",
        to=[by],
        channels=("in_app", "mail"),
        title=Phrase("One-time codes were turned on for your account"),
        text=Phrase("If this was not you, tell an administrator at once."),
        at=at,
    )


def _taken_away(user_id: int, kind: str, *, by: User, at: datetime) -> None:
    clear = {"fields": ["second factor"], "removed": kind}
    ledger.append("account_changed", at=at, by=by, subject=("user", user_id), clear=clear)
