"""The figures of the scorecard as querysets: what is counted is what the rows show.

A figure has a key, such as `first_attempt.late`: an obligation of the terms and an outcome.
`rows` is the only place that says which clocks belong to it; counts come from the same
conditions, so a number and its rows cannot disagree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, Value, When

from leads.models import Clock
from leads.models.clock import ClockQuerySet
from leads.reports.period import Filters

OUTCOMES = ("met", "late", "open", "returned", "cancelled", "excused")


def conditions(at: datetime) -> dict[str, Q]:
    """Each outcome as a condition on clocks, as the facts stand at `at`.

    `late` is stopped late, or running past its due instant; `open` has time left or is
    paused. Together they are all clocks, and no clock is in two.
    """
    running_late = Q(stopped_at=None, paused_at=None, due_at__lt=at)
    return {
        "met": Q(outcome=Clock.Outcome.MET),
        "late": Q(outcome=Clock.Outcome.LATE) | running_late,
        "open": Q(stopped_at=None) & (Q(paused_at__isnull=False) | Q(due_at__gte=at)),
        "returned": Q(outcome=Clock.Outcome.RETURNED),
        "cancelled": Q(outcome=Clock.Outcome.CANCELLED),
        "excused": Q(outcome=Clock.Outcome.EXCUSED),
    }


def clocks(filters: Filters) -> ClockQuerySet:
    """Clocks due in the period, of the team, source and segment that were chosen."""
    period = filters.period
    found = Clock.objects.filter(due_at__gte=period.start, due_at__lt=period.end)
    if filters.team:
        found = found.filter(team__key=filters.team)
    if filters.source:
        found = found.filter(lead__source=filters.source)
    if filters.segment:
        found = found.filter(segment=filters.segment)
    return found.filter(version__number=filters.version) if filters.version else found


def ended(filters: Filters, at: datetime, *columns: str) -> Iterable[tuple[Any, ...]]:
    """Of each of these clocks its obligation, kind and department, the outcome whose condition
    it meets, and `columns`; in the order of obligations and departments, in one query."""
    named = [When(q, then=Value(name)) for name, q in conditions(at).items()]
    state = Case(*named, default=Value(""), output_field=CharField())
    found = clocks(filters).annotate(state=state).order_by("obligation", "department_id")
    return found.values_list("obligation", "kind", "department_id", "state", *columns)


def rows(figure: str, filters: Filters, at: datetime) -> ClockQuerySet:
    """The clocks that a figure counts; a figure that does not exist counts none.

    `first_attempt.all` is every clock of the obligation, `first_attempt.due` the
    denominator of its attainment.
    """
    obligation, _, outcome = figure.partition(".")
    wanted = conditions(at)
    wanted["all"] = Q()
    wanted["due"] = wanted["met"] | wanted["late"]
    wanted["never"] = wanted["late"] & Q(stopped_at=None)
    if outcome not in wanted:
        return Clock.objects.none()
    return clocks(filters).filter(wanted[outcome], obligation=obligation)


@dataclass(frozen=True)
class Tally:
    """How the clocks of one obligation due in a period ended, as seen at one instant."""

    obligation: str
    kind: str
    party: str
    met: int
    late: int
    open: int
    returned: int
    cancelled: int
    excused: int
    never: int

    @property
    def due(self) -> int:
        """What attainment is a share of: met and breached, nothing else."""
        return self.met + self.late

    @property
    def share(self) -> float | None:
        """Attainment: met of met and late; None while nothing was due."""
        return self.met / self.due if self.due else None


def tallies(filters: Filters, at: datetime) -> list[Tally]:
    """One row for each obligation and accountable department, in one query."""
    wanted = conditions(at)
    counts = {name: Count("pk", filter=wanted[name]) for name in OUTCOMES}
    counts["never"] = Count("pk", filter=wanted["late"] & Q(stopped_at=None))
    grouped = (
        clocks(filters)
        .values("obligation", "kind", party=F("department_id"))
        .annotate(**counts)
        .order_by("obligation", "party")
    )
    return [_tally(row) for row in grouped]


def _tally(row: Mapping[str, Any]) -> Tally:
    return Tally(**row)
