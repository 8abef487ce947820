"""The first administrator of an empty portal: made once, with a link shown on the terminal."""

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from portal import ledger
from portal.accounts.models import Role, User
from portal.demo.models import SetupLink
from portal.errors import DomainError
from portal.ledger.kinds import Kind


class LinkIsSpent(DomainError):
    """The link was used, replaced, or never existed; or somebody has an account already."""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_company(*, at: datetime) -> None:
    """Open the ledger of a company that runs on real time, if it is not open yet."""
    if not ledger.tip()[0]:
        ledger.open_ledger(simulated=False, at=at)


@transaction.atomic(durable=True)
def issue_link(*, at: datetime) -> str | None:
    """A new token, which replaces any older one; None once somebody has an account."""
    if User.objects.exists():
        return None
    SetupLink.objects.filter(used_at=None).delete()
    token = secrets.token_urlsafe(32)
    SetupLink.objects.create(digest=_digest(token), created_at=at)
    return token


def is_open(token: str) -> bool:
    """Whether this token can still make the first administrator."""
    unused = SetupLink.objects.filter(digest=_digest(token), used_at=None)
    return unused.exists() and not User.objects.exists()


def was_used(token: str) -> bool:
    """Whether this token has made an account."""
    return SetupLink.objects.filter(digest=_digest(token)).exclude(used_at=None).exists()


@ledger.recorded
def make_first_admin(
    *, token: str, name: str, email: str, password: str, at: datetime, operates: bool = False
) -> User:
    """Make the administrator and spend the link, both or neither.

    With `operates` they are of operations, too: who sets a small company up alone drafts,
    imports and lets it go live. Neither of the two ever signs.
    Raises LinkIsSpent if the token is not the current, unused one, and ValidationError
    if the password is weak.
    """
    link = (
        SetupLink.objects.select_for_update(no_key=True)
        .filter(digest=_digest(token), used_at=None)
        .first()
    )
    if link is None or User.objects.exists():
        raise LinkIsSpent("This link was used already. Please log in.")
    validate_password(password, User(email=email, name=name))
    link.used_at = at
    link.save(update_fields=["used_at"])
    admin = User.objects.create_superuser(email, password, name=name, joined_at=at)
    if operates:
        admin.role = Role.OPERATIONS
        admin.save(update_fields=["role"])
    clear = {"role": str(admin.role), "administers": True}
    ledger.append(Kind.ACCOUNT_CHANGED, subject=("user", admin.pk), at=at, clear=clear)
    return admin
