"""Why leads came back: returns by reason, where most came from, how they were answered."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from leads.core.handoff import Move
from leads.models import HandoffMove
from leads.reports.period import Filters

ANSWERS = {Move.FIXED: "fixed", Move.DISPUTE: "disputed", Move.RECYCLE: "nurture"}


@dataclass
class Returned:
    """One reason with its returns; `origins` and `answers` say how often each."""

    reason: str
    number: int = 0
    origins: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    @property
    def most_from(self) -> tuple[str, int] | None:
        return self.origins.most_common(1)[0] if self.origins else None


def moves(filters: Filters, reason: str = "") -> QuerySet[HandoffMove]:
    """The returns of the period that still stand, of one reason if one is given."""
    period = filters.period
    found = HandoffMove.objects.filter(
        move=Move.RETURN, undone_at=None, at__gte=period.start, at__lt=period.end
    )
    if reason:
        found = found.filter(reason=reason)
    if filters.team:
        found = found.filter(handoff__receiver_team__key=filters.team)
    if filters.source:
        found = found.filter(handoff__lead__source=filters.source)
    if filters.segment:
        found = found.filter(handoff__segment=filters.segment)
    return found


def returns(filters: Filters) -> list[Returned]:
    """Reasons with their returns, most frequent first; three queries at any size."""
    found: dict[str, Returned] = {}
    rows = list(
        moves(filters).values_list(
            "reason",
            "handoff_id",
            "round",
            "handoff__lead__campaign",
            "handoff__lead__source",
        )
    )
    answers = _answers({handoff for _, handoff, *_ in rows})
    for reason, handoff, round_, campaign, source in rows:
        group = found.setdefault(reason, Returned(reason))
        group.number += 1
        group.origins[campaign or source or ""] += 1
        group.answers[answers.get((handoff, round_), "waiting")] += 1
    return sorted(found.values(), key=lambda group: (-group.number, group.reason))


def _answers(handoffs: Iterable[int]) -> dict[tuple[int, int], str]:
    """How each round of the handoffs was answered, last: a dispute may be mended after all.

    A fix opens the next round, and is recorded there.
    """
    moves = HandoffMove.objects.filter(
        handoff_id__in=list(handoffs), move__in=list(ANSWERS), undone_at=None
    )
    answered = moves.order_by("at", "pk").values_list("handoff_id", "round", "move")
    return {
        (handoff, round_ - (move == Move.FIXED)): ANSWERS[Move(move)]
        for handoff, round_, move in answered
    }
