"""What watches the portal asks here. Nobody needs to be logged in, and nothing is told.

`live`: the process answers. `ready`: so does its database. `sweep`: clocks are being
checked and messages leave; 503 when the last pass is older than three beats, when there was
none, when a message has been waiting for longer than five minutes, when one was given up in
the last hour, or when the audit found something or did not run for three hours.
"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import wallclock
from portal.notifications.actions import watch


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=status)


@login_not_required
@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    return _plain("live")


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return _plain("the database does not answer", 503)
    return _plain("ready")


@login_not_required
@require_safe
@never_cache
def sweep(request: HttpRequest) -> HttpResponse:
    try:
        state = watch.state(wallclock.now())
    except DatabaseError:
        return _plain("the database does not answer", 503)
    return _plain(_said(state), 503 if state.complaints else 200)


def _said(state: watch.State) -> str:
    lines = [*state.complaints]
    if state.swept_ago is not None:
        lines.append(f"clocks were checked {state.swept_ago.total_seconds():.0f} s ago")
    lines.append(f"the oldest message waits for {state.waited.total_seconds():.0f} s")
    if state.audited_ago is not None:
        lines.append(f"all was audited {state.audited_ago.total_seconds() / 60:.0f} min ago")
    return "; ".join(lines)


urlpatterns = [
    path("live", live, name="health-live"),
    path("ready", ready, name="health-ready"),
    path("sweep", sweep, name="health-sweep"),
]
