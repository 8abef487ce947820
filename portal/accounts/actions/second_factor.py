"""A second factor that was lost is taken away by an administrator, never shown."""

from datetime import datetime

from allauth.mfa.models import Authenticator

from portal import ledger
from portal.accounts.models import User


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
