"""Why is this late? One clock with every window, pause and step over its calendar."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from leads.actions import clocks as actions
from leads.actions.sweeping import outages
from leads.actions.sweeping.once_more import once_more
from leads.desk.owed import measured, time_left
from leads.desk.rows import promise
from leads.models import Clock
from leads.views import clock_parts as parts
from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest
from portal.look.charts.clock import Story, split_by_day
from portal.look.charts.clock import clock as draw
from portal.look.charts.spans import Span
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
    story = _story(clock, until, ZoneInfo(request.user.zone))
    context = {
        "clock": clock,
        "words": promise(clock),
        "state": measured([clock], at).state,
        "left": time_left(clock, at if clock.stopped_at is None else clock.stopped_at),
        "drawing": draw(story),
        "outages": bool(story.outages),
        "account": account,
        "figures": parts.figures(clock, account, clock.target_time - account.running),
        "rows": parts.told(clock, at),
        "breached": clock.is_breached(at),
        "pauses_listed": clock.version.parsed.obligation(clock.obligation).pauses,
        "may_pause": clock.stopped_at is None
        and clock.paused_at is None
        and clock.owner_id == request.user.pk,
        "may_resume": clock.paused_at is not None and clock.owner_id == request.user.pk,
    }
    return render(request, "leads/clock.html", context)


@require_POST
def pause(request: PortalRequest, clock_id: int) -> HttpResponse:
    """Pause for one of the listed reasons; the cap ends it by itself."""
    clock = get_object_or_404(Clock.objects.visible_to(request.user), pk=clock_id)
    reason = request.POST.get("reason", "")
    try:
        once_more(
            lambda at: actions.pause(clock_id=clock.pk, reason=reason, by=request.user, at=at),
            now=wallclock.now,
        )
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("leads:clock", clock_id=clock.pk)


def _story(clock: Clock, until: datetime, zone: ZoneInfo) -> Story:
    """What the drawing needs, in whole days of the reader's zone; at most LONGEST of it."""
    calendar = clock.version.parsed.calendar(clock.calendar)
    marks = parts.marks(clock, zone)
    last = max([until, clock.due_at, *(mark.at for mark in marks)])
    day = min(last, clock.started_at + LONGEST).astimezone(zone).date() + timedelta(days=1)
    end = datetime.combine(day, time(), zone)
    openings = workingtime.openings(calendar, clock.started_at - timedelta(days=1), end)
    return Story(
        openings=split_by_day(_here(openings, zone)),
        start=clock.started_at.astimezone(zone),
        due=clock.due_at.astimezone(zone),
        until=until.astimezone(zone),
        running=clock.stopped_at is None,
        pauses=_here([(p.paused_at, p.resumed_at or until) for p in clock.pauses.all()], zone),
        events=marks,
        outages=_here(outages.during(clock.started_at, until), zone),
    )


def _here(spans: Iterable[Span], zone: ZoneInfo) -> list[Span]:
    return [(begins.astimezone(zone), ends.astimezone(zone)) for begins, ends in spans]
