"""The bell and what it rings for: told once, and a person can say *seen, I act*."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from leads.actions import alerts as actions
from leads.actions import sweep
from leads.models import Alert, Clock
from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest
from portal.notifications import outbox
from portal.notifications.models import Delivery

PAGE = 50


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """What this person was told, newest first; unread stands out until it is marked seen."""
    sweep.if_overdue(wallclock.now())
    told = Delivery.objects.to(request.user.pk).in_app()
    before = request.GET.get("before", "")
    if before.isdecimal():
        told = told.filter(pk__lt=int(before[:18]))
    rows = list(told.order_by("-pk")[: PAGE + 1])
    alerts = _alerts(request, rows)
    context = {
        "rows": [(row, alerts.get(row.about)) for row in rows[:PAGE]],
        "unread": Delivery.objects.to(request.user.pk).unread().count(),
        "older": f"?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
    }
    return render(request, "leads/alerts.html", context)


@require_POST
def read(request: PortalRequest) -> HttpResponse:
    """Mark everything seen."""
    outbox.mark_read(user_id=request.user.pk, at=wallclock.now())
    return redirect("leads:alerts")


@require_POST
def acknowledge(request: PortalRequest, alert_id: int) -> HttpResponse:
    """Seen, I act. It stops no clock."""
    visible = Alert.objects.filter(clock__in=Clock.objects.visible_to(request.user))
    alert = get_object_or_404(visible.annotate(lead_id=F("clock__lead_id")), pk=alert_id)
    try:
        actions.acknowledge(alert_id=alert.pk, by=request.user, at=wallclock.now())
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("leads:alerts")


def _alerts(request: PortalRequest, rows: list[Delivery]) -> dict[str, Alert]:
    """The alerts behind the rows, by what the rows are about."""
    ids = [int(row.about.split(":")[1]) for row in rows if row.about.startswith("alert:")]
    found = Alert.objects.filter(
        pk__in=ids, clock__in=Clock.objects.visible_to(request.user)
    ).select_related("acknowledged_by", "clock")
    return {f"alert:{alert.pk}": alert for alert in found}
