"""A return that is disputed: by whom, since when, and until when both managers decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from leads.core.handoff import Move
from leads.models import Clock, Handoff, HandoffMove


@dataclass(frozen=True)
class Dispute:
    """`by`: a name; "" where the portal itself did it. `until`: the due instant of the
    managers' clock; None where the version promises no decision."""

    by: str
    at: datetime
    note: str
    until: datetime | None


def dispute(
    handoff: Handoff | None, moves: Iterable[HandoffMove], clocks: Iterable[Clock]
) -> Dispute | None:
    """The dispute of a handoff, from its moves and clocks; None where nothing is disputed.

    `moves` and `clocks` may be those of other handoffs too, and are not looked at where
    nothing is disputed.
    """
    if handoff is None or not handoff.is_disputed or handoff.disputed_at is None:
        return None
    said = [
        move
        for move in moves
        if (move.handoff_id, move.move) == (handoff.pk, Move.DISPUTE) and move.undone_at is None
    ]
    due = [
        clock.due_at
        for clock in clocks
        if (clock.handoff_id, clock.kind, clock.stopped_at) == (handoff.pk, "decide", None)
    ]
    by = max(said, key=lambda move: move.pk).by if said else None
    return Dispute(
        str(by or ""), handoff.disputed_at, handoff.dispute_note, max(due, default=None)
    )
