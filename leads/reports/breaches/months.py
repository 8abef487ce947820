"""What both departments agreed on, by cause and month."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from leads.core.causes.suggesting import CAUSES
from leads.models import BreachCause
from leads.reports.period import Filters, Period

MONTHS = 6


@dataclass(frozen=True)
class Caused:
    """One cause with how many clocks of each month it has; the newest month last."""

    cause: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Months:
    periods: tuple[Period, ...]
    rows: tuple[Caused, ...]


def by_month(filters: Filters) -> Months:
    """The agreed causes of clocks due in the month of `filters` and those before it."""
    periods = [filters.period]
    while len(periods) < MONTHS:
        periods.insert(0, periods[0].before)
    agreed = BreachCause.objects.filter(
        agreed_at__isnull=False, clock__due_at__gte=periods[0].start,
        clock__due_at__lt=filters.period.end,
    )  # fmt: skip
    counts: Counter[tuple[str, date]] = Counter(
        (cause, due.astimezone(filters.period.zone).date().replace(day=1))
        for cause, due in agreed.order_by().values_list("cause", "clock__due_at")
    )
    rows = [
        Caused(cause, tuple(counts[cause, period.first] for period in periods))
        for cause in CAUSES
    ]
    return Months(tuple(periods), tuple(row for row in rows if any(row.numbers)))
