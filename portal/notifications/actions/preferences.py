"""A person's own choices of how they are told."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from portal import ledger
from portal.accounts.models import User
from portal.notifications.models import Preference


@ledger.recorded
def choose(
    *,
    user: User,
    choices: Mapping[str, Mapping[str, Any]],
    quiet: tuple[time | None, time | None],
    at: datetime,
) -> Preference:
    """Keep the choices of one person (`Preference` says what they look like).

    They hold for what is told from then on; what waits already leaves as it was to.
    """
    begin, end = quiet
    fields = {"choices": dict(choices), "quiet_from": begin, "quiet_until": end}
    kept, _new = Preference.objects.update_or_create(user=user, defaults=fields)
    clear = {"fields": ["preferences"]}
    ledger.append("account_changed", at=at, by=user, subject=("user", user.pk), clear=clear)
    return kept
