"""The API of leads: read them, with both words for the stage where each stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from ninja import Query, Router, Schema

from leads.actions.words import hearing
from leads.core.words.stages import StageWords
from leads.desk.words import ruling, stage_words
from leads.models import Lead, WordHeard
from leads.views.lead.finding import Asked, after, leads_for
from portal import wallclock
from portal.accounts.api import Token, TokenRequest
from portal.accounts.models import Scope
from portal.rest import GREATEST, MOST_ROWS, Refusal

reads = Token(Scope.READ)
router = Router(tags=["leads"])
READING: dict[Any, Any] = {401: Refusal, 403: Refusal, 404: Refusal, 422: Refusal}
After = Annotated[int | None, Query(None, alias="after", ge=0, le=GREATEST)]
Limit = Annotated[int, Query(50, ge=1, le=MOST_ROWS)]
Words = Annotated[str, Query("", max_length=100)]


class StageOut(Schema):
    """A stage by its key, the journey's name, and the old label if it has one."""

    key: str
    name: str
    legacy: str | None


class LeadOut(Schema):
    """A lead as it stands now."""

    id: int
    name: str
    company: str | None
    stage: StageOut
    segment: str
    source: str
    received_at: datetime
    closed_at: datetime | None
    closed_as: str | None


class LeadPage(Schema):
    """Leads, newest first, and the address of the next page."""

    items: Sequence[LeadOut]
    next: str | None


class StageList(Schema):
    """Every stage of the agreements in force, in the order of the journey."""

    items: Sequence[StageOut]


@router.get("/leads", auth=reads, response={200: LeadPage, **READING})
def leads(
    request: TokenRequest,
    q: Words = "",
    stage: Words = "",
    after_lead: After = None,
    limit: Limit = 50,
) -> LeadPage:
    """The leads, newest first. `stage` is a key, a name or an old label: `MQL` finds the
    same rows as the journey's own word."""
    user, at = request.auth.user, wallclock.now()
    rules = ruling(at)
    query = QueryDict(urlencode({"q": q, "stage": stage}), mutable=True)
    asked = Asked(query)
    if asked.stage and rules.words.is_legacy(asked.stage):
        place, who = WordHeard.Place.API, request.auth.name
        hearing.heard(word=asked.stage, place=place, who=who, at=at)
    found = list(after(leads_for(asked, user, rules), after_lead)[: limit + 1])
    following = None
    if len(found) > limit:
        query["after"] = str(found[limit - 1].pk)
        query["limit"] = str(limit)
        following = f"{request.path}?{query.urlencode()}"
    items = [_out(lead, rules.words) for lead in found[:limit]]
    return LeadPage(items=items, next=following)


@router.get("/leads/{int:lead_id}", auth=reads, response={200: LeadOut, **READING})
def lead(request: TokenRequest, lead_id: int) -> LeadOut:
    """One lead; what became part of another is not there any more."""
    visible = Lead.objects.visible_to(request.auth.user).select_related("company")
    found = visible.filter(pk=lead_id).first()
    if found is None:
        raise Http404
    return _out(found, stage_words(wallclock.now()))


@router.get("/stages", auth=reads, response={200: StageList, **READING})
def stages(request: TokenRequest) -> StageList:
    """The words for every stage."""
    words = stage_words(wallclock.now())
    items = [
        StageOut(key=key, name=name, legacy=words.label(key) or None)
        for key, name in words.names.items()
    ]
    return StageList(items=items)


def _out(lead: Lead, words: StageWords) -> LeadOut:
    label = words.label(lead.stage) or None
    return LeadOut(
        id=lead.pk,
        name=lead.name,
        company=lead.company.name if lead.company else None,
        stage=StageOut(key=lead.stage, name=words.spoken(lead.stage), legacy=label),
        segment=lead.segment,
        source=lead.source,
        received_at=lead.received_at,
        closed_at=lead.closed_at,
        closed_as=lead.closed_as or None,
    )
