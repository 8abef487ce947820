"""Commitments in volume: who counts, once per agreed window, day by day against the pace."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Count, Q, QuerySet
from numpy.typing import NDArray

from leads.core import statistics
from leads.core.watching import pace
from leads.core.watching.pace import Standing
from leads.core.words.renamed import keys_of
from leads.models import Clock, Content, StageEntry
from leads.models.clock import ClockQuerySet
from leads.models.company import was_owned
from leads.reports.counting import counted
from leads.reports.period import Filters, Period
from sla.core import durations
from sla.core.terms.parts import Commitment
from sla.core.workingtime import microseconds
from sla.models import Version


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
    total: int

    @property
    def projected(self) -> int | None:
        """What the period would end with at this pace; None before its first day."""
        return statistics.pace(self.total, len(self.done), self.days)


class Counts(Protocol):
    """Sums that say when the entries of a period were made that count."""

    def counted(
        self, commitment: Commitment, period: Period, version: Version | None
    ) -> NDArray[np.int64]: ...


def volume(
    commitment: Commitment,
    filters: Filters,
    at: datetime,
    *,
    version: Version | None = None,
    sums: Counts | None = None,
) -> Volume:
    """Entries of the commitment's stage in its own period around the filters' one; only of
    leads that the agreement of `version` governs, if one is given. From `sums` if there are
    any, which say their instants in microseconds."""
    period = filters.period.of(commitment.period)
    if sums is None:
        rows = entries(commitment, filters, version)
        moments = np.array([microseconds(one.entered_at) for one in rows], np.int64)
    else:
        moments = sums.counted(commitment, period, version)
    return Volume(commitment, _by_day(moments, period, at), period.days, len(moments))


def entries(
    commitment: Commitment, filters: Filters, version: Version | None = None
) -> tuple[Counted, ...]:
    """The entries that `volume` counts."""
    period = filters.period.of(commitment.period)
    return _counted(commitment, period.start, period.end, version)


def standing(
    version: Version, commitment: Commitment, start: datetime, end: datetime, look: datetime
) -> Standing:
    """How a commitment of [start, end) stood at `look`, as far as it had happened by then."""
    if commitment.measure == "stage_entries":
        counts: Mapping[str, int] = {"done": len(_counted(commitment, start, look, version))}
    else:
        counts = _counts(version, commitment, start, look)
    return stood(commitment, counts, start, end, look)


def _counts(
    version: Version, commitment: Commitment, start: datetime, look: datetime
) -> Mapping[str, int]:
    """How many rows each of `figures_of` has; the kept ones are some of those due, and so
    they are counted in one reading."""
    figures = figures_of(version, commitment, start, look)
    if "due" not in figures:
        return counted(figures)
    kept = Count("pk", filter=Q(outcome=Clock.Outcome.MET))
    return figures["due"].aggregate(due=Count("pk"), done=kept)


def figures_of(
    version: Version, commitment: Commitment, start: datetime, look: datetime
) -> dict[str, QuerySet[Any]]:
    """The rows that a commitment without a curve counts: what is `done`, and of a share what
    was `due`."""
    if commitment.measure == "obligation_kept":
        due = due_clocks(version, commitment, start, look)
        return {"due": due, "done": due.filter(outcome=Clock.Outcome.MET)}
    return {"done": published(version, commitment, start, look)}


def stood(
    commitment: Commitment,
    counts: Mapping[str, int],
    start: datetime,
    end: datetime,
    look: datetime,
) -> Standing:
    """How a commitment stands with these counts at `look`."""
    if commitment.percent is not None:
        return pace.of_share(
            kept=counts["done"], due=counts["due"], percent=commitment.percent,
            below=_below(commitment),
        )  # fmt: skip
    return pace.of_count(
        done=counts["done"],
        agreed=commitment.count or 0,
        passed=_days(start, look),
        whole=_days(start, end),
        below=_below(commitment),
    )


def published(
    version: Version, commitment: Commitment, start: datetime, look: datetime
) -> QuerySet[Content]:
    """Pieces of the library that were published for the stage on the days before `look`."""
    zone = ZoneInfo(version.parsed.governance.zone)
    first, after = (at.astimezone(zone).date() for at in (start, look))
    keys = keys_of(version.parsed, commitment.stage or "")
    pieces = Content.objects.kept().filter(stage__in=keys)
    return pieces.filter(published_on__gte=first, published_on__lt=after)


def _below(commitment: Commitment) -> int:
    return commitment.behind.below if commitment.behind is not None else 0


def _days(start: datetime, end: datetime) -> int:
    """Whole days, of which one may have an hour more or less."""
    return round((end - start) / timedelta(days=1))


def due_clocks(
    version: Version, commitment: Commitment, start: datetime, look: datetime
) -> ClockQuerySet:
    """What a share that is kept is a share of: clocks due in [start, look), met or late.
    Returned, cancelled and excused ones are beside it, as in every attainment."""
    outcome = Clock.Outcome
    running = Q(outcome=outcome.RUNNING, paused_at=None)
    return Clock.objects.filter(
        Q(outcome__in=[outcome.MET, outcome.LATE]) | running,
        obligation=commitment.obligation,
        version__agreement=version.agreement_id,
        due_at__gte=start,
        due_at__lt=look,
    )


def _counted(
    commitment: Commitment, start: datetime, until: datetime, version: Version | None
) -> tuple[Counted, ...]:
    """What counts in [start, until), each person once in the agreed window."""
    window = durations.elapsed(commitment.once_per) if commitment.once_per else timedelta(0)
    found = once(_entries(commitment, start - window, until, version), window)
    return tuple(one for one in found if one.entered_at >= start)


def _entries(
    commitment: Commitment, start: datetime, until: datetime, version: Version | None
) -> Iterable[tuple[int, int, str, datetime]]:
    """Entries of [start, until), oldest first, but those taken back by then.

    Customers, open deals and imported claims never count.
    """
    governed = {} if version is None else {"lead__agreement": version.agreement_id}
    terms = version.parsed if version is not None else None
    return (
        StageEntry.objects.filter(
            Q(undone_at=None) | Q(undone_at__gte=until),
            **governed,
            stage__in=keys_of(terms, commitment.stage or ""),
            imported=False,
            lead__merged_into=None,
            entered_at__gte=start,
            entered_at__lt=until,
        )
        .exclude(was_owned("lead__company", "entered_at"))
        .order_by("entered_at", "pk")
        .values_list("pk", "lead_id", "lead__email_key", "entered_at")
    )


def once(
    entries: Iterable[tuple[int, int, str, datetime]], window: timedelta
) -> Iterator[Counted]:
    """Each person counts at an entry, and not again until the window has passed. Entries are
    (key, lead, mail, instant), oldest first."""
    last: dict[str, datetime] = {}
    for entry_id, lead_id, email, entered_at in entries:
        person = email or f"lead {lead_id}"
        if person in last and entered_at - last[person] < window:
            continue
        last[person] = entered_at
        yield Counted(entry_id, lead_id, entered_at)


def _by_day(moments: NDArray[np.int64], period: Period, at: datetime) -> tuple[int, ...]:
    """How many there are by the end of each day so far."""
    ends = [microseconds(end) for end in period.midnights[1 : period.days_until(at) + 1]]
    return tuple(np.searchsorted(np.sort(moments), ends).tolist())
