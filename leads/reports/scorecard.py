"""Are we keeping our word? Both departments side by side, from the same few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from leads.core.statistics import percentile
from leads.core.watching.pace import Standing
from leads.models import PaceAlert
from leads.reports import durations, figures
from leads.reports.conversions import Conversion, conversion
from leads.reports.figures import Tally
from leads.reports.period import Filters, Period
from leads.reports.returns import Returned, returns
from leads.reports.volume import Volume, standing, volume
from sla.core.durations import in_words, working
from sla.core.terms import Terms
from sla.core.terms.parts import Commitment, Obligation
from sla.models import Version

FEW = 5


@dataclass(frozen=True)
class Promise:
    """One obligation of one department with how it was kept. Times are working seconds.

    `target` is drawn only where all kinds of lead have the same one.
    """

    obligation: Obligation | None
    tally: Tally
    times: Sequence[float]
    target: float | None

    @property
    def share(self) -> float | None:
        """Attainment: met of met and late; None while nothing was due."""
        return self.tally.met / self.tally.due if self.tally.due else None

    @property
    def agreed(self) -> int | None:
        """What was agreed, in percent."""
        return self.obligation.attainment if self.obligation else None

    @property
    def verdict(self) -> str:
        """`kept` or `below`; `few` under five due clocks, `none` where nothing was agreed."""
        if self.agreed is None:
            return "none"
        if self.share is None or self.tally.due < FEW:
            return "few"
        return "kept" if self.share * 100 >= self.agreed else "below"

    @property
    def p50(self) -> float | None:
        return percentile(self.times, 0.5)

    @property
    def p90(self) -> float | None:
        return percentile(self.times, 0.9)

    @property
    def rule(self) -> str:
        """The targets in words: "15 minutes (demo request), 1 hour (trial)"."""
        if self.obligation is None:
            return ""
        said = []
        for target in self.obligation.targets:
            for_whom = f" ({target.segment.replace('_', ' ')})" if target.segment else ""
            said.append(f"{in_words(target.within)}{for_whom}")
        return ", ".join(said)


@dataclass(frozen=True)
class Stood:
    """A commitment that has no curve of days (a share kept, material made): how it stands
    in its period, which began on `first`."""

    commitment: Commitment
    standing: Standing
    period: Period


@dataclass(frozen=True)
class Side:
    """One department's column. `behind`: what fell behind in the period, by the key of its
    commitment."""

    department: str
    volumes: Sequence[Volume]
    promises: Sequence[Promise]
    stood: Sequence[Stood] = ()
    behind: Mapping[str, PaceAlert] = field(default_factory=dict)


@dataclass(frozen=True)
class Scorecard:
    filters: Filters
    version: Version | None
    marketing: Side
    sales: Side
    conversions: Sequence[Conversion]
    returned: Sequence[Returned]
    at: datetime

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.marketing, self.sales


def scorecard(version: Version | None, filters: Filters, at: datetime) -> Scorecard:
    """The scorecard under the terms of `version`; without one there is nothing promised."""
    terms = version.parsed if version else None
    promises = _promises(terms, filters, at)
    return Scorecard(
        filters=filters,
        version=version,
        marketing=_side("marketing", version, promises, filters, at),
        sales=_side("sales", version, promises, filters, at),
        conversions=[conversion(b, filters, at) for b in terms.benchmarks] if terms else [],
        returned=returns(filters),
        at=at,
    )


def _side(
    department: str,
    version: Version | None,
    promises: Sequence[Promise],
    filters: Filters,
    at: datetime,
) -> Side:
    terms = version.parsed if version else None
    mine = [c for c in (terms.commitments if terms else ()) if c.department == department]
    counted = [c for c in mine if c.measure == "stage_entries"]
    rest = [c for c in mine if c.measure != "stage_entries"]
    return Side(
        department=department,
        volumes=[
            volume(c, filters, at, agreement=version.agreement_id if version else None)
            for c in counted
        ],
        promises=[p for p in promises if p.tally.party == department],
        stood=[_stood(version, c, filters, at) for c in rest] if version else (),
        behind=_behind(version, mine, filters) if version else {},
    )


def _stood(version: Version, commitment: Commitment, filters: Filters, at: datetime) -> Stood:
    period = filters.period.of(commitment.period)
    look = min(max(at, period.start), period.end)
    seen = standing(version, commitment, period.start, period.end, look)
    return Stood(commitment, seen, period)


def _behind(
    version: Version, commitments: Sequence[Commitment], filters: Filters
) -> dict[str, PaceAlert]:
    """The alerts of the periods that are shown, by commitment."""
    begins = {c.key: filters.period.of(c.period).start for c in commitments if c.behind}
    if not begins:
        return {}
    alerts = PaceAlert.objects.select_related("pace", "version").filter(
        pace__agreement=version.agreement_id,
        pace__commitment__in=begins,
        pace__begins_at__in=set(begins.values()),
    )
    return {
        one.pace.commitment: one
        for one in alerts
        if begins[one.pace.commitment] == one.pace.begins_at
    }


def _promises(terms: Terms | None, filters: Filters, at: datetime) -> list[Promise]:
    """One promise per obligation and department, in the order of the terms.

    Clocks of a version that named an obligation otherwise are shown too, after the rest.
    """
    obligations = {o.key: o for o in terms.obligations} if terms else {}
    order = {key: place for place, key in enumerate(obligations)}
    times = durations.taken(figures.clocks(filters))
    promises = [
        Promise(
            obligation=(found := obligations.get(tally.obligation)),
            tally=tally,
            times=times.get((tally.obligation, tally.party), ()),
            target=_target(terms, found) if terms and found else None,
        )
        for tally in figures.tallies(filters, at)
    ]
    return sorted(promises, key=lambda p: order.get(p.tally.obligation, len(order)))


def _target(terms: Terms, obligation: Obligation) -> float | None:
    """The one target of an obligation in working seconds, or None where kinds differ."""
    lengths = {target.within for target in obligation.targets}
    if len(lengths) != 1 or not terms.calendars:
        return None
    calendar = terms.calendar(obligation.calendar.fixed or next(iter(terms.calendars)))
    return working(lengths.pop(), calendar).total_seconds()
