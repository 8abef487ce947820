"""What watches the portal asks here. Nobody needs to be logged in, and nothing is told.

`live`: the process answers. `ready`: so does its database. `sweep`: clocks are being
checked and messages leave; 503 when the last pass is older than three beats, when there was
none, or when a message has been waiting for longer than five minutes.
"""

from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import wallclock
from portal.notifications.models import Delivery

LATE = timedelta(seconds=30)
STUCK = timedelta(minutes=5)


class Pass(Protocol):
    """One pass of the sweep."""

    swept_at: datetime


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
        return _watch(wallclock.now())
    except DatabaseError:
        return _plain("the database does not answer", 503)


def _watch(at: datetime) -> HttpResponse:
    last: Pass | None = import_string(settings.LAST_SWEEP)()
    if last is None:
        return _plain("clocks have never been checked", 503)
    waiting = Delivery.objects.due(at).values_list("next_at", flat=True).first()
    swept_ago, waited = at - last.swept_at, at - (waiting or at)
    late = swept_ago > LATE or waited > STUCK
    return _plain(
        f"clocks were checked {swept_ago.total_seconds():.0f} s ago;"
        f" the oldest message waits for {waited.total_seconds():.0f} s",
        503 if late else 200,
    )


urlpatterns = [
    path("live", live, name="health-live"),
    path("ready", ready, name="health-ready"),
    path("sweep", sweep, name="health-sweep"),
]
