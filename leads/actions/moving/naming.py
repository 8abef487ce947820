"""Which agreements name a team: their handoffs would find another one in its place."""

from datetime import datetime

from portal.accounts.models import Team
from sla.models import Agreement, Version


def naming(team: Team, at: datetime) -> list[Version]:
    """The versions in force, scheduled or proposed whose handoffs name the team by its key."""
    agreements = Agreement.objects.in_order()
    states = [Version.State.SIGNED, Version.State.PROPOSED]
    rows = Version.objects.filter(agreement__in=agreements, state__in=states)
    return [
        one for one in rows.select_related("agreement") if _holds(one, at) and _names(one, team)
    ]


def _holds(version: Version, at: datetime) -> bool:
    """Whether it governs now, will, or may: not what another one has followed."""
    if version.state == Version.State.PROPOSED or version.effective_from is None:
        return True
    current = Version.objects.in_force(version.agreement_id, at)
    return version.effective_from > at or current == version


def _names(version: Version, team: Team) -> bool:
    sides = [side for kind in version.parsed.handoffs for side in (kind.giver, kind.receiver)]
    return any(side.team == team.key for side in sides)
