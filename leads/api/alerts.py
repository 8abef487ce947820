"""Alerts: raised by clocks, acknowledged, snoozed; and what one was told, marked read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from leads.actions.alerting import alerts as actions
from leads.actions.alerting import snoozing
from leads.api.ground import (
    KEYED,
    READING,
    WRITING,
    After,
    Limit,
    Number,
    acts,
    reads,
    write,
)
from leads.api.people import PersonOut
from leads.models import Alert, Clock
from portal import wallclock
from portal.accounts.api import TokenRequest
from portal.notifications import outbox
from portal.rest import Answer, Instant, paged

router = Router(tags=["alerts"])
ONE = "/alerts/{int:alert_id}"


class AlertOut(Schema):
    """That a clock reached a step. `due_at` is the step's true instant; `found_late` if the
    portal got there late."""

    id: int
    clock: int
    lead: int
    handoff: int | None
    step: str
    level: str
    due_at: datetime
    raised_at: datetime
    found_late: bool
    met_by_evidence_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: PersonOut | None
    snoozed_until: datetime | None


class AlertPage(Schema):
    items: Sequence[AlertOut]
    next: str | None


class Wanted(Schema):
    """Which alerts. `owner`: who owns the clock; `open`: nobody has seen them yet."""

    lead: Number = None
    clock: Number = None
    owner: Number = None
    open: bool | None = None


class SnoozeIn(Schema):
    """Until when, its next step at the latest; nothing: as long as can be."""

    until: Instant | None = None


class ReadOut(Schema):
    """Everything that you were told is marked read, as of this instant."""

    read_at: datetime


@router.get("/alerts", auth=reads, response={200: AlertPage, **READING})
def alerts(
    request: TokenRequest,
    wanted: Annotated[Wanted, Query()],
    after: After = None,
    limit: Limit = 50,
) -> AlertPage:
    """Alerts, the newest first."""
    found = _alerts(request)
    named = {
        "clock__lead": wanted.lead, "clock": wanted.clock, "clock__owner": wanted.owner,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in named.items() if value})
    if wanted.open is not None:
        found = found.filter(acknowledged_at__isnull=wanted.open)
    rows, following = paged(request, found, after=after, limit=limit)
    return AlertPage(items=[_out(row) for row in rows], next=following)


@router.get(ONE, auth=reads, response={200: AlertOut, **READING})
def alert(request: TokenRequest, alert_id: int) -> AlertOut:
    """One alert."""
    return _out(_find(request, alert_id))


@router.post(
    f"{ONE}/acknowledge", auth=acts, response={200: AlertOut, **WRITING}, openapi_extra=KEYED
)
def acknowledge_alert(request: TokenRequest, alert_id: int) -> HttpResponse:
    """Seen, I act. It stops no clock."""
    found = _find(request, alert_id)

    def act(at: datetime) -> Answer:
        actions.acknowledge(alert_id=found.pk, by=request.auth.user, at=at)
        return Answer(_out(_find(request, found.pk)), lead=found.clock.lead_id)

    return write(request, act)


@router.post(
    f"{ONE}/snooze", auth=acts, response={200: AlertOut, **WRITING}, openapi_extra=KEYED
)
def snooze_alert(
    request: TokenRequest, alert_id: int, body: SnoozeIn | None = None
) -> HttpResponse:
    """Tell me again later; the clock runs on."""
    found, wanted = _find(request, alert_id), body.until if body else None

    def act(at: datetime) -> Answer:
        until = wanted or snoozing.latest(found.clock, at)
        snoozing.snooze(alert_id=found.pk, until=until, by=request.auth.user, at=at)
        return Answer(_out(_find(request, found.pk)), lead=found.clock.lead_id)

    return write(request, act)


@router.post("/alerts/read", auth=acts, response={200: ReadOut, **WRITING})
def read_alerts(request: TokenRequest) -> ReadOut:
    """Mark everything that you were told as read. It acknowledges nothing."""
    at = wallclock.now()
    outbox.mark_read(user_id=request.auth.user.pk, at=at)
    return ReadOut(read_at=at)


def _alerts(request: TokenRequest) -> "QuerySet[Alert]":
    visible = Clock.objects.visible_to(request.auth.user)
    return Alert.objects.filter(clock__in=visible).select_related(
        "clock", "acknowledged_by__team"
    )


def _find(request: TokenRequest, alert_id: int) -> Alert:
    return get_object_or_404(_alerts(request), pk=alert_id)


def _out(row: Alert) -> AlertOut:
    plain = ("step", "level", "due_at", "raised_at", "found_late", "met_by_evidence_at",
             "acknowledged_at", "snoozed_until")  # fmt: skip
    return AlertOut(
        id=row.pk,
        clock=row.clock_id,
        lead=row.clock.lead_id,
        handoff=row.clock.handoff_id,
        acknowledged_by=PersonOut.of(row.acknowledged_by),
        **{name: getattr(row, name) for name in plain},
    )
