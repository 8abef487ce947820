"""A second factor is turned on by its owner; one that was lost is taken away by an
administrator, never shown."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from portal import ledger
from portal.accounts.errors import CodesAreOn
from portal.accounts.models import User
from portal.notifications import outbox


def take_away(authenticator: Authenticator, *, by: User, at: datetime) -> None:
    """Remove one second factor, with its entry. An inner step: the caller records."""
    ledger.append(
        "account_changed",
        at=at,
        by=by,
        subject=("user", authenticator.user_id),
        clear={"fields": ["second factor"], "removed": str(authenticator.type)},
    )
    authenticator.delete()


@ledger.recorded
def turn_on(*, by: User, secret: str, at: datetime) -> Authenticator:
    """Let `by` prove themselves with codes of `secret`; they just showed one that fits.

    That code is spent. Raises CodesAreOn if this person has codes already.
    """
    if Authenticator.objects.filter(user=by, type=Authenticator.Type.TOTP).exists():
        raise CodesAreOn("Your one-time codes are on already.")
    made = TOTP.activate(by, secret).instance
    ledger.append("factor_enrolled", at=at, by=by, subject=("user", by.pk))
    outbox.tell(
        about=f"factor:{made.pk}",
        to=[by],
        channels=("in_app", "mail"),
        title="One-time codes were turned on for your account",
        text="If this was not you, tell an administrator at once.",
        at=at,
    )
    return made
