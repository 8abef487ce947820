"""The scorecard and the rows behind each of its figures."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from leads.models import Seal
from leads.reports.coverage import glance
from leads.reports.period import Filters
from leads.reports.rollups import sums_of
from leads.reports.scorecard import rows as figures
from leads.reports.scorecard import scorecard
from leads.reports.scorecard.card import Scorecard, Side
from leads.reports.scorecard.rows import Asked
from leads.views.reports import tables
from leads.views.reports.choosing import (
    filters_of,
    in_force,
    lengths,
    numbers,
    require_reader,
    segments,
)
from leads.views.reports.columns import promise_of, stood_of, volume_of
from leads.views.reports.coverage.drawn import months, of_what
from leads.views.reports.coverage.pages import may_see
from leads.views.reports.evidence import header, shown
from leads.views.reports.seals.pages import checked
from portal import wallclock
from portal.http import PortalRequest

PAGE = 50


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """Are we keeping our word? Both departments, the same questions, the same strictness."""
    require_reader(request)
    at = wallclock.now()
    version = in_force(at)
    filters = filters_of(request, version, at)
    sums = sums_of(version, filters)
    card = scorecard(version, filters, at, sums)
    seal = _sealed(filters)
    covered, teams = glance(filters, sums)
    context = {
        "covered": covered,
        "of_what": of_what(covered),
        "covered_months": months(covered),
        "may_see_coverage": may_see(request.user),
        "seal": seal,
        "look": checked(seal) if seal else None,
        "card": card,
        "filters": filters,
        "here": "scorecard",
        "lengths": lengths(filters),
        "columns": [_column(side, card) for side in card.sides],
        "speed": tables.speed_of(card),
        "conversions": tables.conversions_of(card),
        "returned": tables.returns_of(card),
        "beside": tables.beside_of(card),
        "teams": teams,
        "segments": segments(version),
        "numbers": numbers(version),
        "earlier": f"?{filters.during(filters.period.before).query}",
        "later": f"?{filters.during(filters.period.next).query}",
        "previous": filters.period.before.first,
        "query": filters.query,
    }
    return render(request, "leads/reports/scorecard.html", context)


def _sealed(filters: Filters) -> Seal | None:
    period = filters.period
    seals = Seal.objects.light().select_related("check_made")
    return seals.filter(length=period.length, first=period.first).first()


def _column(side: Side, card: Scorecard) -> tuple[str, list[Any], list[Any]]:
    """A department with its commitments and its obligations, as the page draws them."""
    commitments = [
        *(
            volume_of(one, card.filters, side.behind.get(one.commitment.key), card.before)
            for one in side.volumes
        ),
        *(
            stood_of(one, card.filters, side.behind.get(one.commitment.key))
            for one in side.stood
        ),
    ]
    return side.department, commitments, [promise_of(one, card) for one in side.promises]


@require_safe
def rows(request: PortalRequest) -> HttpResponse:
    """Exactly the rows that a figure counts, paged by key."""
    require_reader(request)
    at = wallclock.now()
    version = in_force(at)
    asked = Asked(version, filters_of(request, version, at), at)
    figure = request.GET.get("figure", "")
    found = rows_of(figure, asked)
    total = found.found.count()
    after = request.GET.get("after", "")
    some = found.found.order_by("pk")
    if after.isascii() and after.isdecimal():
        some = some.filter(pk__gt=int(after[:18]))
    page = list(some[: PAGE + 1])
    context = {
        "figure": figure,
        "filters": asked.filters,
        "here": "scorecard",
        "header": header(found.noun),
        "rows": [shown(found.noun, one, at) for one in page[:PAGE]],
        "total": total,
        "files": _address(asked.filters, figure),
        "csv": reverse("leads:scorecard-rows-csv"),
        "xlsx": reverse("leads:scorecard-rows-xlsx"),
        "next": f"?{_address(asked.filters, figure)}&after={page[PAGE - 1].pk}"
        if len(page) > PAGE
        else "",
    }
    return render(request, "leads/reports/rows.html", context)


def rows_of(figure: str, asked: Asked) -> figures.Rows:
    """The rows of a figure; 404 for one that there is not."""
    try:
        return figures.rows(figure, asked)
    except LookupError:
        raise Http404 from None


def _address(filters: Filters, figure: str) -> str:
    return tables.query(figure, filters)
