"""The bell and what it rings for: told once; a person says *seen, I act*, or *later*."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from leads.actions.alerting import alerts as actions
from leads.actions.alerting import snoozing
from leads.actions.sweeping import sweep
from leads.models import Alert, Clock
from portal import spreadsheet, wallclock
from portal.errors import DomainError
from portal.http import PortalRequest
from portal.notifications import outbox
from portal.notifications.models import Delivery, DeliveryQuerySet

PAGE = 50
COLUMNS: list[spreadsheet.Column] = [
    (gettext_lazy("Told"), lambda pair: pair[0].created_at),
    (gettext_lazy("What"), lambda pair: pair[0].title),
    (gettext_lazy("More"), lambda pair: pair[0].text),
    (gettext_lazy("Not seen yet"), lambda pair: pair[0].read_at is None),
    (gettext_lazy("Found late"), lambda pair: bool(pair[1] and pair[1].found_late)),
    (gettext_lazy("Seen by"), lambda pair: pair[1] and pair[1].acknowledged_by),
    (gettext_lazy("Seen"), lambda pair: pair[1] and pair[1].acknowledged_at),
    (gettext_lazy("Told again"), lambda pair: pair[1] and pair[1].snoozed_until),
    (gettext_lazy("Page"), lambda pair: pair[0].link),
]
SPANS = {"15": timedelta(minutes=15), "60": timedelta(hours=1)}


@require_safe
def index(request: PortalRequest) -> HttpResponseBase:
    """What this person was told, newest first; unread stands out until it is marked seen."""
    at = wallclock.now()
    sweep.if_overdue(at)
    told = Delivery.objects.to(request.user.pk).in_app().order_by("-pk")
    if kind := spreadsheet.asked(request):
        return spreadsheet.listed(kind, "alerts", COLUMNS, _with_alerts(request, told))
    before = request.GET.get("before", "")
    if before.isdecimal():
        told = told.filter(pk__lt=int(before[:18]))
    rows = list(told[: PAGE + 1])
    alerts = _alerts(request, rows)
    context = {
        "rows": [_told(row, alerts, at) for row in rows[:PAGE]],
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
    alert = _find(request, alert_id)
    try:
        actions.acknowledge(alert_id=alert.pk, by=request.user, at=wallclock.now())
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("leads:alerts")


@require_POST
def snooze(request: PortalRequest, alert_id: int) -> HttpResponse:
    """Tell me again later: after a span, or at the next step, whichever is sooner."""
    alert, at = _find(request, alert_id), wallclock.now()
    latest = snoozing.latest(alert.clock, at)
    span = SPANS.get(request.POST.get("for", ""), latest - at)
    until = min(at + span, latest)
    try:
        snoozing.snooze(alert_id=alert.pk, until=until, by=request.user, at=at)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("leads:alerts")


def _find(request: PortalRequest, alert_id: int) -> Alert:
    visible = Alert.objects.filter(clock__in=Clock.objects.visible_to(request.user))
    rows = visible.select_related("clock").annotate(lead_id=F("clock__lead_id"))
    return get_object_or_404(rows, pk=alert_id)


def _told(
    row: Delivery, alerts: dict[int, Alert], at: datetime
) -> tuple[Delivery, Alert | None, list[tuple[str, str]]]:
    """A row with its alert and how long that may be snoozed."""
    alert = alerts.get(_alert_of(row) or 0)
    return row, alert, _later(alert, at) if alert is not None else []


def _alert_of(row: Delivery) -> int | None:
    """Which alert a row tells of, for the first time or again: `alert:12`, `alert:12:...`."""
    kind, _colon, rest = row.about.partition(":")
    return int(rest.split(":")[0]) if kind == "alert" else None


def _alerts(request: PortalRequest, rows: list[Delivery]) -> dict[int, Alert]:
    """The alerts behind the rows, by their number."""
    found = Alert.objects.filter(
        pk__in={pk for pk in map(_alert_of, rows) if pk is not None},
        clock__in=Clock.objects.visible_to(request.user),
    )
    return found.select_related("acknowledged_by", "snoozed_by", "clock").in_bulk()


def _with_alerts(
    request: PortalRequest, told: DeliveryQuerySet
) -> Iterator[tuple[Delivery, Alert | None]]:
    for some in spreadsheet.together(told):
        alerts = _alerts(request, some)
        yield from ((row, alerts.get(_alert_of(row) or 0)) for row in some)


def _later(alert: Alert, at: datetime) -> list[tuple[str, str]]:
    """How long an alert may be snoozed, with the words for it; nothing once it was seen."""
    if alert.acknowledged_at is not None or alert.clock.stopped_at is not None:
        return []
    latest = snoozing.latest(alert.clock, at)
    words = {"15": _("in 15 minutes"), "60": _("in an hour")}
    sooner = [(key, words[key]) for key, span in SPANS.items() if at + span < latest]
    follows = latest < at + snoozing.LONGEST
    return [*sooner, ("step", _("at its next step") if follows else _("in a day"))]
