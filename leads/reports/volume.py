"""Commitments in volume: who counts, once per agreed window, day by day against the pace."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from leads.core import statistics
from leads.models import Company, StageEntry
from leads.reports.period import Filters, Period
from sla.core import durations
from sla.core.terms.parts import Commitment


@dataclass(frozen=True)
class Counted:
    """One entry that counts toward a volume."""

    entry_id: int
    lead_id: int
    entered_at: datetime


@dataclass(frozen=True)
class Volume:
    """A commitment with its running total at the end of each day so far."""

    commitment: Commitment
    done: tuple[int, ...]
    days: int
    counted: tuple[Counted, ...]

    @property
    def total(self) -> int:
        return len(self.counted)

    @property
    def projected(self) -> int | None:
        """What the period would end with at this pace; None before its first day."""
        return statistics.pace(self.total, len(self.done), self.days)


def volume(commitment: Commitment, filters: Filters, at: datetime) -> Volume:
    """Entries of the commitment's stage in its own period around the filters' one."""
    period = Period.around(filters.period.first, commitment.period, filters.period.zone)
    window = durations.elapsed(commitment.once_per) if commitment.once_per else timedelta(0)
    counted = tuple(
        one
        for one in _once(_entries(commitment, period, window), window)
        if one.entered_at >= period.start
    )
    return Volume(commitment, _by_day(counted, period, at), period.days, counted)


def _entries(
    commitment: Commitment, period: Period, window: timedelta
) -> Iterable[tuple[int, int, str, datetime]]:
    """Entries of the period and of the window before it, oldest first.

    Customers, open deals and imported claims never count.
    """
    return (
        StageEntry.objects.filter(
            stage=commitment.stage,
            undone_at=None,
            imported=False,
            lead__merged_into=None,
            entered_at__gte=period.start - window,
            entered_at__lt=period.end,
        )
        .exclude(lead__company__status__in=[Company.Status.CUSTOMER, Company.Status.OPEN_DEAL])
        .order_by("entered_at", "pk")
        .values_list("pk", "lead_id", "lead__email_key", "entered_at")
    )


def _once(
    entries: Iterable[tuple[int, int, str, datetime]], window: timedelta
) -> Iterator[Counted]:
    """Each person counts at an entry, and not again until the window has passed."""
    last: dict[str, datetime] = {}
    for entry_id, lead_id, email, entered_at in entries:
        person = email or f"lead {lead_id}"
        if person in last and entered_at - last[person] < window:
            continue
        last[person] = entered_at
        yield Counted(entry_id, lead_id, entered_at)


def _by_day(counted: Iterable[Counted], period: Period, at: datetime) -> tuple[int, ...]:
    days = [0] * period.days
    for one in counted:
        days[(one.entered_at.astimezone(period.zone).date() - period.first).days] += 1
    running, total = [], 0
    for number in days[: period.days_until(at)]:
        total += number
        running.append(total)
    return tuple(running)
