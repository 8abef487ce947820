"""Go live: imported leads that wait, looked at before they are let go."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from leads.actions import imports
from leads.actions.imports.golive import waiting
from leads.actions.imports.sifting import stages_in_force
from leads.actions.setup import live as living
from leads.forms.imports import LiveForm
from leads.models import Lead
from leads.views.imports.operators import operators_only
from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest
from sla.models import Version

SHOWN = 20
_ALL = datetime(1900, 1, 1, tzinfo=UTC)


@require_http_methods(["GET", "POST"])
@operators_only
def show(request: PortalRequest) -> HttpResponse:
    """Who waits, who would go live, and who stays; POST lets them go."""
    at = wallclock.now()
    given = request.POST if request.method == "POST" else request.GET
    month_ago = localdate(at) - timedelta(days=30)
    form = LiveForm(given if "since" in given else {"since": month_ago, "limit": 100})
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _let_go(request, form, at)
            except DomainError as error:
                status, refusal = 409, str(error)
    governs = Version.objects.effective(at).exists()
    said = {"form": form, "refusal": refusal, "in_force": governs}
    context = said | _preview(request, form, at)
    return render(request, "leads/imports/live.html", context, status=status)


def _let_go(request: PortalRequest, form: LiveForm, at: datetime) -> HttpResponse:
    living.require_force(at)
    count = imports.go_live(
        since=_instant(request, form.cleaned_data["since"]),
        at=at,
        by=request.user,
        limit=form.cleaned_data["limit"],
    )
    said = ngettext("%(n)d lead went live.", "%(n)d leads went live.", count)
    messages.success(request, said % {"n": count})
    return redirect("leads:import-live")


def _preview(request: PortalRequest, form: LiveForm, at: datetime) -> dict[str, object]:
    everybody = waiting(_ALL)
    back = Lead.objects.filter(held=True).exclude(pk__in=everybody.values("pk"))
    known = {"waiting": everybody.count(), "back": back.count(), "stages": []}
    if not form.is_valid():
        return known
    since, limit = form.cleaned_data["since"], form.cleaned_data["limit"]
    fit = waiting(_instant(request, since))
    chosen = fit.select_related("company")[:limit]
    names = _names(request, at)
    counted = dict(fit.order_by().values_list("stage").annotate(n=Count("pk")))
    order = [*names, *sorted(counted.keys() - names.keys())]
    return known | {
        "since": since,
        "newest": _arrived(everybody.last()),
        "fit": fit.count(),
        "going": min(fit.count(), limit),
        "first": chosen[:SHOWN],
        "names": names,
        "stages": [(names.get(key, key), counted[key]) for key in order if key in counted],
    }


def _arrived(lead: Lead | None) -> datetime | None:
    return (lead.arrived_at or lead.received_at) if lead else None


def _names(request: PortalRequest, at: datetime) -> dict[str, str]:
    """The stages in the order of the journey, in the words that the reader likes."""
    old = request.user.prefers_legacy
    stages = stages_in_force(at).values()
    return {one.key: one.legacy if old and one.legacy else one.name for one in stages}


def _instant(request: PortalRequest, day: date) -> datetime:
    """The beginning of a day where the reader is."""
    return datetime.combine(day, time(), ZoneInfo(request.user.zone)).astimezone(UTC)
