"""Handoffs and clocks as the API says them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import Prefetch, QuerySet
from ninja import Field, Schema

from leads.api.people import PersonOut
from leads.core.words.reasons import quiet
from leads.models import Clock, Handoff
from portal.accounts.models import Team, User
from portal.rest import Day, Id, Line, Prose, Word

Value = bool | int | Line
HandoffState = Literal[
    "offered", "accepted", "returned", "completed", "closed", "withdrawn", "expired"
]


class ClockOut(Schema):
    """One promise with its instants, fixed when it began. `outcome` is empty while it runs.

    `page`: where people read why it stands as it does.
    """

    id: int
    page: str
    lead: int
    handoff: int | None
    contribution: int | None
    obligation: str
    kind: str
    round: int
    version: int
    department: str
    team: str
    owner: PersonOut | None
    calendar: str
    target: timedelta
    attempts_needed: int
    attempts_made: int
    started_at: datetime
    due_at: datetime
    warn_at: datetime | None
    paused_at: datetime | None
    stopped_at: datetime | None
    outcome: str

    @classmethod
    def of(cls, clock: Clock) -> "ClockOut":
        plain = (
            "obligation", "kind", "round", "calendar", "attempts_needed", "attempts_made",
            "started_at", "due_at", "warn_at", "paused_at", "stopped_at", "outcome",
        )  # fmt: skip
        return cls(
            id=clock.pk,
            page=f"/clocks/{clock.pk}/",
            lead=clock.lead_id,
            handoff=clock.handoff_id,
            contribution=clock.contribution_id,
            version=clock.version.number,
            department=clock.department_id,
            team=clock.team.key,
            owner=PersonOut.of(clock.owner),
            target=clock.target_time,
            **{name: getattr(clock, name) for name in plain},
        )


class SideOut(Schema):
    """One side of a handoff: the team, and the person if there is one yet."""

    team: str
    department: str
    member: PersonOut | None

    @classmethod
    def of(cls, team: Team, member: User | None) -> "SideOut":
        return cls(team=team.key, department=team.department_id, member=PersonOut.of(member))


class HandoffOut(Schema):
    """A handoff as it stands now, with the clocks of its round. `gaps`: what its package
    lacked at the offer; `evidence`: what was seen then."""

    id: int
    page: str
    lead: int
    kind: str
    name: str
    state: HandoffState
    round: int
    agreement: str
    version: int
    segment: str
    automatic: bool
    giver: SideOut
    receiver: SideOut
    why: Sequence[str]
    first_offered_at: datetime
    offered_at: datetime
    accepted_at: datetime | None
    returned_at: datetime | None
    ended_at: datetime | None
    return_reason: str
    return_note: str
    disputed_at: datetime | None
    dispute_note: str
    decided_as: str
    outcome: str
    outcome_reason: str
    waived_by: PersonOut | None
    waiver_reason: str
    gaps: Sequence[str]
    evidence: Sequence[dict[str, Any]]
    clocks: Sequence[ClockOut]

    @classmethod
    def of(cls, handoff: Handoff) -> "HandoffOut":
        plain = (
            "kind", "state", "round", "segment", "automatic", "first_offered_at", "offered_at",
            "accepted_at", "returned_at", "ended_at", "return_reason", "return_note",
            "disputed_at", "dispute_note", "decided_as", "outcome", "outcome_reason",
            "waiver_reason", "gaps", "evidence",
        )  # fmt: skip
        names = {one.key: one.name for one in handoff.version.parsed.handoffs}
        return cls(
            id=handoff.pk,
            page=f"/handoffs/{handoff.pk}/",
            lead=handoff.lead_id,
            name=names.get(handoff.kind, handoff.kind),
            agreement=handoff.version.agreement.key,
            version=handoff.version.number,
            giver=SideOut.of(handoff.giver_team, handoff.giver),
            receiver=SideOut.of(handoff.receiver_team, handoff.receiver),
            why=[quiet(str(line)) for line in handoff.why],
            waived_by=PersonOut.of(handoff.waived_by),
            clocks=[
                ClockOut.of(clock)
                for clock in handoff.clocks.all()
                if clock.round == handoff.round
            ],
            **{name: getattr(handoff, name) for name in plain},
        )


class HandoffPage(Schema):
    items: Sequence[HandoffOut]
    next: str | None


# --- what is sent with a move


class OfferIn(Schema):
    """`values` fill blanks of the package by their names; nothing known is overwritten."""

    kind: Word
    waiver_reason: Line = ""
    values: dict[Word, Value] = Field(default_factory=dict, max_length=50)


class ReturnIn(Schema):
    """One of the agreement's reasons, by its key."""

    reason: Word
    note: Prose = ""


class FixIn(Schema):
    """What was wrong, put right: fields by their names, such as `lead.phone`."""

    values: dict[Word, Value] = Field(default_factory=dict, max_length=50)


class DisputeIn(Schema):
    note: Prose = Field(min_length=1)


class RecycleIn(Schema):
    """On which day it comes back, at eight where you are, and to whom of Marketing."""

    on: Day
    to: Id | None = None
    note: Line = ""


class DecideIn(Schema):
    counts: bool


class PackageIn(Schema):
    values: dict[Word, Value] = Field(min_length=1, max_length=50)


class CompleteIn(Schema):
    won: bool = False
    note: Line = ""


class TalkingIn(Schema):
    note: Line = ""


class CloseIn(Schema):
    """Why; `lost` if they decided against us, else it was never one for us."""

    reason: Line = Field(min_length=1)
    lost: bool = False


class ReassignIn(Schema):
    to: Id


class NothingIn(Schema):
    """Nothing more is asked."""


def whole(handoffs: "QuerySet[Handoff]") -> "QuerySet[Handoff]":
    """Handoffs with all that HandoffOut says, in two queries however many there are."""
    clocks = Clock.objects.select_related("version", "team", "owner__team")
    return handoffs.select_related(
        "lead", "version__agreement", "giver_team__department", "receiver_team__department",
        "giver__team", "receiver__team", "waived_by__team",
    ).prefetch_related(Prefetch("clocks", clocks.order_by("pk")))  # fmt: skip
