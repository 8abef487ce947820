"""The pool of a team, read from the rows for `leads.core.routing` to choose from."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from leads.core.routing import Candidate, Choice, Method, Spent, after, choose, cost
from leads.core.sharing.rules import Asked, PoolRule, Rules, read
from leads.core.words import reasons
from leads.models import Handoff, Lead, Turn
from portal.accounts.models import Absence, Team, User
from portal.bulk.prepared import Prepared
from sla.core.workingtime import WorkingCalendar, is_open

KNOWN = "pool of a team"


@dataclass
class _Scale:
    """The turns of one pool: where it stands, and its members with theirs."""

    place: int
    members: dict[int, Candidate]


class Pool:
    """A team's members as they stand in an action that has locked the team's rotation.

    Read once, and kept up to date with what the action itself does. A team with pools of
    its own has turns for each of them; a member may be of several.
    """

    def __init__(self, team: Team, at: datetime, calendar: WorkingCalendar | None) -> None:
        self.team, self.at, self.calendar = team, at, calendar
        self.rules = rules_of(team)
        self._scales: dict[str, _Scale] = {}
        self._chosen = self.rules.pool_for(Asked())
        self._more: Counter[int] = Counter()  # handoffs offered by this action
        self.latest = 0  # the number of the latest turn read; later ones are greater
        self._scale(self._chosen)

    @property
    def pool(self) -> str:
        """The key of the pool that was last chosen from; "" for the whole team."""
        return self._chosen.key

    @property
    def method(self) -> Method:
        return self._chosen.method

    @property
    def members(self) -> dict[int, Candidate]:
        """Those of the pool that was last chosen from."""
        return self._scale(self._chosen).members

    @property
    def place(self) -> int:
        return self._scale(self._chosen).place

    def choose(self, lead: Lead, *, without: int | None = None) -> Choice:
        """Who gets `lead`, and why; nothing is spent. `without`: a member who is left out."""
        self._chosen = self.rules.pool_for(asked_of(lead))
        scale = self._scale(self._chosen)
        company = lead.company if self.rules.owner_first else None
        owner = company.owner_id if company is not None else None
        pool = [one for pk, one in scale.members.items() if pk != without]
        if owner in scale.members:
            pool = [replace(one, owns_company=one.member_id == owner) for one in pool]
        return in_pool(self._chosen, choose(self._chosen.method, pool, scale.place))

    def spend(self, member_id: int, spent: Spent, turn: int) -> None:
        """A turn was spent in the pool last chosen from; `turn` is greater than others."""
        scale = self._scale(self._chosen)
        scale.members[member_id] = after(scale.members[member_id], spent, turn)
        scale.place = scale.place if spent.owed else spent.start

    def cost_of(self, member_id: int) -> Spent:
        """The turn that a lead costs this member in the pool last chosen from; somebody who
        is not of it begins at its place."""
        scale = self._scale(self._chosen)
        one = scale.members.get(member_id) or Candidate(member_id, "")
        return cost(self._chosen.method, replace(one, owed=0), scale.place)

    def weigh(self, weights: Mapping[int, int]) -> None:
        """Let members of the pool last chosen from have other shares, for a trial."""
        scale = self._scale(self._chosen)
        scale.members = {pk: weighed(one, weights) for pk, one in scale.members.items()}

    def offered(self, member_id: int | None) -> None:
        """One more handoff waits for a member, who may be of another team."""
        self._waits(member_id, 1)

    def relieved(self, member_id: int | None) -> None:
        """One handoff fewer waits for a member: it goes to somebody else."""
        self._waits(member_id, -1)

    def _waits(self, member_id: int | None, more: int) -> None:
        if member_id is None:
            return
        self._more[member_id] += more
        for scale in self._scales.values():
            if (one := scale.members.get(member_id)) is not None:
                scale.members[member_id] = replace(one, open=max(one.open + more, 0))

    def _scale(self, rule: PoolRule) -> _Scale:
        if rule.key not in self._scales:
            found = candidates(self.team, None, self.at, self.calendar, rule)
            members = {
                one.member_id: replace(one, open=max(one.open + self._more[one.member_id], 0))
                if self._more[one.member_id]
                else one
                for one in found
            }
            self.latest = max([self.latest, *(one.last_turn for one in found)])
            self._scales[rule.key] = _Scale(place_of(self.team, rule.key), members)
        return self._scales[rule.key]


def weighed(one: Candidate, weights: Mapping[int, int]) -> Candidate:
    """The candidate with another share of turns, if one is named."""
    return replace(one, weight=weights.get(one.member_id, one.weight))


def rules_of(team: Team) -> Rules:
    """How the team shares out its leads, as it is written with it."""
    return read(team.routing)


def asked_of(lead: Lead) -> Asked:
    """What rules look at in a lead."""
    country = lead.country
    if not country and (company := lead.company) is not None:
        country = company.country
    return Asked(lead.source, lead.segment, country)


def in_pool(rule: PoolRule, choice: Choice) -> Choice:
    """The choice, saying from which pool it was made."""
    if not rule.key:
        return choice
    return replace(choice, lines=(reasons.POOL % {"name": rule.name}, *choice.lines))


def method_of(team: Team) -> Method:
    """How the team shares out what no pool takes; by turns unless its rules say otherwise."""
    return rules_of(team).method


def place_of(team: Team, pool: str = "") -> int:
    """Where the rotation of the team, or of one of its pools, stands: a turn's start."""
    return _PLACE.first(team.pk, pool) or 0


