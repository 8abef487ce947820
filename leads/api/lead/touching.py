"""What happened with a lead: touches and meetings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from leads.actions.events.incoming import sources
from leads.actions.journeys import meetings, taking_back, touches
from leads.api.ground import KEYED, READING, WRITING, After, Limit, acts, person, reads, write
from leads.api.lead.around import LEAD, find
from leads.api.people import PersonOut
from leads.models import Lead, Meeting, Touch
from portal.accounts.api import TokenRequest
from portal.rest import Answer, Id, Instant, Line, Word, paged

router = Router(tags=["touches"])
PORTAL = touches.PORTAL
Direction = Literal["inbound", "outbound", "two_way"]


class TouchIn(Schema):
    """What happened. It counts at the server's time; `occurred_at` is kept as a claim, but
    for the token of a system that the agreement trusts for this kind, within its lag.

    `kind`: call, voicemail, personal_mail, meeting, note and others of the agreement.
    `external_id` is the sender's own name for it: the same one is logged once.
    """

    kind: Word
    subject: Line = Field("", max_length=200)
    direction: Direction | None = None
    seconds: int | None = Field(None, ge=0, le=86_400)
    external_id: Line = Field("", max_length=100)
    occurred_at: Instant | None = None


class TouchOut(Schema):
    """A touch. An attempt is outbound by a person; a contact goes both ways."""

    id: int
    lead: int
    handoff: int | None
    department: str
    kind: str
    direction: str
    is_attempt: bool
    is_contact: bool
    by: PersonOut | None
    source: str
    external_id: str
    subject: str
    seconds: int | None
    occurred_at: datetime
    recorded_at: datetime
    claimed_at: datetime | None
    undone_at: datetime | None


class TouchPage(Schema):
    items: Sequence[TouchOut]
    next: str | None


class MeetingIn(Schema):
    """A meeting that the lead booked with `host`, somebody of one's own department."""

    host: Id
    starts_at: Instant


class MeetingOut(Schema):
    id: int
    lead: int
    host: PersonOut | None
    starts_at: datetime
    missed_at: datetime | None


class MeetingList(Schema):
    items: Sequence[MeetingOut]


@router.get(f"{LEAD}/touches", auth=reads, response={200: TouchPage, **READING})
def lead_touches(
    request: TokenRequest, lead_id: int, after: After = None, limit: Limit = 50
) -> TouchPage:
    """What happened with the lead on both sides, newest first."""
    rows = Touch.objects.filter(lead=find(request, lead_id)).select_related("by__team")
    found, following = paged(request, rows, after=after, limit=limit)
    return TouchPage(items=[_touch(row) for row in found], next=following)


@router.post(
    f"{LEAD}/touches", auth=acts, response={201: TouchOut, **WRITING}, openapi_extra=KEYED
)
def log_touch(request: TokenRequest, lead_id: int, body: TouchIn) -> HttpResponse:
    """Log a touch of your department. An attempt on what is offered to you accepts it, stops
    the first attempt and counts for the cadence."""
    lead, token = find(request, lead_id), request.auth
    system = sources.of_token(token)
    source = system or (f"api:{token.pk}" if body.external_id else PORTAL)

    def act(at: datetime) -> Answer:
        touch = touches.log(
            lead_id=lead.pk,
            kind=body.kind,
            subject=body.subject,
            direction=body.direction,
            seconds=body.seconds,
            source=source,
            external_id=body.external_id,
            occurred_at=body.occurred_at if system else None,
            claimed_at=None if system else body.occurred_at,
            by=token.user,
            at=at,
        )
        return Answer(_touch(touch), 201, lead=lead.pk)

    return write(request, act)


@router.post(
    "/touches/{int:touch_id}/take-back",
    auth=acts,
    response={200: TouchOut, **WRITING},
    openapi_extra=KEYED,
)
def take_touch_back(request: TokenRequest, touch_id: int) -> HttpResponse:
    """Take back what you have just logged, within 30 s, and what it counted for."""
    visible = Lead.objects.visible_to(request.auth.user)
    found = get_object_or_404(Touch.objects.filter(lead__in=visible), pk=touch_id)

    def act(at: datetime) -> Answer:
        touch = taking_back.take_back(touch_id=found.pk, by=request.auth.user, at=at)
        return Answer(_touch(touch), lead=found.lead_id)

    return write(request, act)


@router.get(f"{LEAD}/meetings", auth=reads, response={200: MeetingList, **READING})
def lead_meetings(request: TokenRequest, lead_id: int) -> MeetingList:
    """The meetings that the lead booked."""
    rows = Meeting.objects.filter(touch__lead=find(request, lead_id), touch__undone_at=None)
    shown = rows.select_related("touch", "host__team")[:200]
    return MeetingList(items=[_meeting(row) for row in shown])


@router.post(
    f"{LEAD}/meetings", auth=acts, response={201: MeetingOut, **WRITING}, openapi_extra=KEYED
)
def book_meeting(request: TokenRequest, lead_id: int, body: MeetingIn) -> HttpResponse:
    """Enter a meeting that the lead booked: an attempt that nobody had to make."""
    lead, host = find(request, lead_id), person(body.host, "body.host")

    def act(at: datetime) -> Answer:
        booked = meetings.book(
            lead_id=lead.pk, host=host, starts_at=body.starts_at, by=request.auth.user, at=at
        )
        return Answer(_meeting(booked), 201, lead=lead.pk)

    return write(request, act)


@router.post(
    "/meetings/{int:meeting_id}/missed",
    auth=acts,
    response={200: MeetingOut, **WRITING},
    openapi_extra=KEYED,
)
def meeting_missed(request: TokenRequest, meeting_id: int) -> HttpResponse:
    """Say that the lead did not come: the turn is given back, the cadence begins."""
    visible = Lead.objects.visible_to(request.auth.user)
    rows = Meeting.objects.filter(touch__lead__in=visible).select_related("touch")
    meeting = get_object_or_404(rows, pk=meeting_id)

    def act(at: datetime) -> Answer:
        said = meetings.missed(meeting_id=meeting.pk, by=request.auth.user, at=at)
        return Answer(_meeting(said), lead=meeting.touch.lead_id)

    return write(request, act)


def _touch(row: Touch) -> TouchOut:
    plain = set(TouchOut.model_fields) - {"id", "lead", "handoff", "department", "by"}
    return TouchOut(
        id=row.pk,
        lead=row.lead_id,
        handoff=row.handoff_id,
        department=row.department_id,
        by=PersonOut.of(row.by),
        **{name: getattr(row, name) for name in plain},
    )


def _meeting(row: Meeting) -> MeetingOut:
    return MeetingOut(
        id=row.pk,
        lead=row.touch.lead_id,
        host=PersonOut.of(row.host),
        starts_at=row.starts_at,
        missed_at=row.missed_at,
    )
