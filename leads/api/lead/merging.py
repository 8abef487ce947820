"""Suspected duplicates: shown, merged, and taken apart again within a day."""

from collections.abc import Sequence
from datetime import datetime

from django.http import Http404, HttpResponse
from ninja import Router, Schema

from leads.actions.intake.known import suspected
from leads.actions.journeys import merging, unmerging
from leads.api.ground import KEYED, READING, WRITING, acts, reads, write
from leads.api.lead.around import LEAD, find
from leads.api.lead.schemas import LeadOut, shown
from leads.models import Lead
from portal import wallclock
from portal.accounts.api import TokenRequest
from portal.rest import Answer, Id, Problem

router = Router(tags=["leads"])


class MergeIn(Schema):
    """Into which lead this one goes; it learns what it did not know."""

    into: Id


class AlikeOut(Schema):
    """A lead that may be the same person. `in_the_way`: why it is not merged now, if so."""

    id: int
    name: str
    in_the_way: str


class AlikeList(Schema):
    items: Sequence[AlikeOut]


@router.get(f"{LEAD}/duplicates", auth=reads, response={200: AlikeList, **READING})
def lead_duplicates(request: TokenRequest, lead_id: int) -> AlikeList:
    """Open leads that may be the same person: suspected only, and never merged by itself."""
    lead, user, at = find(request, lead_id), request.auth.user, wallclock.now()
    return AlikeList(
        items=[
            AlikeOut(
                id=one.pk, name=one.name, in_the_way=merging.in_the_way(one, user, lead, at)
            )
            for one in suspected(lead)[:50]
        ]
    )


@router.post(
    f"{LEAD}/merge", auth=acts, response={200: LeadOut, **WRITING}, openapi_extra=KEYED
)
def merge_lead(request: TokenRequest, lead_id: int, body: MergeIn) -> HttpResponse:
    """Let this lead become part of another, with which it is answered."""
    lead, user = find(request, lead_id), request.auth.user
    into = Lead.objects.visible_to(user).filter(pk=body.into).first()
    if into is None:
        raise Problem(
            422, "There is no such lead.", kind="invalid", errors=[("body.into", "no lead")]
        )

    def act(at: datetime) -> Answer:
        merging.merge(lead_id=lead.pk, into_id=into.pk, by=user, at=at)
        return Answer(shown(into.pk, user, at), lead=into.pk)

    return write(request, act)


@router.post(
    f"{LEAD}/unmerge", auth=acts, response={200: LeadOut, **WRITING}, openapi_extra=KEYED
)
def unmerge_lead(request: TokenRequest, lead_id: int) -> HttpResponse:
    """Take a merge back: `lead_id` is the lead that became part of another."""
    user = request.auth.user
    if not user.reads_leads or not Lead.objects.filter(pk=lead_id).exists():
        raise Http404

    def act(at: datetime) -> Answer:
        unmerging.unmerge(lead_id=lead_id, by=user, at=at)
        return Answer(shown(lead_id, user, at), lead=lead_id)

    return write(request, act)