def _place(team: int, pool: str) -> "QuerySet[Turn, int]":
    latest = Turn.objects.filter(team=team, pool=pool, owed=False).order_by("-pk")
    return latest.values_list("start", flat=True)[:1]


_PLACE = Prepared(_place, int, str)


def make_good(team: Team, member_id: int, at: datetime, pool: str = "") -> None:
    """Note that the oldest turn owed to the member in the pool is made good: an inner step."""
    mine = Turn.objects.filter(team=team, pool=pool, member_id=member_id)
    owed = mine.filter(given_back_at__isnull=False, made_good_at=None)
    oldest = owed.order_by("given_back_at", "pk").first()
    if oldest is not None:
        oldest.made_good_at = at
        oldest.save(update_fields=["made_good_at"])


def candidates(
    team: Team,
    lead: Lead | None,
    at: datetime,
    calendar: WorkingCalendar | None = None,
    rule: PoolRule | None = None,
) -> list[Candidate]:
    """The active members of the team, or of the pool that `rule` is, as of `at`; `calendar`
    holds for who has no own hours."""
    key = rule.key if rule is not None else ""
    members = _MEMBERS(team.pk, key)
    if rule is not None and rule.members:
        members = [member for member in members if member.pk in rule.members]
    away = _away(members, team, at)
    load = open_handoffs(team)
    owner_id = lead.company.owner_id if lead is not None and lead.company else None
    return [
        Candidate(
            member_id=member.pk,
            name=str(member),
            weight=member.weight,
            open=load.get(member.pk, 0),
            capacity=member.capacity,
            away_until=away.get(member.pk),
            in_hours=_in_hours(member, calendar, at),
            owns_company=member.pk == owner_id,
            finish=getattr(member, "finish", None) or 0,
            last_turn=getattr(member, "last_turn", None) or 0,
            owed=getattr(member, "owed", 0),
        )
        for member in members
    ]


def open_handoffs(team: Team) -> dict[int, int]:
    """How many open handoffs each of the team must act on: offered to or accepted by them,
    or returned to them."""
    counted: dict[int, int] = {}
    for member_id, n in (*_RECEIVED(team.pk), *_RETURNED(team.pk)):
        counted[member_id] = counted.get(member_id, 0) + n
    return counted


def _counted(who: str, **which: Any) -> "QuerySet[Handoff, tuple[int, int]]":
    rows = Handoff.objects.open().filter(**which).order_by()
    return rows.values_list(who).annotate(n=Count("pk"))


_RECEIVED = Prepared(
    lambda team: _counted("receiver", receiver__team=team, state__in=("offered", "accepted")),
    int,
)
_RETURNED = Prepared(lambda team: _counted("giver", giver__team=team, state="returned"), int)


def _members(team: int, pool: str) -> "QuerySet[User, User]":
    mine = Turn.objects.filter(team=team, pool=pool, member=OuterRef("pk"), owed=False)
    mine = mine.order_by("-pk")
    owed = Turn.objects.filter(team=team, pool=pool, member=OuterRef("pk"))
    owed = owed.filter(given_back_at__isnull=False, made_good_at=None).order_by()
    counted = owed.values("member").annotate(n=Count("pk")).values("n")
    return (
        User.objects.active()
        .filter(team=team)
        .annotate(
            finish=Subquery(mine.values("finish")[:1]),
            last_turn=Subquery(mine.values("pk")[:1]),
            owed=Coalesce(Subquery(counted), 0),
        )
        .order_by("pk")
    )


_MEMBERS = Prepared(_members, int, str)


def _away(members: list[User], team: Team, at: datetime) -> dict[int, datetime]:
    """Until when each absent member is away, in their own zone."""
    zones = {member.pk: ZoneInfo(member.zone) for member in members}
    return {
        member_id: ends_at.astimezone(zones[member_id])
        for member_id, ends_at in _ABSENCES(team.pk, at)
        if member_id in zones
    }


def _absences(team: int, at: datetime) -> "QuerySet[Absence, tuple[int, datetime]]":
    rows = Absence.objects.covering(at).filter(user__team=team).order_by("ends_at")
    return rows.values_list("user", "ends_at")


_ABSENCES = Prepared(_absences, int, datetime)


def _in_hours(member: User, calendar: WorkingCalendar | None, at: datetime) -> bool:
    own = own_hours(member.name, member.zone, member.hours) if member.hours else calendar
    return own is None or is_open(own, at)


def own_hours(name: str, zone: str, hours: dict[str, Any]) -> WorkingCalendar | None:
    """A member's hours as a calendar; None if they never open, which hinders nobody."""
    if not any(hours.values()):
        return None
    return WorkingCalendar.from_json(
        {"name": name, "zone": zone, "weekly": hours, "day": "PT8H"}
    )
