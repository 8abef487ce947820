"""The clocks that run towards the weekend, each with what is foreseen of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from leads.core.foreseen.chance import Chance, chance
from leads.core.foreseen.closing import closing, week_end
from leads.desk.day import team_calendar
from leads.models import Clock, Handoff
from leads.models.clock import ClockQuerySet
from leads.reports.forecast.past import known, like, time_left
from leads.reports.people.smallest import counted, hides, is_small
from portal.accounts.models import Absence, Team, User
from sla.core.terms import Terms

FIGURES = ("today", "weekend", "away", "full", "likely")
LIKELY = 0.5
OPEN = ("offered", "accepted")
FURTHEST = timedelta(days=16)
"""No week of work ends later than this, whatever holidays lie before it."""
_COLUMNS = (
    "pk", "team", "owner", "obligation", "target", "version", "calendar", "due_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ends:
    """When a team stops working today (or on its next day), and before the weekend."""

    today: datetime
    weekend: datetime


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A running clock that is due before the weekend.

    `today`: before closing time. `away`: its owner is away when it is due. `full`: its owner
    has as many open handoffs as they can take, or more. `chance` that it will be late.
    """

    clock: int
    team: int
    owner: int | None
    due: datetime
    today: bool
    away: bool
    full: bool
    chance: Chance

    def counts(self, figure: str) -> bool:
        """Whether a figure, one of FIGURES, counts it; `judged`: enough is known."""
        match figure:
            case "weekend":
                return True
            case "judged":
                return not self.chance.few
            case "likely":
                return (self.chance.share or 0) >= LIKELY
        return bool(getattr(self, figure))


@dataclass(frozen=True)
class Forecast:
    """Soonest due first; `ends` by the key of the team, of those with working time; `small`
    are teams of which no figures are shown apart."""

    rows: Sequence[Foreseen]
    teams: Mapping[int, Team]
    ends: Mapping[int, Ends]
    small: frozenset[int] = frozenset()

    def of(self, figure: str, team: int | None = None) -> list[Foreseen]:
        """Exactly the clocks that a figure counts."""
        return [
            row
            for row in self.rows
            if row.counts(figure) and (team is None or row.team == team)
        ]

    def expected(self, figure: str = "weekend", team: int | None = None) -> float:
        """How many of those to expect late: the sum of the chances that can be named."""
        return sum(row.chance.share or 0.0 for row in self.of(figure, team))


def forecast(clocks: ClockQuerySet, terms: Terms | None, at: datetime) -> Forecast:
    """Of `clocks` those that run and are due before their team's weekend, as of `at`.

    What is late already, or paused, is not foreseen. Seven questions, whatever the number.
    """
    soon = clocks.running().filter(due_at__gte=at, due_at__lte=at + FURTHEST)
    found = list(soon.order_by("due_at", "pk").values_list(*_COLUMNS))
    teams = counted({row[1] for row in found}).in_bulk()
    ends = ends_of(teams.values(), terms, at)
    rows = [row for row in found if row[1] in ends and row[7] <= ends[row[1]].weekend]
    small = frozenset(pk for pk, team in teams.items() if is_small(team))
    hidden = {pk for pk, team in teams.items() if hides(team)}
    return Forecast(_foreseen(rows, ends, at, small, hidden), teams, ends, small)


def ends_of(teams: Iterable[Team], terms: Terms | None, at: datetime) -> dict[int, Ends]:
    """Of the teams that have working time under `terms`."""
    if terms is None:
        return {}
    found = {team.pk: team_calendar(team.calendar, terms) for team in teams}
    return {
        pk: Ends(closing(calendar, at), week_end(calendar, at))
        for pk, calendar in found.items()
        if calendar is not None
    }


def _foreseen(
    rows: Sequence[Any],
    ends: Mapping[int, Ends],
    at: datetime,
    small: Collection[int],
    hidden: Collection[int],
) -> list[Foreseen]:
    """Of a small team the past tells of single people, so no chance is said; of one that hides
    them not who is full, either."""
    owners = {row[2] for row in rows if row[2] is not None}
    away, full = _away(owners, at), _full(owners)
    past = known({row[1] for row in rows} - set(small), at) if rows else {}
    left = time_left([(row[5], row[6], at, row[7]) for row in rows])
    return [
        Foreseen(
            clock=pk,
            team=team,
            owner=owner,
            due=due,
            today=due <= ends[team].today,
            away=any(begins <= due < over for begins, over in away.get(owner or 0, ())),
            full=owner in full and team not in hidden,
            chance=chance(past, like(team, obligation, target), target - spare),
        )
        for (pk, team, owner, obligation, target, _v, _c, due), spare in zip(
            rows, left, strict=True
        )
    ]


def _away(owners: set[int], at: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    absences = Absence.objects.filter(user__in=owners, ends_at__gt=at)
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    for user, begins, over in absences.values_list("user", "starts_at", "ends_at"):
        found.setdefault(user, []).append((begins, over))
    return found


def _full(owners: set[int]) -> set[int]:
    """Who has no room left, counted as routing counts it."""
    received = Handoff.objects.filter(receiver=OuterRef("pk"), state__in=OPEN)
    returned = Handoff.objects.filter(giver=OuterRef("pk"), state="returned")
    limited = User.objects.filter(pk__in=owners).exclude(capacity=None)
    has = Coalesce(_counted(received), 0) + Coalesce(_counted(returned), 0)
    return set(
        limited.annotate(has=has).filter(has__gte=F("capacity")).values_list("pk", flat=True)
    )


def _counted(rows: "QuerySet[Handoff]") -> Subquery:
    """How many there are of each person; NULL if there are none."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk"))
    return Subquery(counted.values("n"), output_field=IntegerField())


def shown(rows: Sequence[Foreseen]) -> list[tuple[Foreseen, Clock]]:
    """The same with their clocks, in one question."""
    clocks = Clock.objects.select_related("lead", "owner", "team").in_bulk(
        [row.clock for row in rows]
    )
    return [(row, clocks[row.clock]) for row in rows if row.clock in clocks]
