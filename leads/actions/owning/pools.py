"""The pool of a team, read from the rows for `leads.core.routing` to choose from."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from leads.core.routing import Candidate, Choice, Method, Spent, after, choose
from leads.models import Handoff, Lead, Turn
from portal.accounts.models import Absence, Team, User
from sla.core.workingtime import WorkingCalendar, is_open

KNOWN = "pool of a team"


class Pool:
    """A team's members as they stand in an action that has locked the team's rotation.

    Read once, and kept up to date with what the action itself does.
    """

    def __init__(self, team: Team, at: datetime, calendar: WorkingCalendar | None) -> None:
        self.method, self.place = method_of(team), place_of(team)
        members = candidates(team, None, at, calendar)
        self.members = {one.member_id: one for one in members}
        self.latest = max((one.last_turn for one in members), default=0)

    def choose(self, lead: Lead) -> Choice:
        """Who gets `lead`, and why; nothing is spent."""
        owner = lead.company.owner_id if lead.company else None
        pool = list(self.members.values())
        if owner in self.members:
            pool = [replace(one, owns_company=one.member_id == owner) for one in pool]
        return choose(self.method, pool, self.place)

    def spend(self, member_id: int, spent: Spent, turn: int) -> None:
        """A turn was spent; `turn` is greater than that of each turn before."""
        self.members[member_id] = after(self.members[member_id], spent, turn)
        self.place = self.place if spent.owed else spent.start

    def offered(self, member_id: int | None) -> None:
        """One more handoff waits for a member, who may be of another team."""
        if member_id is not None and member_id in self.members:
            one = self.members[member_id]
            self.members[member_id] = replace(one, open=one.open + 1)


def method_of(team: Team) -> Method:
    """How the team shares out its leads; by turns unless its routing says otherwise."""
    named = team.routing.get("method")
    return next((method for method in get_args(Method) if method == named), "round_robin")


def place_of(team: Team) -> int:
    """Where the team's rotation stands: the start of its latest turn."""
    latest = Turn.objects.filter(team=team, owed=False).order_by("-pk")
    return latest.values_list("start", flat=True).first() or 0


def candidates(
    team: Team, lead: Lead | None, at: datetime, calendar: WorkingCalendar | None = None
) -> list[Candidate]:
    """The team's active members as of `at`; `calendar` holds for who has no own hours."""
    members = list(_members(team))
    away = _away(members, at)
    load = open_handoffs(member.pk for member in members)
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


def open_handoffs(member_ids: Iterable[int]) -> dict[int, int]:
    """How many open handoffs each must act on: offered to or accepted by them, or returned
    to them."""
    ids = list(member_ids)
    mine = Q(receiver__in=ids, state__in=("offered", "accepted"))
    back = Q(giver__in=ids, state="returned")
    counted: dict[int, int] = {}
    for who, which in (("receiver", mine), ("giver", back)):
        rows = Handoff.objects.filter(which).values_list(who).annotate(n=Count("pk"))
        for member_id, n in rows.order_by():
            counted[member_id] = counted.get(member_id, 0) + n
    return counted


def _members(team: Team) -> "QuerySet[User, User]":
    mine = Turn.objects.filter(team=team, member=OuterRef("pk"), owed=False).order_by("-pk")
    owed = Q(turns__team=team, turns__made_good_at=None) & ~Q(turns__given_back_at=None)
    return (
        User.objects.active()
        .filter(team=team)
        .annotate(
            finish=Subquery(mine.values("finish")[:1]),
            last_turn=Subquery(mine.values("pk")[:1]),
            owed=Count("turns", filter=owed),
        )
        .order_by("pk")
    )


def _away(members: list[User], at: datetime) -> dict[int, datetime]:
    """Until when each absent member is away, in their own zone."""
    absences = Absence.objects.covering(at).filter(user__in=members).order_by("ends_at")
    zones = {member.pk: ZoneInfo(member.zone) for member in members}
    return {
        absence.user_id: absence.ends_at.astimezone(zones[absence.user_id])
        for absence in absences
    }


def _in_hours(member: User, calendar: WorkingCalendar | None, at: datetime) -> bool:
    own = _own_hours(member.name, member.zone, member.hours) if member.hours else calendar
    return own is None or is_open(own, at)


def _own_hours(name: str, zone: str, hours: dict[str, Any]) -> WorkingCalendar | None:
    """A member's hours as a calendar; None if they never open, which hinders nobody."""
    if not any(hours.values()):
        return None
    return WorkingCalendar.from_json(
        {"name": name, "zone": zone, "weekly": hours, "day": "PT8H"}
    )
