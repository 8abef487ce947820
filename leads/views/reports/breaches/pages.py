"""Why were they late? Both departments say it of the same groups, until they agree."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leads.actions.reviewing import causes, changing
from leads.actions.reviewing.notes import may_note
from leads.errors import NothingAgreed, NotYours
from leads.forms.reviewing.causes import CAUSES, CauseForm, ChangeForm
from leads.reports.breaches import breaches
from leads.reports.breaches.months import by_month
from leads.reports.period import Filters
from leads.views.reports.breaches import drawn
from leads.views.reports.choosing import in_force, require_reader, zone_of
from leads.views.reports.evidence import file_header, header, shown, values
from portal import spreadsheet, wallclock
from portal.http import PortalRequest
from sla.models import Version
from sla.views.agreements import may_draft

SHOWN = 40  # groups of a page; what is settled makes room for the next


@require_safe
def show(request: PortalRequest) -> HttpResponseBase:
    """What broke in a month, in groups that are alike; and what was agreed by month."""
    require_reader(request)
    if kind := spreadsheet.asked(request):
        at = wallclock.now()
        version = in_force(at)
        filters = _month(request, version, at)
        found, names = breaches(filters, at), _names(version)
        lines = (drawn.group(one, names, filters, request.user) for one in found.open)
        return spreadsheet.listed(kind, "breaches", drawn.COLUMNS, lines)
    return _page(request, CauseForm(), 200)


@require_safe
def rows(request: PortalRequest) -> HttpResponseBase:
    """Exactly the clocks of a group."""
    require_reader(request)
    at = wallclock.now()
    filters = _month(request, in_force(at), at)
    group = breaches(filters, at).of(request.GET.get("group", ""))
    if group is None:
        raise Http404
    if kind := spreadsheet.asked(request):
        lines = (values("clocks", clock, at) for clock in group.clocks)
        return spreadsheet.table(kind, "breach", file_header("clocks"), lines)
    context = {
        "here": "scorecard",
        "header": header("clocks"),
        "rows": [shown("clocks", clock, at) for clock in group.clocks],
        "total": len(group.clocks),
        "back": f"{reverse('leads:breaches')}?on={filters.period.first}",
        "back_words": _("Breaches"),
    }
    return render(request, "leads/reports/breaches/rows.html", context)


@require_POST
def say(request: PortalRequest) -> HttpResponse:
    """Say a cause of all clocks of a group, or agree to the one that was said."""
    require_reader(request)
    at, form = wallclock.now(), CauseForm(request.POST)
    filters = _month(request, in_force(at), at)
    if not may_note(request.user):
        form.full_clean()
        form.add_error(None, _("The managers of both departments say why a promise broke."))
        return _page(request, form, 409)
    if not form.is_valid():
        return _page(request, form, 422)
    group = breaches(filters, at).of(form.cleaned_data["group"])
    if group is None:
        form.add_error(None, _("Somebody said something else of these meanwhile. Look again."))
        return _page(request, form, 409)
    try:
        said = causes.say(
            clocks=[clock.pk for clock in group.clocks], cause=form.cleaned_data["cause"],
            text=form.cleaned_data["text"], by=request.user, at=at,
        )  # fmt: skip
    except NotYours as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, 409)
    messages.success(request, drawn.done(said))
    return redirect(f"{reverse('leads:breaches')}?on={filters.period.first}")


@require_POST
def change(request: PortalRequest) -> HttpResponse:
    """Open a draft of the agreement for a cause, on the handoffs of the past."""
    require_reader(request)
    at, form = wallclock.now(), ChangeForm(request.POST)
    version = in_force(at)
    filters = _month(request, version, at)
    if version is None or not form.is_valid() or not may_draft(request.user):
        return _page(request, CauseForm(), 409)
    try:
        draft = changing.propose_a_change(
            cause=form.cleaned_data["cause"], filters=filters, version=version,
            by=request.user, at=at,
        )  # fmt: skip
    except NothingAgreed as refusal:
        messages.error(request, str(refusal))
        return _page(request, CauseForm(), 409)
    return redirect("leads:backtest", key=version.agreement.key, number=draft.number)


def _month(request: PortalRequest, version: Version | None, at: datetime) -> Filters:
    query = {"period": "month", "on": request.GET.get("on", "")}
    return Filters.from_query(query, at, zone_of(version))


def _names(version: Version | None) -> dict[str, str]:
    """The obligations of the version in force by their keys."""
    return {one.key: one.name for one in version.parsed.obligations} if version else {}


def _page(request: PortalRequest, form: CauseForm, status: int) -> HttpResponse:
    at = wallclock.now()
    version = in_force(at)
    filters = _month(request, version, at)
    found = breaches(filters, at)
    names = _names(version)
    period = filters.period
    groups = [drawn.group(one, names, filters, request.user) for one in found.open[:SHOWN]]
    context = {
        "here": "scorecard",
        "filters": filters,
        "on": period.first.isoformat(),
        "earlier": f"?on={period.before.first}",
        "later": f"?on={period.next.first}" if period.end <= at else "",
        "late": found.late,
        "cut": found.cut,
        "groups": groups,
        "facts": any(group["suggestion"] for group in groups),
        "more": max(len(found.open) - SHOWN, 0),
        "months": drawn.months(by_month(filters)),
        "choices": CAUSES,
        "form": form,
        "may_say": may_note(request.user),
        "may_draft": version is not None and may_draft(request.user),
    }
    return render(request, "leads/reports/breaches/page.html", context, status=status)
