"""Leads as the API says them, with both words for the stage where each stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from ninja import Schema

from leads.api.people import PersonOut
from leads.core.words.reasons import quiet
from leads.core.words.stages import StageWords
from leads.desk.words import stage_words
from leads.models import Assignment, Lead
from portal.accounts.models import User


class StageOut(Schema):
    """A stage by its key, the journey's name, and the old label if it has one."""

    key: str
    name: str
    legacy: str | None

    @classmethod
    def of(cls, key: str, words: StageWords) -> "StageOut":
        return cls(key=key, name=words.spoken(key), legacy=words.label(key) or None)


class SeatOut(Schema):
    """One department's seat on a lead; without a member it is the team's pool's."""

    department: str
    team: str
    member: PersonOut | None
    since: datetime
    until: datetime | None
    why: Sequence[str]

    @classmethod
    def of(cls, seat: Assignment) -> "SeatOut":
        return cls(
            department=seat.department_id,
            team=seat.team.key,
            member=PersonOut.of(seat.member),
            since=seat.since,
            until=seat.until,
            why=[quiet(str(line)) for line in seat.why],
        )


class SourceOut(Schema):
    """A system's own name for the lead."""

    system: str
    external_id: str


class LeadOut(Schema):
    """A lead as it stands now. `page`: its page for people."""

    id: int
    page: str
    name: str
    email: str
    phone: str
    job_title: str
    country: str
    company: str | None
    company_id: int | None
    stage: StageOut
    agreement: str | None
    segment: str
    source: str
    campaign: str
    score: int | None
    consent: bool | None
    attributes: dict[str, Any]
    sources: Sequence[SourceOut]
    seats: Sequence[SeatOut]
    received_at: datetime
    closed_at: datetime | None
    closed_as: str | None
    closed_reason: str
    previous_id: int | None
    imported: bool
    held: bool

    @classmethod
    def of(cls, lead: Lead, words: StageWords) -> "LeadOut":
        seats: list[Assignment] = getattr(lead, "seats", [])
        named = ("name", "email", "phone", "job_title", "country", "segment", "source",
                 "campaign", "score", "consent", "attributes", "received_at", "closed_at",
                 "closed_reason", "imported", "held")  # fmt: skip
        return cls(
            id=lead.pk,
            page=f"/leads/{lead.pk}/",
            company=lead.company.name if lead.company else None,
            company_id=lead.company_id,
            stage=StageOut.of(lead.stage, words),
            agreement=lead.agreement.key if lead.agreement else None,
            sources=[
                SourceOut(system=one.source, external_id=one.external_id)
                for one in lead.sources.all()
            ],
            seats=[SeatOut.of(seat) for seat in seats],
            closed_as=lead.closed_as or None,
            previous_id=lead.previous_id,
            **{name: getattr(lead, name) for name in named},
        )


class LeadPage(Schema):
    """Leads, newest first, and the address of the next page."""

    items: Sequence[LeadOut]
    next: str | None


def whole(leads: "QuerySet[Lead]") -> "QuerySet[Lead]":
    """Leads with all that LeadOut says, in three queries however many there are."""
    seats = Assignment.objects.filter(until=None).select_related("team", "member__team")
    return leads.select_related("company", "agreement").prefetch_related(
        Prefetch("assignments", seats.order_by("department"), to_attr="seats"), "sources"
    )


def shown(lead_id: int, user: User, at: datetime) -> LeadOut:
    """One lead for its reader, as it stands in this transaction. Raises Lead.DoesNotExist."""
    lead = whole(Lead.objects.visible_to(user)).get(pk=lead_id)
    return LeadOut.of(lead, stage_words(at))
