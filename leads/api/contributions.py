"""Late-stage material: asked by Sales, delivered by Marketing, used or not, or taken back."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError as NotValid
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator

from leads.actions import contributions as actions
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
from leads.models import Contribution, Lead
from portal.accounts.api import TokenRequest
from portal.rest import Answer, Id, Line, Problem, paged

router = Router(tags=["contributions"])
ONE = "/contributions/{int:contribution_id}"
STATES: dict[str, dict[str, Any]] = {
    "asked": {"delivered_at": None, "cancelled_at": None},
    "delivered": {"delivered_at__isnull": False, "used": None, "cancelled_at": None},
    "used": {"used": True},
    "unused": {"used": False},
    "cancelled": {"cancelled_at__isnull": False},
}
Material = Literal["case_study", "comparison", "reference", "other"]
State = Literal["asked", "delivered", "used", "unused", "cancelled"]
_is_a_link = URLValidator(schemes=["http", "https"])


def _link(written: str) -> str:
    if written:
        try:
            _is_a_link(written)
        except NotValid:
            raise ValueError("this is no link; give one that begins with https://") from None
    return written


class AskIn(Schema):
    """What Sales needs. A comparison names the competitor."""

    kind: Material
    subject: Line = Field(min_length=1, max_length=200)
    competitor: Line = Field("", max_length=120)


class DeliverIn(Schema):
    """A piece of the library by its number, or a link: one of them."""

    link: Annotated[Line, AfterValidator(_link)] = ""
    content: Id | None = None


class UsedIn(Schema):
    used: bool


class ContributionOut(Schema):
    """What was asked, of whom, and what became of it."""

    id: int
    lead: int
    kind: str
    subject: str
    competitor: str
    asked_by: PersonOut | None
    asked_at: datetime
    owner: PersonOut | None
    delivered_at: datetime | None
    delivered_by: PersonOut | None
    link: str
    content: int | None
    used: bool | None
    answered_at: datetime | None
    cancelled_at: datetime | None


class ContributionPage(Schema):
    items: Sequence[ContributionOut]
    next: str | None


class Wanted(Schema):
    lead: Number = None
    owner: Number = None
    state: State | None = None


@router.get("/contributions", auth=reads, response={200: ContributionPage, **READING})
def contributions(
    request: TokenRequest,
    wanted: Annotated[Wanted, Query()],
    after: After = None,
    limit: Limit = 50,
) -> ContributionPage:
    """Requests, the newest first; their clocks are at /clocks."""
    named = {"lead": wanted.lead, "owner": wanted.owner}
    found = _asked(request).filter(**{name: value for name, value in named.items() if value})
    if wanted.state is not None:
        found = found.filter(**STATES[wanted.state])
    rows, following = paged(request, found, after=after, limit=limit)
    return ContributionPage(items=[_out(row) for row in rows], next=following)


@router.get(ONE, auth=reads, response={200: ContributionOut, **READING})
def contribution(request: TokenRequest, contribution_id: int) -> ContributionOut:
    """One request."""
    return _out(_find(request, contribution_id))


@router.post(
    f"{LEAD}/contributions",
    auth=acts,
    response={201: ContributionOut, **WRITING},
    openapi_extra=KEYED,
)
def ask_contribution(request: TokenRequest, lead_id: int, body: AskIn) -> HttpResponse:
    """Ask Marketing for material: by who has Sales' seat. Its clock starts."""
    lead = find_lead(request, lead_id)
    if body.kind == "comparison" and not body.competitor:
        raise Problem(
            422, "Name the competitor to compare with.", kind="invalid",
            errors=[("body.competitor", "a comparison names one")],
        )  # fmt: skip

    def act(at: datetime) -> Answer:
        one = actions.ask(lead_id=lead.pk, by=request.auth.user, at=at, **body.model_dump())
        where = f"/api/v1/contributions/{one.pk}"
        return Answer(_out(_find(request, one.pk)), 201, lead=lead.pk, location=where)

    return write(request, act)


@router.post(
    f"{ONE}/deliver",
    auth=acts,
    response={200: ContributionOut, **WRITING},
    openapi_extra=KEYED,
)
def deliver_contribution(
    request: TokenRequest, contribution_id: int, body: DeliverIn
) -> HttpResponse:
    """Deliver it, which stops its clock."""
    if bool(body.link) == (body.content is not None):
        raise Problem(
            422, "Give a piece of the library or a link, one of them.", kind="invalid",
            errors=[("body.link", "one of link and content")],
        )  # fmt: skip

    def act(pk: int, at: datetime) -> None:
        actions.deliver(
            contribution_id=pk, by=request.auth.user, at=at, link=body.link,
            content_id=body.content,
        )  # fmt: skip

    return _changed(request, contribution_id, act)


@router.post(
    f"{ONE}/used", auth=acts, response={200: ContributionOut, **WRITING}, openapi_extra=KEYED
)
def contribution_used(
    request: TokenRequest, contribution_id: int, body: UsedIn
) -> HttpResponse:
    """Say once whether it was used; if so it is a touch of Marketing's."""

    def act(pk: int, at: datetime) -> None:
        actions.mark_used(contribution_id=pk, by=request.auth.user, at=at, used=body.used)

    return _changed(request, contribution_id, act)


@router.post(
    f"{ONE}/cancel", auth=acts, response={200: ContributionOut, **WRITING}, openapi_extra=KEYED
)
def cancel_contribution(request: TokenRequest, contribution_id: int) -> HttpResponse:
    """Take back what was asked."""

    def act(pk: int, at: datetime) -> None:
        actions.cancel(contribution_id=pk, by=request.auth.user, at=at)

    return _changed(request, contribution_id, act)


def _changed(
    request: TokenRequest, contribution_id: int, act: Callable[[int, datetime], None]
) -> HttpResponse:
    one = _find(request, contribution_id)

    def done(at: datetime) -> Answer:
        act(one.pk, at)
        return Answer(_out(_find(request, one.pk)), lead=one.lead_id)

    return write(request, done)


def _asked(request: TokenRequest) -> "QuerySet[Contribution]":
    visible = Lead.objects.visible_to(request.auth.user)
    return Contribution.objects.filter(lead__in=visible).select_related(
        "asked_by__team", "owner__team", "delivered_by__team"
    )


def _find(request: TokenRequest, contribution_id: int) -> Contribution:
    return get_object_or_404(_asked(request), pk=contribution_id)


def _out(row: Contribution) -> ContributionOut:
    plain = ("kind", "subject", "competitor", "asked_at", "delivered_at", "link", "used",
             "answered_at", "cancelled_at")  # fmt: skip
    return ContributionOut(
        id=row.pk,
        lead=row.lead_id,
        content=row.content_id,
        asked_by=PersonOut.of(row.asked_by),
        owner=PersonOut.of(row.owner),
        delivered_by=PersonOut.of(row.delivered_by),
        **{name: getattr(row, name) for name in plain},
    )
