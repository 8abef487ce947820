"""Turns for many leads at once: the pools are read once, and the turns written at the end."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from leads.actions import pools, routing
from leads.core.routing import Candidate, Choice, after, choose
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


class Rotation:
    """One team's turns, held in memory; the caller has locked the team."""

    def __init__(self, team: Team, version: Version | None, at: datetime) -> None:
        self.team, self.method, self.at = team, pools.method_of(team), at
        self.place, self.turns = pools.place_of(team), 0
        calendar = routing.calendar_of_version(team, version)
        members = pools.candidates(team, None, at, calendar)
        self.pool = {one.member_id: one for one in members}
        self.latest = max((one.last_turn for one in members), default=0)
        self.spent: list[Turned] = []

    def next(self, lead: Lead) -> Choice:
        """Who gets `lead`. Nobody is told of what falls to the steward: this is history."""
        choice = choose(self.method, self._candidates(lead), self.place)
        if choice.to_steward:
            steward = routing.steward_of(self.team)
            return replace(choice, member_id=steward.pk if steward else None)
        if choice.spent is not None and choice.member_id is not None:
            self._spend(lead, choice.member_id, choice)
        return choice

    def _candidates(self, lead: Lead) -> list[Candidate]:
        owner = lead.company.owner_id if lead.company else None
        if owner not in self.pool:
            return list(self.pool.values())
        return [replace(one, owns_company=one.member_id == owner) for one in self.pool.values()]

    def _spend(self, lead: Lead, member_id: int, choice: Choice) -> None:
        spent, member = choice.spent, self.pool[member_id]
        if spent is None:
            return
        self.turns += 1
        self.pool[member_id] = after(member, spent, self.latest + self.turns)
        self.place = self.place if spent.owed else spent.start
        if spent.owed:
            routing.make_good(self.team, member_id, self.at)
        turned = Turned(
            self.team.pk, member_id, lead.pk, self.at, spent.start, spent.finish, spent.owed
        )
        self.spent.append(turned)
