"""Waivers that are asked for: who gives a lead asks who would receive it to let it pass."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from leads.actions.answering import waiving
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
from leads.api.lead.around import LEAD
from leads.api.lead.around import find as find_lead
from leads.api.people import PersonOut
from leads.models.marks import WaiverRequest
from portal.accounts.api import TokenRequest
from portal.rest import Answer, Line, Word, paged

router = Router(tags=["handoffs"])


class WaiverIn(Schema):
    """For which handoff of the agreement, and why its criteria do not matter here."""

    kind: Word = Field(min_length=1, max_length=60)
    why: Line = Field(min_length=1)


class RefusalIn(Schema):
    note: Line = Field(min_length=1)


class WaiverOut(Schema):
    """What was asked of which team, and the answer; `answer` is empty while it waits.

    It is given by offering the lead with a `waiver_reason`, by who may waive.
    """

    id: int
    lead: int
    kind: str
    team: str
    unmet: Sequence[str]
    why: str
    asked_by: PersonOut | None
    asked_at: datetime
    answer: str
    answered_by: PersonOut | None
    answered_at: datetime | None
    note: str


class WaiverPage(Schema):
    items: Sequence[WaiverOut]
    next: str | None


class Wanted(Schema):
    lead: Number = None
    waiting: bool | None = None


@router.get("/waivers", auth=reads, response={200: WaiverPage, **READING})
def waivers(
    request: TokenRequest,
    wanted: Annotated[Wanted, Query()],
    after: After = None,
    limit: Limit = 50,
) -> WaiverPage:
    """Waivers that were asked for, the newest first."""
    found = _asked(request)
    if wanted.lead is not None:
        found = found.filter(lead=wanted.lead)
    if wanted.waiting is not None:
        found = found.filter(answered_at__isnull=wanted.waiting)
    rows, following = paged(request, found, after=after, limit=limit)
    return WaiverPage(items=[_out(row) for row in rows], next=following)


@router.post(
    f"{LEAD}/waivers", auth=acts, response={201: WaiverOut, **WRITING}, openapi_extra=KEYED
)
def ask_waiver(request: TokenRequest, lead_id: int, body: WaiverIn) -> HttpResponse:
    """Ask the receiving side to waive what is not met."""
    lead = find_lead(request, lead_id)

    def act(at: datetime) -> Answer:
        one = waiving.ask(
            lead_id=lead.pk, kind=body.kind, why=body.why, by=request.auth.user, at=at
        )
        return Answer(_out(one), 201, lead=lead.pk)

    return write(request, act)


@router.post(
    "/waivers/{int:request_id}/refuse",
    auth=acts,
    response={200: WaiverOut, **WRITING},
    openapi_extra=KEYED,
)
def refuse_waiver(request: TokenRequest, request_id: int, body: RefusalIn) -> HttpResponse:
    """Say that it is not waived, and why; who asked is told."""
    one = get_object_or_404(_asked(request), pk=request_id)

    def act(at: datetime) -> Answer:
        said = waiving.refuse(request_id=one.pk, note=body.note, by=request.auth.user, at=at)
        return Answer(_out(said), lead=one.lead_id)

    return write(request, act)


def _asked(request: TokenRequest) -> "QuerySet[WaiverRequest]":
    found = WaiverRequest.objects.visible_to(request.auth.user)
    return found.select_related("team", "asked_by__team", "answered_by__team")


def _out(row: WaiverRequest) -> WaiverOut:
    plain = ("unmet", "why", "asked_at", "answer", "answered_at", "note")
    return WaiverOut(
        id=row.pk,
        lead=row.lead_id,
        kind=row.handoff_kind,
        team=row.team.key,
        asked_by=PersonOut.of(row.asked_by),
        answered_by=PersonOut.of(row.answered_by),
        **{name: getattr(row, name) for name in plain},
    )
