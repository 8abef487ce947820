"""The scorecard and the rows behind each of its figures."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads.models import StageEntry
from leads.reports import figures
from leads.reports.conversions import cohort, reached
from leads.reports.period import LENGTHS, Filters
from leads.reports.returns import moves
from leads.reports.scorecard import scorecard
from leads.reports.volume import due_clocks, volume
from leads.views.scorecard_parts import (
    conversions_of,
    promise_of,
    returned_of,
    stood_of,
    volume_of,
)
from portal import wallclock
from portal.accounts.models import Team
from portal.http import PortalRequest
from portal.look.parts import Link
from sla.core.terms.parts import Benchmark
from sla.models import Agreement, Version

PAGE = 50


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
                [
                    *(
                        volume_of(v, filters, side.behind.get(v.commitment.key))
                        for v in side.volumes
                    ),
                    *(
                        stood_of(s, filters, side.behind.get(s.commitment.key))
                        for s in side.stood
                    ),
                ],
                [promise_of(p, filters) for p in side.promises],
            )
            for side in card.sides
        ],
        "conversions": conversions_of(card),
        "returned": [returned_of(row, card) for row in card.returned],
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
        found = found.filter(pk__gt=int(after[:18]))
    page = list(found.order_by("pk")[: PAGE + 1])
    context = {
        "figure": figure,
        "filters": filters,
        "kind": "clocks" if kind == "commitment" else kind,
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
    agreement = version.agreement_id if version else None
    counted = volume(wanted, filters, at, agreement=agreement).counted
    ids = [one.entry_id for one in counted]
    return StageEntry.objects.filter(pk__in=ids).select_related("lead")


def _commitment_rows(rest: str, filters: Filters, version: Version | None, at: datetime) -> Any:
    """What was due by now of a share that is kept, in the commitment's own period."""
    commitments = version.parsed.commitments if version else ()
    wanted = next((c for c in commitments if c.key == rest and c.obligation), None)
    if wanted is None or version is None:
        raise Http404
    period = filters.period.of(wanted.period)
    look = min(max(at, period.start), period.end)
    found = due_clocks(version, wanted, period.start, look)
    return found.select_related("lead", "owner", "team")


def _return_rows(rest: str, filters: Filters, version: Version | None, at: datetime) -> Any:
    return moves(filters, rest).select_related("handoff__lead", "by")


ROWS = {
    "clocks": _clock_rows,
    "cohort": _entry_rows,
    "volume": _volume_rows,
    "commitment": _commitment_rows,
    "returns": _return_rows,
}


def _benchmark(key: str, version: Version | None) -> Benchmark:
    benchmarks = version.parsed.benchmarks if version else ()
    found = next((b for b in benchmarks if b.key == key), None)
    if found is None:
        raise Http404
    return found


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


def _segments(version: Version | None) -> list[str]:
    """The kinds of lead that the terms speak of."""
    if version is None:
        return []
    obligations = version.parsed.obligations
    return sorted({t.segment for o in obligations for t in o.targets if t.segment})
