"""Going live: what would happen, in figures; the button; and a test lead."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from leads.actions.setup import live as living
from leads.actions.setup import trial
from leads.actions.setup.steps import is_begun
from leads.forms.imports import LiveForm
from leads.forms.setup.live import TestLeadForm
from leads.views.setup.doors import operations_only
from portal import wallclock
from portal.accounts.actions import inviting
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from portal.unfinished.actions import finish
from portal.unfinished.models import Unfinished
from portal.unfinished.views import keep
from sla.models import Office

MONTH = timedelta(days=30)
LIVE = "setup:live"


@require_http_methods(["GET", "POST"])
@operations_only
def live(request: PortalRequest) -> HttpResponse:
    """From now on: offers, clocks, invitations. First tried, then done."""
    if (answer := keep(request, LIVE, back="leads:setup")) is not None:
        return answer
    at, status, refusal, outlook = wallclock.now(), 200, "", None
    left = Unfinished.objects.of(LIVE) if request.method == "GET" else None
    first = {"since": localdate(at) - MONTH, "limit": living.TRIED}
    form = LiveForm(left.said if left else posted(request) or first)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = {"limit": form.cleaned_data["limit"], "by": request.user, "at": at}
            said["since"] = _instant(request, form.cleaned_data["since"])
            try:
                if request.POST.get("do") == "live":
                    return _went(request, living.go_live(**said))
                outlook, status = living.outlook(**said), 200
            except DomainError as error:
                status, refusal = 409, str(error)
    context = {
        "form": form,
        "refusal": refusal,
        "outlook": outlook,
        "left": left,
        "in_force": living.in_force(at),
        "waits": living.waits(),
        "stays": living.stays(),
        "begun": is_begun(),
        "uninvited": len(living.uninvited(at)),
        "mail": inviting.mail_is_set(),
    }
    return render(request, "leads/setup/live.html", context, status=status)


def _went(request: PortalRequest, went: living.Went) -> HttpResponse:
    finish(LIVE)
    said = ngettext("%(n)d lead went live.", "%(n)d leads went live.", went.leads)
    messages.success(request, said % {"n": went.leads})
    if went.mailed:
        sent = ngettext("%(n)d invitation left.", "%(n)d invitations left.", went.mailed)
        messages.success(request, sent % {"n": went.mailed})
    if went.failed or not inviting.mail_is_set():
        messages.info(request, _("People without mail need their links from you."))
        return redirect("leads:setup-invitations")
    return redirect("leads:setup")


@require_http_methods(["GET", "POST"])
@operations_only
def test_lead(request: PortalRequest) -> HttpResponse:
    """A made-up lead: whose it would be, which clocks, and why them. Nothing of it stays."""
    at, status, refusal, tried = wallclock.now(), 200, "", None
    form = TestLeadForm(posted(request), office=Office.objects.first())
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                tried, status = trial.try_out(arrival=form.arrival(), at=at), 200
            except DomainError as error:
                status, refusal = 409, str(error)
    context: dict[str, Any] = {
        "form": form,
        "refusal": refusal,
        "tried": tried,
        "in_force": living.in_force(at),
    }
    return render(request, "leads/setup/test.html", context, status=status)


def _instant(request: PortalRequest, day: date) -> datetime:
    """The beginning of a day where the reader is."""
    return datetime.combine(day, time(), ZoneInfo(request.user.zone)).astimezone(UTC)
