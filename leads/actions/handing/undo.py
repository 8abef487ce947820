"""A move taken back by who made it, within 30 seconds, as if it had not been made.

What it stopped runs on to the same instants, what it started is cancelled, and the ledger
keeps both the move and its undoing.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.handing import memory
from leads.actions.handing.refusals import refusal
from leads.actions.handing.transitions import lock, move
from leads.core.guards import Situation
from leads.core.handoff import UNDO_WITHIN, UNDOABLE, Move, State, first_refusal
from leads.errors import NothingToUndo
from leads.models import ClockPause, Handoff, HandoffMove, Lead
from portal import ledger
from portal.accounts.models import User


@ledger.recorded
def undo(*, handoff_id: int, by: User, at: datetime) -> Handoff:
    """Take back the last move of the handoff, if it is `by`'s own and not older than 30 s.

    State, seats, stage, lead, turns and timers are as before; the same clocks run on with
    their original instants; the touch that made the move is marked undone.

    Raises NothingToUndo, UndoTooLate, UndoOvertaken when something followed.
    """
    handoff = lock(handoff_id)
    last = last_move(handoff)
    if last is None or last.by_id != by.pk or Move(last.move) not in UNDOABLE:
        raise NothingToUndo(_("There is nothing of yours to take back here."))
    fresh = last.at <= at <= last.at + UNDO_WITHIN
    situation = Situation(fresh=fresh, followed=followed(handoff, last))
    guard = first_refusal(State(handoff.state), Move.UNDO, situation)
    if guard is not None:
        raise refusal(guard)

    for other in HandoffMove.objects.filter(pk__in=last.undo["also"]).order_by("-pk"):
        _take_back(lock(other.handoff_id), other, by=by, at=at)
    return _take_back(lock(handoff_id), last, by=by, at=at)


def undoable(handoff: Handoff, by: User, at: datetime) -> HandoffMove | None:
    """The move that `by` could take back at `at`, for pages; None if there is none."""
    last = last_move(handoff)
    if last is None or last.by_id != by.pk or Move(last.move) not in UNDOABLE:
        return None
    in_time = last.at <= at <= last.at + UNDO_WITHIN
    return last if in_time and not followed(handoff, last) else None


def last_move(handoff: Handoff) -> HandoffMove | None:
    moves = handoff.moves.filter(undone_at=None).exclude(move=Move.UNDO)
    return moves.order_by("-pk").first()


def followed(handoff: Handoff, last: HandoffMove) -> bool:
    """Whether anything was built on the move: other moves of the lead's handoffs, stages,
    touches on the handoff, pauses of its clocks."""
    mine = {last.pk, *last.undo["also"]}
    later = HandoffMove.objects.filter(
        handoff__lead=handoff.lead_id, pk__gt=last.pk, undone_at=None
    ).exclude(move=Move.UNDO)
    if later.exclude(pk__in=mine).exists():
        return True
    if any(entry.entered_at != last.at for entry in memory.entries_since(handoff, last.undo)):
        return True
    if handoff.lead.is_erased or _came_again(handoff.lead, last):
        return True
    if handoff.touches.filter(undone_at=None, pk__gt=last.undo["last_touch"]).exists():
        return True
    pauses = ClockPause.objects.filter(clock__handoff=handoff)
    return pauses.filter(pk__gt=last.undo["last_pause"]).exists()


def _came_again(lead: Lead, last: HandoffMove) -> bool:
    """Whether the same person is an open lead again, since the move closed this one."""
    if lead.closed_at is None or last.undo["lead"]["closed_at"] or not lead.email_key:
        return False
    same = Lead.objects.open().filter(email_key=lead.email_key, agreement=lead.agreement_id)
    return same.exclude(pk=lead.pk).exists()


def _take_back(handoff: Handoff, last: HandoffMove, *, by: User, at: datetime) -> Handoff:
    memory.restore(handoff, last.undo, by=by, at=at)
    last.undone_at = at
    last.save(update_fields=["undone_at"])
    move(handoff, Move.UNDO, by=by, at=at, reason=last.move, before=State(last.from_state))
    return handoff
