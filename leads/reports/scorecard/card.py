"""Are we keeping our word? Both departments side by side, from the same few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from leads.core.watching.pace import Standing
from leads.models import PaceAlert
from leads.reports.counting import counted
from leads.reports.figures import Tally, tallies
from leads.reports.period import Filters, Period
from leads.reports.scorecard import conversions
from leads.reports.scorecard.conversions import Conversion
from leads.reports.scorecard.promises import Promise, promises
from leads.reports.scorecard.response import Responses, responses
from leads.reports.scorecard.returns import By, Returned, grouped, moves, returns
from leads.reports.scorecard.sums import FromRows, Sums, others, steps_of
from leads.reports.volume import Volume, figures_of, stood, volume
from sla.core.terms.parts import Commitment
from sla.models import Version


@dataclass(frozen=True)
class Stood:
    """A commitment that has no curve of days (a share kept, material made): how it stands
    in its `period`."""

    commitment: Commitment
    standing: Standing
    period: Period


@dataclass(frozen=True)
class Side:
    """One department's column. `behind`: what fell behind in the period, by the key of its
    commitment. `after_sale`: touches with people who are customers."""

    department: str
    volumes: Sequence[Volume]
    promises: Sequence[Promise]
    stood: Sequence[Stood] = ()
    behind: Mapping[str, PaceAlert] = field(default_factory=dict)
    after_sale: int = 0


@dataclass(frozen=True)
class Compared:
    """The same figures of another period, by their keys; what is not there was not owed."""

    filters: Filters
    tallies: Mapping[tuple[str, str], Tally]
    volumes: Mapping[str, int]
    conversions: Mapping[str, Conversion]
    returned: int


@dataclass(frozen=True)
class Scorecard:
    filters: Filters
    version: Version | None
    marketing: Side
    sales: Side
    responses: Responses
    conversions: Sequence[Conversion]
    returns: Mapping[By, Sequence[Returned]]
    waived: Mapping[str, int]
    contributions: Mapping[str, int]
    at: datetime
    before: Compared | None = None

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.marketing, self.sales

    @property
    def returned(self) -> Sequence[Returned]:
        """By reason, most frequent first."""
        return self.returns["reason"]


@dataclass(frozen=True)
class _Asking:
    version: Version | None
    filters: Filters
    at: datetime
    sums: Sums | None = None

    @property
    def commitments(self) -> Sequence[Commitment]:
        return self.version.parsed.commitments if self.version else ()

    def look(self, period: Period) -> datetime:
        """As far as a period has happened."""
        return min(max(self.at, period.start), period.end)


def scorecard(
    version: Version | None, filters: Filters, at: datetime, sums: Sums | None = None
) -> Scorecard:
    """The scorecard under the terms of `version`; without one there is nothing promised.

    All but the commitments that have no curve is read from `sums`, if any hold.
    """
    asking = _Asking(version, filters, at, sums)
    counts = _counts(asking, sums)
    kept = promises(version, filters, at, sums.clocks(filters, at) if sums else None)
    behind = _behind(asking)
    return Scorecard(
        filters=filters,
        version=version,
        marketing=_side("marketing", asking, kept, counts, behind),
        sales=_side("sales", asking, kept, counts, behind),
        responses=sums.responses(filters) if sums else responses(filters, version),
        conversions=_conversions(asking, counts),
        returns=grouped(sums.returns(filters), version) if sums else returns(filters, version),
        waived=_named("waived", counts),
        contributions=_named("contributions", counts),
        at=at,
        before=_compared(version, filters.other, at, sums) if filters.other else None,
    )


@dataclass(frozen=True)
class Paces:
    """The commitments of both departments against their pace, and the counts that were
    asked for with them."""

    volumes: Sequence[Volume]
    stood: Sequence[Stood]
    behind: Mapping[str, PaceAlert]
    counts: Mapping[str, int]


def paces(
    version: Version | None,
    filters: Filters,
    at: datetime,
    more: Mapping[str, QuerySet[Any]],
    sums: Sums | None = None,
) -> Paces:
    """The commitments alone, in the periods that the filters' one lies in; `more` is counted
    in the same statement."""
    asking = _Asking(version, filters, at, sums)
    counts = counted({**_agreed(asking), **more})
    rest = [one for one in asking.commitments if one.measure != "stage_entries"]
    return Paces(
        volumes=_volumes(asking, asking.commitments),
        stood=[_stood(asking, one, _named(f"commitment:{one.key}", counts)) for one in rest],
        behind=_behind(asking),
        counts=counts,
    )


def _agreed(asking: _Asking) -> dict[str, QuerySet[Any]]:
    """What the commitments count that have no curve."""
    found: dict[str, QuerySet[Any]] = {}
    for one in asking.commitments:
        if one.measure != "stage_entries" and asking.version is not None:
            period = asking.filters.period.of(one.period)
            rows = figures_of(asking.version, one, period.start, asking.look(period))
            found |= {f"commitment:{one.key}:{name}": q for name, q in rows.items()}
    return found


def _counts(asking: _Asking, sums: Sums | None) -> dict[str, int]:
    """Every number that is a plain count, asked for together."""
    if sums is None:
        return counted(_agreed(asking) | others(asking.version, asking.filters, FromRows()))
    return counted(_agreed(asking)) | others(asking.version, asking.filters, sums)


def _named(prefix: str, counts: Mapping[str, int]) -> dict[str, int]:
    """The counts of one family, by the rest of their names."""
    start = f"{prefix}:"
    return {name.removeprefix(start): n for name, n in counts.items() if name.startswith(start)}


def _conversions(asking: _Asking, counts: Mapping[str, int]) -> list[Conversion]:
    marks = asking.version.parsed.benchmarks if asking.version else ()
    return [
        conversions.of_counts(
            mark, _named(f"cohort:{mark.key}", counts), asking.filters, asking.at
        )
        for mark in marks
    ]


def _side(
    department: str,
    asking: _Asking,
    kept: Sequence[Promise],
    counts: Mapping[str, int],
    behind: Mapping[str, PaceAlert],
) -> Side:
    mine = [one for one in asking.commitments if one.department == department]
    return Side(
        department=department,
        volumes=_volumes(asking, mine),
        promises=[one for one in kept if one.tally.party == department],
        stood=[
            _stood(asking, one, _named(f"commitment:{one.key}", counts))
            for one in mine
            if one.measure != "stage_entries"
        ],
        behind={one.key: behind[one.key] for one in mine if one.key in behind},
        after_sale=counts[f"after:{department}"],
    )


def _volumes(asking: _Asking, commitments: Sequence[Commitment]) -> list[Volume]:
    return [
        volume(one, asking.filters, asking.at, version=asking.version, sums=asking.sums)
        for one in commitments
        if one.measure == "stage_entries"
    ]


def _stood(asking: _Asking, commitment: Commitment, counts: Mapping[str, int]) -> Stood:
    period = asking.filters.period.of(commitment.period)
    look = asking.look(period)
    return Stood(commitment, stood(commitment, counts, period.start, period.end, look), period)


def _behind(asking: _Asking) -> dict[str, PaceAlert]:
    """The alerts of the periods that are shown, by commitment."""
    periods = {
        c.key: asking.filters.period.of(c.period) for c in asking.commitments if c.behind
    }
    begins = {key: period.start for key, period in periods.items()}
    if not begins or asking.version is None:
        return {}
    alerts = PaceAlert.objects.select_related("pace", "version").filter(
        pace__agreement=asking.version.agreement_id,
        pace__commitment__in=begins,
        pace__begins_at__in=set(begins.values()),
    )
    return {
        one.pace.commitment: one
        for one in alerts
        if begins[one.pace.commitment] == one.pace.begins_at
    }


def _compared(
    version: Version | None, filters: Filters, at: datetime, sums: Sums | None
) -> Compared:
    """What is shown beside: two queries and one for each commitment with a curve, or none
    from sums."""
    asking = _Asking(version, filters, at, sums)
    if sums is None:
        wanted = steps_of(version, filters, FromRows()) if version else {}
        counts = counted(wanted | {"returned": moves(filters)})
    else:
        counts = steps_of(version, filters, sums) if version else {}
    volumes = _volumes(asking, asking.commitments)
    ended = sums.clocks(filters, at)[0] if sums else tallies(filters, at)
    return Compared(
        filters=filters,
        tallies={(one.obligation, one.party): one for one in ended},
        volumes={one.commitment.key: one.total for one in volumes},
        conversions={one.benchmark.key: one for one in _conversions(asking, counts)},
        returned=sums.returns(filters).total() if sums else counts["returned"],
    )
