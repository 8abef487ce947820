"""What stands around a lead: seats, stages with their evidence, facts vouched for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from leads.actions.journeys import attestations, journey, stages
from leads.actions.journeys.facts import facts_of
from leads.actions.owning import seats as seating
from leads.api.ground import (
    KEYED,
    MATCHED,
    READING,
    WRITING,
    acts,
    person,
    reads,
    under_lock,
    write,
)
from leads.api.lead.schemas import LeadOut, SeatOut, StageOut, shown
from leads.api.people import PersonOut
from leads.desk.words import ruling, stage_words
from leads.models import Attestation, Lead
from portal import wallclock
from portal.accounts.api import TokenRequest
from portal.ledger import known
from portal.rest import Answer, Id, Line, Word

router = Router(tags=["leads"])
LEAD = "/leads/{int:lead_id}"
MOST = 200


class SeatList(Schema):
    """Seats, the newest first; those that nobody has any more say until when."""

    items: Sequence[SeatOut]


class SeatIn(Schema):
    department: Literal["marketing", "sales"]
    to: Id


class EntryOut(Schema):
    """One move on the journey with the evidence that was seen then."""

    stage: StageOut
    from_stage: str
    entered_at: datetime
    version: int | None
    handoff: int | None
    by: PersonOut | None
    waived_by: PersonOut | None
    waiver_reason: str
    imported: bool
    evidence: Sequence[dict[str, Any]]


class EntryList(Schema):
    items: Sequence[EntryOut]


class WayOut(Schema):
    """A stage, and what its criteria see of the lead now."""

    stage: StageOut
    here: bool
    met: bool
    evidence: Sequence[dict[str, Any]]


class WayList(Schema):
    items: Sequence[WayOut]


class StageIn(Schema):
    to_stage: Word
    waiver_reason: Line = ""


class FactIn(Schema):
    fact: Word = Field(max_length=60)
    note: Line = ""


class FactOut(Schema):
    """A fact that somebody vouches for, or did until it was withdrawn."""

    fact: str
    note: str
    by: PersonOut | None
    at: datetime
    withdrawn_at: datetime | None


class FactList(Schema):
    items: Sequence[FactOut]


@router.get(f"{LEAD}/seats", auth=reads, response={200: SeatList, **READING})
def lead_seats(request: TokenRequest, lead_id: int) -> SeatList:
    """Who owns it in each department, who did before, and why."""
    rows = find(request, lead_id).assignments.select_related("team", "member__team")
    return SeatList(items=[SeatOut.of(row) for row in rows.order_by("-since", "-pk")[:MOST]])


@router.post(
    f"{LEAD}/seats", auth=acts, response={200: LeadOut, **WRITING}, openapi_extra=MATCHED
)
def give_seat(request: TokenRequest, lead_id: int, body: SeatIn) -> HttpResponse:
    """Give a department's seat to somebody else of it; no clock restarts."""
    lead, to = find(request, lead_id), person(body.to, "body.to")

    def act(at: datetime) -> None:
        seating.reassign_seat(
            lead_id=lead.pk, department=body.department, to=to, by=request.auth.user, at=at
        )

    return changed(request, lead.pk, act)


@router.get(f"{LEAD}/stages", auth=reads, response={200: EntryList, **READING})
def lead_stages(request: TokenRequest, lead_id: int) -> EntryList:
    """Every stage that it entered, oldest first, with the evidence of then."""
    lead, words = find(request, lead_id), stage_words(wallclock.now())
    rows = lead.stage_entries.filter(undone_at=None).select_related(
        "by__team", "waived_by__team", "version"
    )
    items = [
        EntryOut(
            stage=StageOut.of(row.stage, words),
            from_stage=row.from_stage,
            entered_at=row.entered_at,
            version=row.version.number if row.version else None,
            handoff=row.handoff_id,
            by=PersonOut.of(row.by),
            waived_by=PersonOut.of(row.waived_by),
            waiver_reason=row.waiver_reason,
            imported=row.imported,
            evidence=row.evidence,
        )
        for row in rows[:MOST]
    ]
    return EntryList(items=items)


