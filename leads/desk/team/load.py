"""Who of a team is here, and how much each has: counted, and never ranked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from leads.desk.day import team_calendar
from leads.desk.mine.filters import state_of
from leads.desk.owed import soonest
from leads.models import Assignment, Clock, Handoff
from portal.accounts.models import Absence, Team, User
from sla.core.terms import Terms
from sla.core.workingtime import WorkingCalendar, is_open

AHEAD = 14  # days of absences that are looked at


@dataclass(frozen=True)
class Person:
    """One member as of now. `open` are handoffs they must act on, as routing counts them;
    `late` and `risk` what of all they owe is; `away` the absences of the next two weeks."""

    user: User
    open: int
    late: int
    risk: int
    away: Sequence[Absence]
    in_hours: bool
    at: datetime

    @property
    def absence(self) -> Absence | None:
        """The one under way."""
        return next((one for one in self.away if one.starts_at <= self.at), None)

    @property
    def over(self) -> int:
        """How many more than they can take."""
        capacity = self.user.capacity
        return max(self.open - capacity, 0) if capacity is not None else 0

    @property
    def full(self) -> bool:
        return self.user.capacity is not None and self.open >= self.user.capacity

    def days(self, first: date, number: int) -> list[bool]:
        """Of each day from `first` on, whether they are away at its noon."""
        zone = ZoneInfo(self.user.zone)
        noons = [
            datetime(one.year, one.month, one.day, 12, tzinfo=zone)
            for one in (first + timedelta(days=n) for n in range(number))
        ]
        return [any(a.starts_at <= noon < a.ends_at for a in self.away) for noon in noons]


def managed_by(user: User) -> QuerySet[Team]:
    """The teams at work whose manager `user` is, or the head of their department, with how
    many leads wait in their pool: `pooled`."""
    seats = Assignment.objects.filter(
        team=OuterRef("pk"), member=None, until=None, lead__closed_at=None
    )
    counted = seats.order_by().values("team").annotate(n=Count("pk")).values("n")
    teams = Team.objects.filter(archived_at=None).select_related("department", "steward")
    mine = teams.filter(manager=user) | teams.filter(department__head=user)
    return mine.annotate(
        pooled=Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    ).order_by("department", "name")


def people(team: Team, terms: Terms | None, at: datetime) -> list[Person]:
    """The members by name; three questions for a team of any size."""
    calendar = team_calendar(team.calendar, terms) if terms else None
    states = _states(team, at)
    return [
        Person(
            user=one,
            open=one.to_do + one.to_answer,
            late=states[one.pk, "late"],
            risk=states[one.pk, "risk"],
            away=list(one.ahead),
            in_hours=_in_hours(one, calendar, at),
            at=at,
        )
        for one in _members(team, at)
    ]


def _members(team: Team, at: datetime) -> Sequence[Any]:
    ahead = Absence.objects.filter(ends_at__gt=at, starts_at__lt=at + timedelta(days=AHEAD))
    received = Handoff.objects.filter(
        receiver=OuterRef("pk"), state__in=("offered", "accepted")
    )
    returned = Handoff.objects.filter(giver=OuterRef("pk"), state="returned")
    return list(
        User.objects.active()
        .filter(team=team)
        .annotate(to_do=_count(received, "receiver"), to_answer=_count(returned, "giver"))
        .prefetch_related(
            Prefetch(
                "absences",
                ahead.select_related("deputy").order_by("starts_at"),
                to_attr="ahead",
            )
        )
        .order_by("name", "pk")
    )


def _count(rows: Any, by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _states(team: Team, at: datetime) -> Counter[tuple[int, str]]:
    """How many subjects each member owes something on, by state."""
    owned = Clock.objects.unstopped().filter(owner__team=team)
    rows = (
        soonest(owned)
        .annotate(how=state_of(at), whose=F("owner"))
        .order_by()
        .values_list("whose", "how")
        .annotate(n=Count("pk"))
    )
    return Counter({(owner, how): n for owner, how, n in rows})


def _in_hours(user: User, calendar: WorkingCalendar | None, at: datetime) -> bool:
    own = calendar
    if user.hours and any(user.hours.values()):
        own = WorkingCalendar.from_json(
            {"name": user.name, "zone": user.zone, "weekly": user.hours, "day": "PT8H"}
        )
    return own is None or is_open(own, at)
