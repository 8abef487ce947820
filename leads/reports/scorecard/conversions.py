"""From stage to stage: cohorts of entry, followed for the window of their benchmark."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from leads.core.statistics import Rate
from leads.core.words.renamed import keys_of
from leads.models import StageEntry
from leads.reports.counting import counted
from leads.reports.period import Filters
from sla.core import durations
from sla.core.terms import Terms
from sla.core.terms.parts import Benchmark


@dataclass(frozen=True)
class Conversion:
    """One benchmark with what happened. `mature` once the last of the cohort had its window.

    `waived` entries are in the rate and shown apart, because somebody let them pass; so are
    `imported` ones, because a file said so.
    """

    benchmark: Benchmark
    rate: Rate
    waived: int
    imported: int
    mature: bool

    @property
    def verdict(self) -> str:
        """`yes`, `no`, `few`, or `none` while the benchmark is unconfirmed."""
        agreed = self.benchmark.percent / 100 if self.benchmark.confirmed else None
        if agreed is not None and not self.mature:
            return "few"
        return self.rate.against(agreed)


def cohort(
    benchmark: Benchmark, filters: Filters, terms: Terms | None = None
) -> QuerySet[StageEntry]:
    """First entries of leads into the stage within the period, merged leads left out.

    `terms` say how the stage was called before.
    """
    period, begins = filters.period, keys_of(terms, benchmark.from_stage)
    earlier = StageEntry.objects.filter(
        lead=OuterRef("lead"),
        stage__in=begins,
        undone_at=None,
        entered_at__gte=period.start,
        entered_at__lt=OuterRef("entered_at"),
    )
    found = StageEntry.objects.filter(
        ~Exists(earlier),
        stage__in=begins,
        undone_at=None,
        lead__merged_into=None,
        entered_at__gte=period.start,
        entered_at__lt=period.end,
    )
    segment = benchmark.segment or filters.segment
    source = benchmark.source or filters.source
    if segment:
        found = found.filter(lead__segment=segment)
    if source:
        found = found.filter(lead__source=source)
    return found.filter(version__number=filters.version) if filters.version else found


def reached(
    benchmark: Benchmark, filters: Filters, terms: Terms | None = None
) -> QuerySet[StageEntry]:
    """The entries of the cohort whose lead came to the next stage within the window."""
    within = durations.elapsed(benchmark.within)
    later = StageEntry.objects.filter(
        lead=OuterRef("lead"),
        stage__in=keys_of(terms, benchmark.to_stage),
        undone_at=None,
        entered_at__gte=OuterRef("entered_at"),
        entered_at__lte=OuterRef("entered_at") + within,
    )
    return cohort(benchmark, filters, terms).filter(Exists(later))


def figures(
    benchmark: Benchmark, filters: Filters, terms: Terms | None = None
) -> dict[str, QuerySet[StageEntry]]:
    """The rows that each number of one step counts, by the name of the number."""
    entered = cohort(benchmark, filters, terms)
    return {
        "n": entered,
        "reached": reached(benchmark, filters, terms),
        "waived": entered.filter(waived_by__isnull=False),
        "imported": entered.filter(imported=True),
    }


def conversion(benchmark: Benchmark, filters: Filters, at: datetime) -> Conversion:
    return of_counts(benchmark, counted(figures(benchmark, filters)), filters, at)


def of_counts(
    benchmark: Benchmark, counts: Mapping[str, int], filters: Filters, at: datetime
) -> Conversion:
    """The step as its counts say, which were asked for together with others."""
    return Conversion(
        benchmark=benchmark,
        rate=Rate(counts["reached"], counts["n"]),
        waived=counts["waived"],
        imported=counts["imported"],
        mature=filters.period.end + durations.elapsed(benchmark.within) <= at,
    )
