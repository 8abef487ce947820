"""What would this text have cost? Any version against a time of real history."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads.reports.backtest.trial import Outcome, trial
from leads.views.reports.backtest import listed
from leads.views.reports.backtest.asked import AskedForm
from leads.views.reports.backtest.drawn import Shown, one, promises, said
from leads.views.reports.choosing import require_reader
from portal import wallclock
from portal.http import PortalRequest
from portal.spreadsheet import Kind, table
from sla.core.terms import TermsError
from sla.models import Version
from sla.views.agreements import may_draft

PAGE = 50


@require_safe
def show(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """Every promise of a version on the handoffs of a time, and one of them in full."""
    version, at = _version(request, key, number), wallclock.now()
    try:
        form = AskedForm(request.GET.dict(), version.parsed, at)
    except TermsError as error:
        return _page(request, version, {"faults": error.faults[:5]})
    if not form.is_valid():
        return _page(request, version, {"form": form}, status=422)
    answered = _answered(version, form, at, every=not request.htmx)
    return _page(request, version, {"form": form} | answered)


@require_safe
def rows(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """Exactly the handoffs that a count is of, paged by the key of their clock."""
    version, at = _version(request, key, number), wallclock.now()
    form = _asked(request, version, at)
    if not form.is_valid():
        return _page(request, version, {"form": form}, status=422)
    outcome = _outcome(version, form, at)
    there = listed.places(outcome, form)
    before = request.GET.get("before", "")[:18]
    some = there
    if before.isascii() and before.isdecimal():
        some = [place for place in there if place[0] < int(before)]
    page, names = some[:PAGE], [version.agreement.key, version.number]
    query = form.query(which=form.cleaned_data["which"], group=form.cleaned_data["group"])
    context = {
        "header": listed.header(outcome),
        "rows": listed.shown(outcome, page),
        "total": len(there),
        "about": _about(outcome, form),
        "back": f"{reverse('leads:backtest', args=names)}?{form.query()}#one",
        "back_words": _("Version %(number)s on past handoffs") % {"number": version.number},
        "files": query,
        "csv": reverse("leads:backtest-csv", args=names),
        "xlsx": reverse("leads:backtest-xlsx", args=names),
        "next": f"?{query}&before={page[-1][0]}" if len(some) > PAGE else "",
    }
    return render(request, "leads/reports/rows.html", context)


@require_safe
def file(request: PortalRequest, key: str, number: int, kind: Kind) -> HttpResponseBase:
    """The same handoffs as a file, all of them."""
    version, at = _version(request, key, number), wallclock.now()
    form = _asked(request, version, at)
    if not form.is_valid():
        return _page(request, version, {"form": form}, status=422)
    outcome = _outcome(version, form, at)
    some = listed.values(outcome, listed.places(outcome, form))
    name = f"backtest-{version.number}-{form.cleaned_data['which']}"
    return table(kind, name, listed.file_header(outcome), some)


def _version(request: PortalRequest, key: str, number: int) -> Version:
    """A version that this person may read with its leads; a draft is for those who draft."""
    require_reader(request)
    versions = Version.objects.select_related("agreement")
    version = get_object_or_404(versions, agreement__key=key, number=number)
    if version.state == Version.State.DRAFT and not may_draft(request.user):
        raise Http404
    return version


def _asked(request: PortalRequest, version: Version, at: datetime) -> AskedForm:
    try:
        return AskedForm(request.GET.dict(), version.parsed, at)
    except TermsError:
        raise Http404 from None


def _outcome(version: Version, form: AskedForm, at: datetime) -> Outcome:
    if form.owed is None:
        raise Http404
    return trial(version, *form.span, at).of(form.owed, form.tried)


def _answered(version: Version, form: AskedForm, at: datetime, every: bool) -> dict[str, Any]:
    """What the past says. While a target moves, its promise alone, not `every`."""
    since, until = form.span
    found, shown = trial(version, since, until, at), Shown(version, form)
    owed = form.owed
    looked_at = one(found.of(owed, form.tried), shown) if owed and found.handoffs else None
    return {
        "since": since,
        "until": until,
        "trial": found,
        "promises": promises(found, shown) if found.handoffs and every else [],
        "one": looked_at,
    }


def _page(
    request: PortalRequest, version: Version, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    around = {"version": version, "agreement": version.agreement}
    return render(request, "leads/reports/backtest/page.html", around | context, status=status)


def _about(outcome: Outcome, form: AskedForm) -> str:
    """Which handoffs these are, in a sentence."""
    words = {
        "judged": _("kept or late under this text"),
        "then": _("late under the text in force then"),
        "late": _("late under this text"),
        "newly": _("late only under this text"),
        "spared": _("late then, and not under this text"),
        "target": _("late with the target that is tried"),
    }[form.cleaned_data["which"]]
    group = form.cleaned_data["group"]
    if not group:
        return f"{outcome.owed.name}: {words}."
    return f"{outcome.owed.name}, {said('' if group == '-' else group, form.grouped)}: {words}."