@router.get(f"{LEAD}/evidence", auth=reads, response={200: WayList, **READING})
def lead_evidence(request: TokenRequest, lead_id: int) -> WayList:
    """What the criteria of each stage see of the lead now; empty with no version in force."""
    lead, at = find(request, lead_id), wallclock.now()
    rules = ruling(at)
    terms = rules.of(lead.agreement_id)
    if terms is None:
        return WayList(items=[])
    with known.reading():
        facts, here = facts_of(lead, at), stages.standing(lead, terms)
        items = []
        for stage in terms.journey:
            outcome = stages.outcome_of(lead, stage, at, facts)
            items.append(
                WayOut(
                    stage=StageOut.of(stage.key, rules.words),
                    here=stage.key == here,
                    met=outcome.met,
                    evidence=outcome.as_json(),
                )
            )
    return WayList(items=items)


@router.post(
    f"{LEAD}/move", auth=acts, response={200: LeadOut, **WRITING}, openapi_extra=MATCHED
)
def move_lead(request: TokenRequest, lead_id: int, body: StageIn) -> HttpResponse:
    """Move it to another stage. Unmet criteria are named, and want a waiver with its reason
    by who may waive."""
    lead = find(request, lead_id)

    def act(at: datetime) -> None:
        journey.move(
            lead_id=lead.pk,
            to_stage=body.to_stage,
            by=request.auth.user,
            at=at,
            waiver_reason=body.waiver_reason,
        )

    return changed(request, lead.pk, act)


@router.get(f"{LEAD}/attestations", auth=reads, response={200: FactList, **READING})
def lead_attestations(request: TokenRequest, lead_id: int) -> FactList:
    """The facts that somebody vouches for."""
    rows = find(request, lead_id).attestations.select_related("by__team").order_by("pk")
    return FactList(items=[_fact(row) for row in rows[:MOST]])


@router.post(
    f"{LEAD}/attestations", auth=acts, response={200: FactOut, **WRITING}, openapi_extra=KEYED
)
def attest(request: TokenRequest, lead_id: int, body: FactIn) -> HttpResponse:
    """Vouch for a fact that the agreement asks about; the lead may move on by it."""
    lead = find(request, lead_id)

    def act(at: datetime) -> Answer:
        said = attestations.attest(
            lead_id=lead.pk, fact=body.fact, note=body.note, by=request.auth.user, at=at
        )
        return Answer(_fact(said), lead=lead.pk)

    return write(request, act)


@router.post(
    f"{LEAD}/attestations/withdraw",
    auth=acts,
    response={200: FactList, **WRITING},
    openapi_extra=KEYED,
)
def withdraw_attestation(request: TokenRequest, lead_id: int, body: FactIn) -> HttpResponse:
    """Take a fact back; answered with the facts that are told of the lead then."""
    lead = find(request, lead_id)

    def act(at: datetime) -> Answer:
        attestations.withdraw_attestation(
            lead_id=lead.pk, fact=body.fact, by=request.auth.user, at=at
        )
        rows = lead.attestations.select_related("by__team").order_by("pk")
        return Answer(FactList(items=[_fact(row) for row in rows[:MOST]]), lead=lead.pk)

    return write(request, act)


def find(request: TokenRequest, lead_id: int) -> Lead:
    """The lead, for who reads leads; else 404."""
    visible = Lead.objects.visible_to(request.auth.user).select_related("company", "agreement")
    return get_object_or_404(visible, pk=lead_id)


def changed(request: TokenRequest, lead_id: int, act: Any) -> HttpResponse:
    """Do something to a lead, and answer with it as it then stands."""
    user = request.auth.user

    def done(at: datetime) -> Answer:
        act(at)
        return Answer(shown(lead_id, user, at), lead=lead_id)

    read = under_lock(lead_id, lambda: shown(lead_id, user, wallclock.now()))
    return write(request, done, read)


def _fact(row: Attestation) -> FactOut:
    return FactOut(
        fact=row.fact,
        note=row.note,
        by=PersonOut.of(row.by),
        at=row.at,
        withdrawn_at=row.withdrawn_at,
    )
