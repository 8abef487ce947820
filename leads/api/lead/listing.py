"""Leads are found and read."""

from collections.abc import Sequence
from typing import Annotated

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from leads.actions.words import hearing
from leads.api.ground import READING, After, Limit, Number, Words, reads
from leads.api.lead.schemas import LeadOut, LeadPage, StageOut, whole
from leads.desk.words import ruling, stage_words
from leads.models import Assignment, Lead, WordHeard
from leads.views.lead.finding import Asked, after, leads_for
from portal import wallclock
from portal.accounts.api import TokenRequest
from portal.ledger.models import LedgerEntry
from portal.rest import Instant, following

router = Router(tags=["leads"])


class StageList(Schema):
    """Every stage of the agreements in force, in the order of the journey."""

    items: Sequence[StageOut]


class Wanted(Schema):
    """Which leads. `stage` is a key, a name or an old label: `MQL` finds the same rows as
    the journey's own word. `changed_since`: anything about them is newer in the ledger."""

    q: Words = ""
    stage: Words = ""
    team: Words = ""
    owner: Number = None
    source: Words = ""
    company: Number = None
    open: bool | None = None
    changed_since: Instant | None = None


@router.get("/leads", auth=reads, response={200: LeadPage, **READING})
def leads(
    request: TokenRequest,
    wanted: Annotated[Wanted, Query()],
    after_lead: Annotated[After, Query(None, alias="after")] = None,
    limit: Limit = 50,
) -> LeadPage:
    """The leads, newest first. `owner` and `team` are those of a seat as it is now."""
    user, at = request.auth.user, wallclock.now()
    rules = ruling(at)
    asked = Asked(_as_address(wanted))
    if asked.stage and rules.words.is_legacy(asked.stage):
        place, who = WordHeard.Place.API, request.auth.name
        hearing.heard(word=asked.stage, place=place, who=who, at=at)
    rows = whole(_narrowed(leads_for(asked, user, rules), wanted))
    found = list(after(rows, after_lead)[: limit + 1])
    more = following(request, found[limit - 1].pk, limit) if len(found) > limit else None
    return LeadPage(items=[LeadOut.of(one, rules.words) for one in found[:limit]], next=more)


@router.get("/leads/{int:lead_id}", auth=reads, response={200: LeadOut, **READING})
def lead(request: TokenRequest, lead_id: int) -> LeadOut:
    """One lead; what became part of another is not there any more."""
    visible = whole(Lead.objects.visible_to(request.auth.user))
    return LeadOut.of(get_object_or_404(visible, pk=lead_id), stage_words(wallclock.now()))


@router.get("/stages", auth=reads, response={200: StageList, **READING})
def stages(request: TokenRequest) -> StageList:
    """The words for every stage."""
    words = stage_words(wallclock.now())
    return StageList(items=[StageOut.of(key, words) for key in words.names])


def _as_address(wanted: Wanted) -> QueryDict:
    """What the list of the pages is asked for, in its own words."""
    query = QueryDict(mutable=True)
    query["q"], query["stage"] = wanted.q, wanted.stage
    query["company"] = str(wanted.company or "")
    return query


def _narrowed(found: "QuerySet[Lead]", wanted: Wanted) -> "QuerySet[Lead]":
    seats = Assignment.objects.filter(lead=OuterRef("pk"), until=None)
    if wanted.team:
        found = found.filter(Exists(seats.filter(team__key=wanted.team)))
    if wanted.owner is not None:
        found = found.filter(Exists(seats.filter(member=wanted.owner)))
    if wanted.source:
        found = found.filter(source=wanted.source)
    if wanted.open is not None:
        found = found.filter(closed_at__isnull=wanted.open)
    if wanted.changed_since is not None:
        told = LedgerEntry.objects.filter(lead_id=OuterRef("pk"))
        found = found.filter(Exists(told.filter(at__gte=wanted.changed_since)))
    return found
