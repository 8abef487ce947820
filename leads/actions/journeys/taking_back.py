"""A touch taken back by who logged it, within 30 seconds: a wrong key pads no number.

An attempt that accepted the offer is taken back with that move (`handing.undo`). Here is
the other kind: the same clocks run on to their old instants, and the ledger keeps both.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leads.actions import clocks
from leads.actions.handing.transitions import lock, lock_lead
from leads.actions.journeys import touches
from leads.core.handoff import UNDO_WITHIN, Move
from leads.errors import NothingToUndo, UndoOvertaken, UndoTooLate
from leads.models import Clock, ClockPause, Handoff, HandoffMove, Lead, Touch
from portal import ledger
from portal.accounts.models import User

COUNTING = ("first_attempt", "cadence")


@ledger.recorded
def take_back(*, touch_id: int, by: User, at: datetime) -> Touch:
    """Take back a touch that `by` logged by hand, at most 30 s ago, and what it counted for.

    Raises NothingToUndo for what is another's or a system's, UndoTooLate, and UndoOvertaken
    where something followed: a move, a stage, a later attempt, a pause that it ended.
    """
    lead = lock_lead(Touch.objects.values_list("lead_id", flat=True).get(pk=touch_id))
    touch = Touch.objects.select_for_update(no_key=True, of=("self",)).get(pk=touch_id)
    if not _is_own(touch, by) or touch.undone_at is not None:
        raise NothingToUndo(_("There is nothing of yours to take back here."))
    if not touch.recorded_at <= at <= touch.recorded_at + UNDO_WITHIN:
        raise UndoTooLate(_("More than 30 seconds have passed. Nothing was undone."))
    if followed(touch, lead):
        raise UndoOvertaken(_("Something followed that builds on it. Nothing was undone."))
    if touch.handoff_id is not None and touch.is_attempt:
        _uncount(lock(touch.handoff_id), touch, by, at)
    touch.undone_at = at
    touch.save(update_fields=["undone_at"])
    _record(touch, by, at)
    return touch


def takeable(user: User, at: datetime) -> QuerySet[Touch]:
    """What `user` logged by hand and could take back at `at`, the last first, for pages.

    One that a move was made with is not: the move is taken back.
    """
    mine = Touch.objects.filter(
        by=user, department=user.department_id, source=touches.PORTAL, undone_at=None,
        imported=False, recorded_at__gt=at - UNDO_WITHIN, recorded_at__lte=at,
    )  # fmt: skip
    return mine.order_by("-recorded_at", "-pk")


def _is_own(touch: Touch, by: User) -> bool:
    """What `by` logged for their own side; used material is a touch of the other's."""
    own = touch.by_id == by.pk and touch.department_id == by.department_id
    return own and touch.source == touches.PORTAL


def followed(touch: Touch, lead: Lead) -> bool:
    """Whether anything was built on the touch."""
    since = touch.recorded_at
    moves = HandoffMove.objects.filter(handoff__lead=lead, undone_at=None, at__gte=since)
    if moves.exclude(move=Move.UNDO).exists():
        return True
    if lead.stage_entries.filter(undone_at=None, entered_at__gte=since).exists():
        return True
    if lead.touches.filter(undone_at=None, is_attempt=True, pk__gt=touch.pk).exists():
        return True
    ended = ClockPause.objects.filter(clock__lead=lead)
    return (
        ended.filter(resumed_at__gte=touch.occurred_at).exists()
        or ended.filter(paused_at__gte=since).exists()
    )


def _uncount(handoff: Handoff, touch: Touch, by: User, at: datetime) -> None:
    """Let the clocks for which the attempt counted be as they were before it."""
    if not touches.receives(handoff, by, at) or touch.occurred_at < handoff.offered_at:
        return
    kinds = dict(handoff.clocks.values_list("pk", "kind"))
    kept = clocks.snapshot(handoff)
    for row in kept:
        if kinds[row["id"]] in COUNTING and _counted(row, touch):
            row["attempts_made"] -= 1
            row["stopped_at"], row["outcome"] = None, Clock.Outcome.RUNNING
    clocks.reopen(kept, handoff=handoff, at=at)


def _counted(row: dict[str, Any], touch: Touch) -> bool:
    """Whether a clock of a snapshot counted the touch: it ran, or stopped with it."""
    stopped = row["stopped_at"]
    ran = stopped is None or datetime.fromisoformat(stopped) == touch.occurred_at
    return ran and row["attempts_made"] > 0


def _record(touch: Touch, by: User, at: datetime) -> None:
    ledger.append(
        ledger.Kind.TOUCH_TAKEN_BACK,
        at=at,
        by=by,
        subject=("touch", touch.pk),
        lead=touch.lead_id,
        department=touch.department_id,
        clear={"kind": touch.kind, "handoff": touch.handoff_id},
    )
