"""All checks of a period and of the thirteen weeks up to its end, in one statement."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, Count, IntegerField, QuerySet, Value, When

from leads.reports.integrity.checks import CHECKS
from leads.reports.integrity.scope import Check, Scope
from leads.reports.integrity.summed import Sums, summed
from leads.reports.period import Period
from sla.models import Version

WEEKS = 13
NONE = -1


@dataclass(frozen=True)
class Asked:
    """What a check found: in the period, and in each of the weeks [(number, of)], oldest
    first. `weeks_from` is the Monday of the first one."""

    check: Check
    number: int
    of: int
    weeks: Sequence[tuple[int, int]]

    @property
    def asks(self) -> bool:
        return self.check.asks(self.number, self.of)


@dataclass(frozen=True)
class Looked:
    asked: Sequence[Asked]
    weeks: Sequence[Period]


def look(
    period: Period, at: datetime, version: Version | None, sums: Sums | None = None
) -> Looked:
    """Every check, those that ask first; one query, and a few for what SQL cannot say. What
    is in the `sums`, if any hold, is not counted."""
    weeks = weeks_to(period)
    first, last = min(weeks[0].start, period.start), max(weeks[-1].end, period.end)
    wide = Scope(first, last, at, version)
    counts: dict[tuple[str, int, int], int] = defaultdict(int)
    known = summed(sums, wide) if sums else {}
    for name, days in known.items():
        for day, number in days.items():
            counts[name, _week_of(day, weeks), int(_in(day, period))] += number
    parts = [
        _grouped(check, wide, period, weeks, whole)
        for check in CHECKS
        for whole in (0, 1)
        if f"{check.key}/{whole}" not in known
    ]
    for name, week, inside, number in parts[0].union(*parts[1:], all=True):
        counts[name, week, inside] += number
    found = [_asked(check, counts, len(weeks)) for check in CHECKS]
    return Looked(sorted(found, key=lambda one: not one.asks), weeks)


def days_of(period: Period) -> tuple[date, date]:
    """The first of all days that are looked at, and the day after the last."""
    weeks = weeks_to(period)
    return min(weeks[0].first, period.first), max(weeks[-1].after, period.after)


def _in(day: date, period: Period) -> bool:
    return period.first <= day < period.after


def _week_of(day: date, weeks: Sequence[Period]) -> int:
    return next((place for place, week in enumerate(weeks) if _in(day, week)), NONE)


def weeks_to(period: Period) -> list[Period]:
    """Thirteen weeks, the last one that in which the period ends."""
    weeks = [Period.around(period.last, "week", period.zone)]
    while len(weeks) < WEEKS:
        weeks.append(weeks[-1].before)
    return weeks[::-1]


def _grouped(
    check: Check, scope: Scope, period: Period, weeks: Sequence[Period], whole: int
) -> QuerySet[Any, Any]:
    """How many rows of each week lie in the period, and how many beside it."""
    rows = check.whole(scope) if whole else check.rows(scope)
    by_week = [
        When(**_within(check.field, week), then=Value(place))
        for place, week in enumerate(weeks)
    ]
    inside = When(**_within(check.field, period), then=Value(1))
    name = Value(f"{check.key}/{whole}", output_field=CharField())
    grouped: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(
            in_week=Case(*by_week, default=Value(NONE), output_field=IntegerField()),
            inside=Case(inside, default=Value(0), output_field=IntegerField()),
            of_check=name,
        )
        .values("in_week", "inside", "of_check")
        .annotate(number=Count("pk"))
        .values_list("of_check", "in_week", "inside", "number")
    )
    return grouped


def _within(field: str, period: Period) -> dict[str, datetime]:
    return {f"{field}__gte": period.start, f"{field}__lt": period.end}


def _asked(check: Check, counts: dict[tuple[str, int, int], int], weeks: int) -> Asked:
    def of_week(whole: int, week: int) -> int:
        return counts[f"{check.key}/{whole}", week, 0] + counts[f"{check.key}/{whole}", week, 1]

    def of_period(whole: int) -> int:
        return sum(counts[f"{check.key}/{whole}", week, 1] for week in range(NONE, weeks))

    return Asked(
        check=check,
        number=of_period(0),
        of=of_period(1),
        weeks=[(of_week(0, week), of_week(1, week)) for week in range(weeks)],
    )
