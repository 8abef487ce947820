"""What is read of one lead: the newest of each kind one by one, the rest as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Count, Max, Min, Model, Q, QuerySet

from leads.models import (
    Assignment,
    Attestation,
    Clock,
    Contribution,
    Handoff,
    HandoffMove,
    Lead,
    StageEntry,
    Touch,
)

M = TypeVar("M", bound=Model)
MOST = 300


@dataclass(frozen=True)
class Earlier:
    """Touches of one kind and department that are older than those read one by one."""

    department: str
    kind: str
    number: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Story:
    """Everything of one lead, read once, in order of time. `moves` are those that stand."""

    lead: Lead
    entries: Sequence[StageEntry]
    touches: Sequence[Touch]
    moves: Sequence[HandoffMove]
    handoffs: Sequence[Handoff]
    clocks: Sequence[Clock]
    seats: Sequence[Assignment]
    contributions: Sequence[Contribution]
    attestations: Sequence[Attestation]
    earlier: Sequence[Earlier] = ()

    def seat(self, department: str) -> Assignment | None:
        """The current seat of a department."""
        return next((s for s in self.seats if s.department_id == department), None)


def read(lead: Lead) -> Story:
    """The newest MOST of each kind; seven queries, and one more for what is older.

    Touches, handoffs, clocks and requests of what was merged into the lead are among them;
    the stages are the lead's own.
    """
    family = Q(lead__in=_family(lead))
    touches = Touch.objects.filter(family, undone_at=None).select_related("by")
    newest = _newest(touches, "occurred_at")
    moves = _moves(lead)
    return Story(
        lead=lead,
        entries=_newest(
            lead.stage_entries.filter(undone_at=None).select_related("by", "waived_by"),
            "entered_at",
        ),
        touches=newest,
        moves=[move for move in moves if move.undone_at is None],
        handoffs=list({move.handoff_id: move.handoff for move in moves}.values()),
        clocks=_clocks(family),
        seats=_seats(lead),
        contributions=_newest(
            Contribution.objects.filter(family).select_related(
                "owner", "asked_by", "delivered_by", "content"
            ),
            "asked_at",
        ),
        attestations=list(
            lead.attestations.select_related("by", "withdrawn_by").order_by("at", "pk")
        ),
        earlier=_earlier(touches, newest) if len(newest) == MOST else (),
    )


def _family(lead: Lead) -> "QuerySet[Lead, Any]":
    """The lead and what was merged into it. As a set of keys: a condition that reaches over
    two tables would read all of the first."""
    return Lead.objects.filter(Q(pk=lead.pk) | Q(merged_into=lead)).order_by().values("pk")


def _seats(lead: Lead) -> list[Assignment]:
    """The current seats, which who found the lead may have read with it."""
    known = [lead.__dict__.get(f"{side}_seat") for side in ("marketing", "sales")]
    if any(known):
        return [seat for seat in known if seat is not None]
    return list(lead.assignments.filter(until=None).select_related("member", "team"))


def _moves(lead: Lead) -> list[HandoffMove]:
    """The moves with their handoffs, each handoff one object however often it moved."""
    found = _newest(
        HandoffMove.objects.filter(handoff__lead__in=_family(lead)).select_related(
            "by",
            "handoff__receiver",
            "handoff__giver_team__department",
            "handoff__receiver_team__department",
        ),
        "at",
    )
    known: dict[int, Handoff] = {}
    for move in found:
        move.handoff = known.setdefault(move.handoff_id, move.handoff)
        move.handoff.lead = lead if move.handoff.lead_id == lead.pk else move.handoff.lead
    return found


def _clocks(family: Q) -> list[Clock]:
    found = Clock.objects.filter(family).select_related(
        "version", "owner", "team", "handoff", "contribution"
    )
    return list(found.defer("version__backtest").order_by("-started_at", "pk")[:MOST])


def _newest(rows: "QuerySet[M, M]", by: str) -> list[M]:
    newest = list(rows.order_by(f"-{by}", "-pk")[:MOST])
    return newest[::-1]


def _earlier(touches: "QuerySet[Touch, Touch]", newest: Sequence[Touch]) -> list[Earlier]:
    """The rest of a life with very many touches, as numbers by kind."""
    oldest = newest[0]
    older = Q(occurred_at__lt=oldest.occurred_at) | Q(
        occurred_at=oldest.occurred_at, pk__lt=oldest.pk
    )
    rows: Any = (
        touches.filter(older)
        .order_by()
        .values("department_id", "kind")
        .annotate(number=Count("pk"), first=Min("occurred_at"), last=Max("occurred_at"))
        .order_by("-last", "kind")
    )
    return [
        Earlier(row["department_id"], row["kind"], row["number"], row["first"], row["last"])
        for row in rows
    ]
