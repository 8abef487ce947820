"""Why is this late? One clock with every window, pause and step over its calendar."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leads.actions import clocks as actions
from leads.desk.owed import measured, time_left
from leads.desk.rows import promise
from leads.models import Alert, Clock
from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest
from portal.look.charts.clock import Event, Story
from portal.look.charts.clock import clock as draw
from sla.core import workingtime

LONGEST = timedelta(days=60)


@require_safe
def show(request: PortalRequest, clock_id: int) -> HttpResponse:
    found = Clock.objects.visible_to(request.user).select_related(
        "lead__company", "owner", "team", "version__agreement", "handoff", "contribution"
    )
    clock = get_object_or_404(found.prefetch_related("pauses", "alerts"), pk=clock_id)
    at = wallclock.now()
    until = clock.stopped_at or at
    account = actions.account(clock, actions.calendar_of(clock), at)
    context = {
        "clock": clock,
        "words": promise(clock),
        "state": measured([clock], at).state,
        "left": time_left(clock, at if clock.stopped_at is None else clock.stopped_at),
        "drawing": draw(_story(clock, until, ZoneInfo(request.user.zone))),
        "account": account,
        "rows": _rows(clock),
        "breached": clock.is_breached(at),
        "pauses_listed": clock.version.parsed.obligation(clock.obligation).pauses,
        "may_pause": clock.stopped_at is None
        and clock.paused_at is None
        and clock.owner_id == request.user.pk,
    }
    return render(request, "leads/clock.html", context)


@require_POST
def pause(request: PortalRequest, clock_id: int) -> HttpResponse:
    """Pause for one of the listed reasons; the cap ends it by itself."""
    clock = get_object_or_404(Clock.objects.visible_to(request.user), pk=clock_id)
    try:
        actions.pause(
            clock_id=clock.pk,
            reason=request.POST.get("reason", ""),
            by=request.user,
            at=wallclock.now(),
        )
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("leads:clock", clock_id=clock.pk)


def _story(clock: Clock, until: datetime, zone: ZoneInfo) -> Story:
    """What the drawing needs, in the reader's zone; at most LONGEST of it."""
    calendar = clock.version.parsed.calendar(clock.calendar)
    end = min(max(until, clock.due_at), clock.started_at + LONGEST) + timedelta(days=1)
    openings = [
        (opens.astimezone(zone), closes.astimezone(zone))
        for opens, closes in workingtime.openings(
            calendar, clock.started_at - timedelta(days=1), end
        )
    ]
    return Story(
        openings=openings,
        start=clock.started_at.astimezone(zone),
        due=clock.due_at.astimezone(zone),
        until=until.astimezone(zone),
        running=clock.stopped_at is None,
        pauses=[
            (p.paused_at.astimezone(zone), (p.resumed_at or until).astimezone(zone))
            for p in clock.pauses.all()
        ],
        events=[
            Event(a.due_at.astimezone(zone), "warn" if a.level == "before" else "step", a.step)
            for a in clock.alerts.all()
        ],
    )


def _rows(clock: Clock) -> list[dict[str, Any]]:
    """Start, pauses, every step of the ladder, stop: in order of time."""
    raised = {alert.step: alert for alert in clock.alerts.all()}
    pauses = clock.version.parsed.obligation(clock.obligation).pauses
    listed = {pause.reason: pause.name for pause in pauses}
    rows: list[dict[str, Any]] = [{"at": clock.started_at, "text": _("The clock started.")}]
    for one in clock.pauses.all():
        why = listed.get(one.reason, one.reason)
        rows.append({"at": one.paused_at, "text": _("Paused: %(why)s.") % {"why": why}})
        if one.resumed_at:
            rows.append({"at": one.resumed_at, "text": _("Resumed.")})
    for step in clock.steps:
        alert = raised.get(step["key"])
        rows.append(
            {
                "at": datetime.fromisoformat(step["at"]),
                "text": _step(clock, alert) % {"whom": ", ".join(map(_whom, step["whom"]))},
                "alert": alert,
            }
        )
    rows.append({"at": clock.due_at, "text": _("Due. Exactly then is still on time.")})
    if clock.stopped_at:
        rows.append({"at": clock.stopped_at, "text": _("Stopped.")})
    return sorted(rows, key=lambda row: row["at"])


def _step(clock: Clock, alert: Alert | None) -> str:
    """What a step of the ladder did, will do, or had no need to do."""
    if alert is not None:
        return _("Told: %(whom)s.")
    if clock.stopped_at is None:
        return _("Then will be told: %(whom)s.")
    return _("Would have been told: %(whom)s.")


def _whom(who: Any) -> str:
    words = {
        "acting_owner": _("who acts"),
        "other_owner": _("the other owner"),
        "manager": _("the manager"),
        "steward": _("the steward"),
        "heads": _("both heads"),
    }
    return str(words.get(who, who)) if isinstance(who, str) else str(who.get("person", ""))
