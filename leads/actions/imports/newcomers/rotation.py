"""Turns for many leads at once: the pools are read once, and the turns written at the end."""

from datetime import datetime
from typing import NamedTuple

from leads.actions.owning import pools, routing
from leads.core.routing import Choice
from leads.models import Lead
from portal.accounts.models import Team
from sla.models import Version


class Turned(NamedTuple):
    """A turn, as its row says it."""

    team_id: int
    member_id: int
    lead_id: int
    spent_at: datetime
    start: int
    finish: int
    owed: bool
    pool: str = ""


class Rotation:
    """One team's turns, held in memory; the caller has locked the team."""

    def __init__(self, team: Team, version: Version | None, at: datetime) -> None:
        self.team, self.at = team, at
        self.pool = pools.Pool(team, at, routing.calendar_of_version(team, version))
        self.spent: list[Turned] = []

    def next(self, lead: Lead) -> Choice:
        """Who gets `lead`. Nobody is told of what falls to the steward: this is history."""
        choice = self.pool.choose(lead)
        if choice.to_steward:
            steward = routing.steward_of(self.team)
            who = steward.pk if steward else None
            return Choice(who, choice.lines, choice.spent, to_steward=True)
        if choice.spent is not None and choice.member_id is not None:
            self._spend(lead, choice.member_id, choice)
        return choice

    def _spend(self, lead: Lead, member_id: int, choice: Choice) -> None:
        spent = choice.spent
        if spent is None:
            return
        self.pool.latest += 1
        self.pool.spend(member_id, spent, self.pool.latest)
        if spent.owed:
            pools.make_good(self.team, member_id, self.at, self.pool.pool)
        turned = Turned(
            self.team.pk, member_id, lead.pk, self.at, spent.start, spent.finish, spent.owed,
            self.pool.pool,
        )  # fmt: skip
        self.spent.append(turned)
