"""Clocks: what runs, why it stands as it does, paused and resumed."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from leads.actions import clocks as actions
from leads.api.ground import (
    MATCHED,
    READING,
    WRITING,
    After,
    Limit,
    Number,
    Words,
    acts,
    reads,
    under_lock,
    write,
)
from leads.api.handing.schemas import ClockOut
from leads.models import Clock
from leads.models.clock import ClockQuerySet
from leads.views import clock_parts
from portal import wallclock
from portal.accounts.api import TokenRequest
from portal.rest import Answer, Instant, Word, paged

router = Router(tags=["clocks"])
ONE = "/clocks/{int:clock_id}"


class Wanted(Schema):
    """Which clocks. Late ones run past their due instant now, or stopped after it."""

    lead: Number = None
    handoff: Number = None
    owner: Number = None
    team: Words = ""
    kind: Words = ""
    running: bool | None = None
    late: bool | None = None
    due_before: Instant | None = None


class ClockPage(Schema):
    items: Sequence[ClockOut]
    next: str | None


class PauseIn(Schema):
    """One of the reasons that the agreement lists for this clock."""

    reason: Word


class PauseReason(Schema):
    reason: str
    name: str


class ClockLine(Schema):
    """What happened at an instant; a window of opening hours also says until when, what it
    counted, and what was left after it."""

    at: datetime
    until: datetime | None
    text: str
    counted: timedelta | None
    left: str


class Explanation(Schema):
    """Where the time of a clock went: running, paused and closed are the whole of it."""

    clock: int
    at: datetime
    is_late: bool
    running: timedelta
    paused: timedelta
    closed: timedelta
    left: timedelta
    may_pause_for: Sequence[PauseReason]
    lines: Sequence[ClockLine]


@router.get("/clocks", auth=reads, response={200: ClockPage, **READING})
def clocks(
    request: TokenRequest,
    wanted: Annotated[Wanted, Query()],
    after: After = None,
    limit: Limit = 50,
) -> ClockPage:
    """Clocks, the newest first."""
    found = _narrowed(_clocks(request), wanted, wallclock.now())
    rows, following = paged(request, found, after=after, limit=limit)
    return ClockPage(items=[ClockOut.of(row) for row in rows], next=following)


@router.get(ONE, auth=reads, response={200: ClockOut, **READING})
def clock(request: TokenRequest, clock_id: int) -> ClockOut:
    """One clock."""
    return ClockOut.of(_find(request, clock_id))


@router.get(f"{ONE}/explanation", auth=reads, response={200: Explanation, **READING})
def clock_explanation(request: TokenRequest, clock_id: int) -> Explanation:
    """Why is this late? Every window, pause and step, as the page shows them."""
    rows = _clocks(request).prefetch_related("pauses", "alerts")
    found, at = get_object_or_404(rows, pk=clock_id), wallclock.now()
    account = actions.account(found, actions.calendar_of(found), at)
    listed = found.version.parsed.obligation(found.obligation).pauses
    return Explanation(
        clock=found.pk,
        at=at,
        is_late=found.is_breached(at),
        running=account.running,
        paused=account.paused,
        closed=account.closed,
        left=found.target_time - account.running,
        may_pause_for=[PauseReason(reason=one.reason, name=one.name) for one in listed],
        lines=[_line(row) for row in clock_parts.told(found, at)],
    )


@router.post(
    f"{ONE}/pause", auth=acts, response={200: ClockOut, **WRITING}, openapi_extra=MATCHED
)
def pause_clock(request: TokenRequest, clock_id: int, body: PauseIn) -> HttpResponse:
    """Let it stand still for a listed reason; the cap ends it by itself."""

    def act(at: datetime) -> None:
        actions.pause(clock_id=clock_id, reason=body.reason, by=request.auth.user, at=at)

    return _changed(request, clock_id, act)


@router.post(
    f"{ONE}/resume", auth=acts, response={200: ClockOut, **WRITING}, openapi_extra=MATCHED
)
def resume_clock(request: TokenRequest, clock_id: int) -> HttpResponse:
    """Let it run on; what was left when it paused is left now."""

    def act(at: datetime) -> None:
        actions.resume(clock_id=clock_id, by=request.auth.user, at=at)

    return _changed(request, clock_id, act)


def _clocks(request: TokenRequest) -> ClockQuerySet:
    visible = Clock.objects.visible_to(request.auth.user)
    return visible.select_related("version", "team", "owner__team", "handoff", "lead")


def _find(request: TokenRequest, clock_id: int) -> Clock:
    return get_object_or_404(_clocks(request), pk=clock_id)


def _changed(
    request: TokenRequest, clock_id: int, act: Callable[[datetime], None]
) -> HttpResponse:
    lead_id = _find(request, clock_id).lead_id

    def shown() -> ClockOut:
        return ClockOut.of(_find(request, clock_id))

    def done(at: datetime) -> Answer:
        act(at)
        return Answer(shown(), lead=lead_id)

    return write(request, done, under_lock(lead_id, shown))


def _narrowed(found: ClockQuerySet, wanted: Wanted, at: datetime) -> ClockQuerySet:
    named = {
        "lead": wanted.lead, "handoff": wanted.handoff, "owner": wanted.owner,
        "team__key": wanted.team, "kind": wanted.kind, "due_at__lt": wanted.due_before,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in named.items() if value})
    if wanted.running is not None:
        found = found.filter(stopped_at__isnull=wanted.running)
    if wanted.late is None:
        return found
    overdue = Q(stopped_at=None, paused_at=None, due_at__lt=at)
    late = Q(outcome=Clock.Outcome.LATE) | overdue
    return found.filter(late if wanted.late else ~late)


def _line(row: clock_parts.Row) -> ClockLine:
    return ClockLine(
        at=row["at"],
        until=row.get("until"),
        text=str(row["text"]),
        counted=row.get("counted"),
        left=row.get("left", ""),
    )
