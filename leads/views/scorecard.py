"""The scorecard and the rows behind each of its figures."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads.models import Lead
from leads.reports import figures
from leads.reports.conversions import Conversion, cohort, reached
from leads.reports.period import LENGTHS, Filters
from leads.reports.returns import moves
from leads.reports.scorecard import Promise, Scorecard, scorecard
from leads.reports.volume import Volume, volume
from portal import wallclock
from portal.accounts.models import Team
from portal.http import PortalRequest
from portal.look.charts.bars import interval, limit_for
from portal.look.charts.histogram import Timing, histogram
from portal.look.charts.pace import Pace, pace
from portal.look.parts import Link
from portal.look.words import count, percent
from sla.core.terms.parts import Benchmark
from sla.models import Agreement, Version

PAGE = 50
UNITS = ((86_400.0, "h", 3_600.0), (7_200.0, "h", 3_600.0), (0.0, "min", 60.0))


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """Are we keeping our word? Both departments, the same questions, the same strictness."""
    _require_reader(request)
    at = wallclock.now()
    version = _version(at)
    filters = _filters(request, version, at)
    card = scorecard(version, filters, at)
    context = {
        "card": card,
        "filters": filters,
        "lengths": _lengths(filters),
        "columns": [
            (
                side.department,
                [_volume(v, filters) for v in side.volumes],
                [_promise(p, filters) for p in side.promises],
            )
            for side in card.sides
        ],
        "conversions": _conversions(card),
        "returned": [_returned(row, card) for row in card.returned],
        "teams": Team.objects.filter(archived_at=None).select_related("department"),
        "segments": _segments(version),
        "earlier": f"?{filters.during(filters.period.before).query}",
        "later": f"?{filters.during(filters.period.next).query}",
    }
    return render(request, "leads/scorecard.html", context)


@require_safe
def rows(request: PortalRequest) -> HttpResponse:
    """Exactly the rows that a figure counts, paged by key."""
    _require_reader(request)
    at = wallclock.now()
    version = _version(at)
    filters = _filters(request, version, at)
    figure = request.GET.get("figure", "")
    after = request.GET.get("after", "")
    kind, _sep, rest = figure.partition(":")
    reader = ROWS.get(kind)
    if reader is None:
        raise Http404
    found = reader(rest, filters, version, at)
    total = found.count()
    if after.isdecimal():
        found = found.filter(pk__gt=int(after))
    page = list(found.order_by("pk")[: PAGE + 1])
    context = {
        "figure": figure,
        "filters": filters,
        "kind": kind,
        "rows": page[:PAGE],
        "total": total,
        "at": at,
        "next": f"?{filters.query}&figure={figure}&after={page[PAGE - 1].pk}"
        if len(page) > PAGE
        else "",
    }
    return render(request, "leads/scorecard_rows.html", context)


def _require_reader(request: PortalRequest) -> None:
    if not request.user.reads_leads:
        raise Http404


def _version(at: datetime) -> Version | None:
    agreement = Agreement.objects.in_order().last()
    return Version.objects.in_force(agreement.pk, at) if agreement else None


def _filters(request: PortalRequest, version: Version | None, at: datetime) -> Filters:
    zone = ZoneInfo(version.parsed.governance.zone if version else "UTC")
    return Filters.from_query(request.GET.dict(), at, zone)


def _clock_rows(rest: str, filters: Filters, version: Version | None, at: datetime) -> Any:
    department, _sep, figure = rest.partition(":")
    found = figures.rows(figure, filters, at).filter(department_id=department)
    return found.select_related("lead", "owner", "team")


def _entry_rows(rest: str, filters: Filters, version: Version | None, at: datetime) -> Any:
    benchmark = _benchmark(rest.removesuffix(":reached"), version)
    found = reached if rest.endswith(":reached") else cohort
    return found(benchmark, filters).select_related("lead")


def _volume_rows(rest: str, filters: Filters, version: Version | None, at: datetime) -> Any:
    commitments = version.parsed.commitments if version else ()
    wanted = next((c for c in commitments if c.key == rest), None)
    if wanted is None:
        raise Http404
    ids = [one.lead_id for one in volume(wanted, filters, at).counted]
    return Lead.objects.filter(pk__in=ids)


def _return_rows(rest: str, filters: Filters, version: Version | None, at: datetime) -> Any:
    return moves(filters, rest).select_related("handoff__lead", "by")


ROWS = {
    "clocks": _clock_rows,
    "cohort": _entry_rows,
    "volume": _volume_rows,
    "returns": _return_rows,
}


def _benchmark(key: str, version: Version | None) -> Benchmark:
    benchmarks = version.parsed.benchmarks if version else ()
    found = next((b for b in benchmarks if b.key == key), None)
    if found is None:
        raise Http404
    return found


def _address(figure: str, filters: Filters) -> str:
    return f"{reverse('leads:scorecard-rows')}?{filters.query}&figure={figure}"


def _lengths(filters: Filters) -> list[Link]:
    names = {"week": _("Week"), "month": _("Month"), "quarter": _("Quarter")}
    chosen = filters.period
    return [
        Link(
            names[length],
            f"?{filters.during(type(chosen).around(chosen.first, length, chosen.zone)).query}",
            here=length == chosen.length,
        )
        for length in LENGTHS
    ]


def _promise(promise: Promise, filters: Filters) -> dict[str, Any]:
    tally = promise.tally
    figure = f"clocks:{tally.department}:{tally.obligation}."
    agreed = promise.agreed
    rest = [
        (_("never done"), tally.never, "never"),
        (_("late"), tally.late, "late"),
        (_("still open"), tally.open, "open"),
        (_("returned"), tally.returned, "returned"),
        (_("cancelled"), tally.cancelled, "cancelled"),
        (_("excused"), tally.excused, "excused"),
    ]
    return {
        "title": promise.obligation.name if promise.obligation else tally.obligation,
        "rule": _("Within %(rule)s.") % {"rule": promise.rule} if promise.rule else "",
        "value": percent(promise.share) if promise.share is not None else "–",
        "target": _("target %(share)s") % {"share": percent(agreed / 100)} if agreed else "",
        "verdict": promise.verdict,
        "url": _address(f"{figure}due", filters),
        "link": _("%(n)s due") % {"n": count(tally.due)},
        "drawing": _drawing(promise),
        "rest": [
            Link(f"{count(number)} {name}", _address(figure + key, filters))
            for name, number, key in rest
            if number
        ],
    }


def _drawing(promise: Promise) -> Any:
    if not promise.times or promise.p50 is None or promise.p90 is None:
        return None
    longest = max(promise.target or 0.0, promise.p90)
    _floor, unit, seconds = next(row for row in UNITS if longest >= row[0])
    return histogram(
        Timing(
            values=[value / seconds for value in promise.times],
            unit=unit,
            department=promise.tally.department,
            p50=promise.p50 / seconds,
            p90=promise.p90 / seconds,
            target=promise.target / seconds if promise.target else None,
            noun=promise.obligation.name if promise.obligation else "",
        )
    )


def _volume(volume: Volume, filters: Filters) -> dict[str, Any]:
    commitment, projected = volume.commitment, volume.projected
    agreed = commitment.count or 0
    period = filters.period.around(filters.period.first, commitment.period, filters.period.zone)
    kept = projected is not None and projected >= agreed
    return {
        "title": commitment.name,
        "rule": _("%(count)s a %(period)s.")
        % {"count": count(agreed), "period": _(commitment.period)},
        "value": count(volume.total),
        "target": _("at pace for %(n)s") % {"n": count(projected)} if projected else "",
        "verdict": "few" if projected is None else "kept" if kept else "below",
        "url": _address(f"volume:{commitment.key}", filters),
        "link": _("%(n)s leads") % {"n": count(volume.total)},
        "drawing": pace(
            Pace(
                done=volume.done,
                days=volume.days,
                agreed=agreed,
                department=commitment.department,
                projected=projected,
                first=f"{period.first:%-d %b}",
                last=f"{period.last:%-d %b}",
                noun=_("leads"),
            )
        ),
    }


def _conversions(card: Scorecard) -> dict[str, Any]:
    """The table of steps; every interval is drawn on the same axis."""
    highs = [c.rate.interval[1] for c in card.conversions if c.rate.interval]
    limit = limit_for(highs) if highs else 1.0
    return {
        "limit": percent(limit),
        "rows": [_conversion(c, card, limit) for c in card.conversions],
    }


def _conversion(row: Conversion, card: Scorecard, limit: float) -> dict[str, Any]:
    mark, rate = row.benchmark, row.rate
    terms = card.version.parsed if card.version else None
    names = {stage.key: stage.name for stage in terms.journey} if terms else {}
    agreed = mark.percent / 100 if mark.confirmed else None
    return {
        "step": f"{names.get(mark.from_stage)} → {names.get(mark.to_stage)}",
        "hits": count(rate.hits),
        "n": count(rate.n),
        "hits_url": _address(f"cohort:{mark.key}:reached", card.filters),
        "n_url": _address(f"cohort:{mark.key}", card.filters),
        "share": percent(rate.share) if rate.share is not None else "–",
        "low": percent(rate.interval[0]) if rate.interval else "",
        "high": percent(rate.interval[1]) if rate.interval else "",
        "agreed": percent(mark.percent / 100),
        "confirmed": mark.confirmed,
        "mature": row.mature,
        "waived": row.waived,
        "verdict": row.verdict,
        "drawing": interval(rate.share, *rate.interval, agreed, limit)
        if rate.share is not None and rate.interval
        else None,
    }


def _returned(row: Any, card: Scorecard) -> dict[str, Any]:
    reasons = card.version.parsed.return_reasons if card.version else ()
    names = {reason.key: reason.name for reason in reasons}
    words = {
        "fixed": _("fixed"),
        "disputed": _("disputed"),
        "nurture": _("to nurture"),
        "waiting": _("not answered yet"),
    }
    return {
        "reason": names.get(row.reason, row.reason),
        "number": count(row.number),
        "url": _address(f"returns:{row.reason}", card.filters),
        "most_from": f"{row.most_from[1]}: {row.most_from[0] or _('unknown')}"
        if row.most_from
        else "",
        "answers": ", ".join(f"{n} {words[key]}" for key, n in row.answers.most_common()),
    }


def _segments(version: Version | None) -> list[str]:
    """The kinds of lead that the terms speak of."""
    if version is None:
        return []
    obligations = version.parsed.obligations
    return sorted({t.segment for o in obligations for t in o.targets if t.segment})
