"""Where the scorecard's numbers come from: its rows, or what was summed up of them before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from leads.core.words.renamed import keys_of
from leads.reports import volume
from leads.reports.period import Filters
from leads.reports.scorecard import beside, conversions
from leads.reports.scorecard.promises import Ended
from leads.reports.scorecard.response import Responses
from leads.reports.scorecard.returns import Came
from sla.core.terms import Terms
from sla.core.terms.parts import Benchmark
from sla.models import Version

T_co = TypeVar("T_co", covariant=True)


class Counts(Protocol[T_co]):
    """Whatever is a plain count: as its rows, or as their number."""

    def steps(
        self, mark: Benchmark, filters: Filters, terms: Terms | None
    ) -> Mapping[str, T_co]: ...

    def waived(self, filters: Filters, stages: Sequence[str] = ()) -> T_co: ...

    def contributions(self, which: str, filters: Filters) -> T_co: ...

    def after_sale(self, department: str, filters: Filters) -> T_co: ...


class FromRows:
    """The rows that are counted where nothing was summed up."""

    steps = staticmethod(conversions.figures)
    waived = staticmethod(beside.waived)
    contributions = staticmethod(beside.contributions)
    after_sale = staticmethod(beside.after_sale)


class Sums(Counts[int], volume.Counts, Protocol):
    """What was summed up before, of the periods that filters name; as the rows would say."""

    def clocks(self, filters: Filters, at: datetime) -> Ended: ...

    def responses(self, filters: Filters) -> Responses: ...

    def returns(self, filters: Filters) -> Counter[Came]: ...


def others(version: Version | None, filters: Filters, counts: Counts[T_co]) -> dict[str, T_co]:
    """What the scorecard counts besides what was agreed, by the figure's name."""
    found = steps_of(version, filters, counts) if version else {}
    terms = version.parsed if version else None
    for one in terms.journey if terms else ():
        found[f"waived:{one.key}"] = counts.waived(filters, keys_of(terms, one.key))
    found["waived:"] = counts.waived(filters)
    for which in beside.CONTRIBUTIONS:
        found[f"contributions:{which}"] = counts.contributions(which, filters)
    for side in ("marketing", "sales"):
        found[f"after:{side}"] = counts.after_sale(side, filters)
    return found


def steps_of(version: Version, filters: Filters, counts: Counts[T_co]) -> dict[str, T_co]:
    """The steps of the journey that have a benchmark, by the figure's name."""
    terms = version.parsed
    return {
        f"cohort:{mark.key}:{name}": one
        for mark in terms.benchmarks
        for name, one in counts.steps(mark, filters, terms).items()
    }
