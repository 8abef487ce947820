"""An account is closed: nothing opens it from the next request on, and what was in hand goes
on with somebody else. Who is only in another team keeps the account."""

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from portal.accounts.actions import tokens
from portal.accounts.models import Team, User
from portal.accounts.sessions import actions as sessions


def close(who: User, *, by: User, at: datetime) -> None:
    """Close an account whose row is locked: an inner step of the caller's transaction.

    Sessions, password and tokens are not only refused but gone: an account that is opened
    again later is entered anew. Clocks neither stop nor restart.
    """
    who.is_active, who.left_at = False, who.left_at or at
    # Its sessions carry a digest of the password, so that they end with it.
    who.set_unusable_password()
    who.save(update_fields=["is_active", "left_at", "password"])
    sessions.end_all(owner=who)
    tokens.end_all(owner=who, by=by, at=at)
    import_string(settings.PERSON_LEFT)(who=who, by=by, at=at)


def elsewhere(who: User, before: Team | None, *, by: User | None, at: datetime) -> None:
    """Let open work follow who is in another team than `before` now: an inner step."""
    if before is not None and who.is_active and who.team_id != before.pk:
        import_string(settings.PERSON_MOVED)(who=who, before=before, by=by, at=at)
