"""Which cells a report asks for: of which families, on which days."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from leads.core.words.renamed import keys_of
from leads.reports.integrity.reading import days_of
from leads.reports.period import Filters, Period
from sla.core import durations
from sla.models import Version


class Span(NamedTuple):
    """Families, from the first day to the day after the last; only of some `names`, if any
    are given."""

    families: tuple[str, ...]
    first: date
    after: date
    names: tuple[str, ...] = ()


REVIEW = ("clocks", "late", "returns", "waived")
CARD = ("clocks", "returns", "waived", "speed", "entered", "passed", "asked", "after")
COHORT = ("began", "stay")
INTEGRITY = ("entered", "clocks", "returns")
VOLUMES = ("entered", "undone")


def of_card(asked: Sequence[Filters], version: Version | None) -> list[Span]:
    """What the scorecard needs, of each period, with what stands over it."""
    return [*_plain(CARD, asked), *_volumes(asked, version), *of_coverage(asked)]


def of_review(asked: Sequence[Filters], version: Version | None) -> list[Span]:
    return [*_plain(REVIEW, asked), *_volumes(asked, version), *of_coverage(asked)]


def of_cohort(asked: Sequence[Filters]) -> list[Span]:
    return _plain(COHORT, asked)


def of_integrity(period: Period) -> list[Span]:
    """What checks count that is the same each day."""
    return [Span(INTEGRITY, *days_of(period))]


def of_coverage(asked: Sequence[Filters]) -> list[Span]:
    """Of whole months."""
    found = []
    for one in asked:
        last = Period.around(one.period.last, "month", one.period.zone)
        found.append(Span(("known",), one.period.of("month").first, last.after))
    return found


def _plain(families: tuple[str, ...], asked: Sequence[Filters]) -> list[Span]:
    return [Span(families, one.period.first, one.period.after) for one in asked]


def _volumes(asked: Sequence[Filters], version: Version | None) -> Iterator[Span]:
    """Of each commitment in its own period, and of the window before it in which a person
    counts once."""
    terms = version.parsed if version else None
    for one in asked:
        for commitment in terms.commitments if terms else ():
            if commitment.measure == "stage_entries":
                period = one.period.of(commitment.period)
                window = timedelta(0)
                if commitment.once_per:
                    window = durations.elapsed(commitment.once_per)
                before = (period.start - window).astimezone(period.zone).date()
                names = tuple(keys_of(terms, commitment.stage or ""))
                yield Span(VOLUMES, before, period.after, names)
