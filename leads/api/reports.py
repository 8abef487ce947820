"""Reports, read only: the scorecard's figures, as the page shows them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from ninja import Query, Router, Schema

from leads.api.ground import READING, Words, reads
from leads.reports.coverage import Coverage, coverage
from leads.reports.people.smallest import require_group
from leads.reports.period import Filters
from leads.reports.rollups import sums_of
from leads.reports.scorecard import Scorecard, scorecard
from portal import wallclock
from portal.accounts.api import TokenRequest
from portal.rest import Day
from sla.models import Agreement, Version

router = Router(tags=["reports"])


class Wanted(Schema):
    """Which period, named by its length and a day in it; and a part of the facts."""

    period: Literal["week", "month", "quarter"] = "month"
    on: Day | None = None
    team: Words = ""
    source: Words = ""
    segment: Words = ""


class PromiseOut(Schema):
    """How one department kept one promise. Attainment is met of met and late, in percent;
    times are working seconds."""

    obligation: str
    kind: str
    department: str
    met: int
    late: int
    open: int
    returned: int
    cancelled: int
    excused: int
    attainment: float | None
    agreed: int | None
    verdict: str
    p50: float | None
    p90: float | None


class VolumeOut(Schema):
    """A commitment in volume: what counted so far, and what was agreed."""

    commitment: str
    department: str
    total: int
    projected: int | None


class ConversionOut(Schema):
    """A benchmark with what happened."""

    benchmark: str
    from_stage: str
    to_stage: str
    entered: int
    reached: int
    agreed: int
    confirmed: bool
    verdict: str


class ReturnedOut(Schema):
    reason: str
    number: int


class CoveredOut(Schema):
    """Of the whole months of the period: how many leads of the CRM the portal sees. `said`:
    somebody outside the portal told how many there are; else there may be more."""

    seen: int
    crm: int
    percent: float | None
    said: bool


class ScorecardOut(Schema):
    """Both departments side by side, from the same questions; and which part of all leads
    these figures are of."""

    version: int | None
    first: date
    last: date
    at: datetime
    promises: Sequence[PromiseOut]
    volumes: Sequence[VolumeOut]
    conversions: Sequence[ConversionOut]
    returned: Sequence[ReturnedOut]
    covered: CoveredOut | None


@router.get("/reports/scorecard", auth=reads, response={200: ScorecardOut, **READING})
def report_scorecard(request: TokenRequest, wanted: Annotated[Wanted, Query()]) -> ScorecardOut:
    """Are we keeping our word? Figures of a period, of the default agreement."""
    at = wallclock.now()
    agreement = Agreement.objects.in_order().last()
    version = Version.objects.in_force(agreement.pk, at) if agreement else None
    zone = ZoneInfo(version.parsed.governance.zone if version else "UTC")
    asked = {name: str(value) for name, value in wanted.model_dump().items() if value}
    filters = Filters.from_query(asked, at, zone)
    require_group(filters.team)
    sums = sums_of(version, filters)
    return _out(scorecard(version, filters, at, sums), coverage(filters, sums))


def _out(card: Scorecard, covered: Coverage) -> ScorecardOut:
    period = card.filters.period
    return ScorecardOut(
        version=card.version.number if card.version else None,
        first=period.first,
        last=period.last,
        at=card.at,
        promises=[_promise(one) for side in card.sides for one in side.promises],
        volumes=[
            VolumeOut(
                commitment=one.commitment.key,
                department=side.department,
                total=one.total,
                projected=one.projected,
            )
            for side in card.sides
            for one in side.volumes
        ],
        conversions=[
            ConversionOut(
                benchmark=one.benchmark.key,
                from_stage=one.benchmark.from_stage,
                to_stage=one.benchmark.to_stage,
                entered=one.rate.n,
                reached=one.rate.hits,
                agreed=one.benchmark.percent,
                confirmed=one.benchmark.confirmed,
                verdict=one.verdict,
            )
            for one in card.conversions
        ],
        returned=[ReturnedOut(reason=one.key, number=one.number) for one in card.returned],
        covered=_covered(covered),
    )


def _covered(found: Coverage) -> CoveredOut | None:
    whole = found.whole
    if not found.is_low:
        return None
    percent = None if whole.share is None else round(whole.share * 100, 2)
    return CoveredOut(seen=whole.seen, crm=whole.crm, percent=percent, said=found.is_said)


def _promise(one: Any) -> PromiseOut:
    tally, share = one.tally, one.share
    counts = ("kind", "met", "late", "open", "returned", "cancelled", "excused")
    return PromiseOut(
        obligation=tally.obligation,
        department=tally.party,
        attainment=round(share * 100, 2) if share is not None else None,
        agreed=one.agreed,
        verdict=one.verdict,
        p50=one.p50,
        p90=one.p90,
        **{name: getattr(tally, name) for name in counts},
    )
