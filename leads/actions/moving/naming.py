"""Which agreements name a team: their handoffs would find another one in its place."""

from datetime import datetime

from django.db.models import Q

from portal.accounts.models import Team
from sla.models import Agreement, Version


def naming(team: Team, at: datetime) -> list[Version]:
    """The versions in force, scheduled or proposed whose handoffs name the team by its key;
    not those that another one has followed."""
    rows = Version.objects.filter(agreement__in=Agreement.objects.in_order())
    rows = rows.select_related("agreement")
    current: dict[int, Version] = {}
    for one in rows.effective(at):  # the governing one first
        current.setdefault(one.agreement_id, one)
    later = Q(effective_from=None) | Q(effective_from__gt=at)
    states = Version.State
    to_come = rows.filter(Q(state=states.PROPOSED) | (Q(state=states.SIGNED) & later))
    return [one for one in (*current.values(), *to_come) if _names(one, team)]


def _names(version: Version, team: Team) -> bool:
    sides = [side for kind in version.parsed.handoffs for side in (kind.giver, kind.receiver)]
    return any(side.team == team.key for side in sides)
