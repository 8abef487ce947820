"""Which share of the CRM's leads does the portal see, and who does not use it?"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leads.actions.links import lead_link
from leads.actions.reviewing.counted import count_crm
from leads.forms.reviewing.counted import CrmCountForm
from leads.models import Lead
from leads.models.lead import LeadQuerySet
from leads.reports.coverage import coverage, leads_of, using
from leads.reports.people.choices import there_since
from leads.reports.period import Filters
from leads.reports.rollups import Rolled, sums_of_coverage
from leads.views.reports.choosing import filters_of, in_force, lengths, require_reader
from leads.views.reports.coverage import drawn
from leads.views.reports.evidence import Cell, Row
from portal import wallclock
from portal.accounts.models import Role, User
from portal.http import PortalRequest
from portal.spreadsheet import Kind, table

PAGE = 50


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """The share by source and by team, drawn and in a table; what the CRM said, and who."""
    _require_manager(request)
    return _page(request, CrmCountForm(), 200)


@require_POST
def say(request: PortalRequest) -> HttpResponse:
    """Operations enter how many leads the CRM holds."""
    if not request.user.imports_leads:
        raise Http404
    form = CrmCountForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    kept = count_crm(by=request.user, at=wallclock.now(), **form.cleaned_data)
    messages.success(request, _("Kept, with your name and the instant."))
    return redirect(f"{reverse('leads:coverage')}?on={kept.month}")


@require_safe
def rows(request: PortalRequest) -> HttpResponse:
    """Exactly the leads that a figure counts, paged by key."""
    _require_manager(request)
    found, filters, figure = _found(request)
    total, after = found.count(), request.GET.get("after", "")
    if after.isascii() and after.isdecimal():
        found = found.filter(pk__gt=int(after[:18]))
    page = list(found.select_related("company").order_by("pk")[: PAGE + 1])
    named = f"{filters.query}&figure={figure}"
    context = {
        "here": "scorecard",
        "about": _about(figure),
        "back": f"{reverse('leads:coverage')}?{filters.query}",
        "back_words": _("Coverage"),
        "header": _header(),
        "rows": [_row(one) for one in page[:PAGE]],
        "total": total,
        "files": named,
        "csv": reverse("leads:coverage-rows-csv"),
        "xlsx": reverse("leads:coverage-rows-xlsx"),
        "next": f"?{named}&after={page[PAGE - 1].pk}" if len(page) > PAGE else "",
    }
    return render(request, "leads/reports/rows.html", context)


@require_safe
def file(request: PortalRequest, kind: Kind) -> HttpResponseBase:
    """The same leads as a file, all of them."""
    _require_manager(request)
    found, _filters, figure = _found(request)
    each = (
        [*(cell.value for cell in _row(one).cells), lead_link(one.pk)]
        for one in found.select_related("company").order_by("pk").iterator(chunk_size=2_000)
    )
    return table(kind, f"coverage-{figure}", [*_header(), _("Page")], each)


def _require_manager(request: PortalRequest) -> None:
    """Managers and heads of both departments, operations and auditors."""
    require_reader(request)
    if not may_see(request.user):
        raise Http404


def may_see(user: User) -> bool:
    """Whether a reader of reports is also told who does not use the portal."""
    return user.role != Role.MEMBER


def _found(request: PortalRequest) -> tuple[LeadQuerySet, Filters, str]:
    at = wallclock.now()
    filters = filters_of(request, in_force(at), at)
    figure = request.GET.get("figure", "")
    try:
        return leads_of(figure, filters), filters, figure
    except LookupError:
        raise Http404 from None


def _about(figure: str) -> str:
    return {
        "known": _("Every lead of these months that the portal has."),
        "seen": _("Leads that live in the portal: they came while it was used, or went live."),
        "outside": _("Leads that were imported and never went live: history, no more."),
        "elsewhere": _(
            "Leads that Sales tried to reach, but never from the portal: every attempt came "
            "from another system."
        ),
    }[figure]


def _header() -> list[str]:
    return [_("Lead"), _("Company"), _("Source"), _("Segment"), _("Received")]


def _row(lead: Lead) -> Row:
    company = str(lead.company) if lead.company else ""
    cells = [
        Cell(str(lead), lead_link(lead.pk)), Cell(company),
        Cell(lead.source, is_key=True), Cell(lead.segment, is_key=True), Cell(lead.received_at),
    ]  # fmt: skip
    return Row(cells, f"{reverse('ledger')}?lead={lead.pk}")


def _page(request: PortalRequest, form: CrmCountForm, status: int) -> HttpResponse:
    at = wallclock.now()
    version = in_force(at)
    filters = filters_of(request, version, at)
    sums = sums_of_coverage(version, filters)
    context = _figures(request, filters, sums) | {
        "here": "scorecard",
        "filters": filters,
        "lengths": lengths(filters),
        "earlier": f"?{filters.during(filters.period.before).query}",
        "later": f"?{filters.during(filters.period.next).query}",
        "form": form,
        "may_say": request.user.imports_leads,
    }
    return render(request, "leads/reports/coverage/coverage.html", context, status=status)


def _figures(request: PortalRequest, filters: Filters, sums: Rolled | None) -> dict[str, Any]:
    found = coverage(filters, sums)
    people = using(filters, request.user, sums)
    widest = max((one.crm for one in found.sources), default=0)
    broadest = max((one.part.crm for one in people), default=0)
    return {
        "found": found,
        "months": drawn.months(found),
        "whole": drawn.part_of(found.whole, filters, found.whole.crm, source=filters.source),
        "sources": [
            drawn.part_of(one, filters, widest, source=one.key) for one in found.sources
        ],
        "teams": [drawn.team_of(one, filters, broadest) for one in people],
        "all_teams": there_since(filters.period.of("month").start).only("key", "name"),
    }
