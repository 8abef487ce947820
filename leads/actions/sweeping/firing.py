"""Timers whose instant has come: each done in a transaction of its own, at most once."""

from datetime import datetime

from leads.actions.sweeping.timers import HANDLERS
from leads.models import Lead, Timer
from portal import ledger, timed


def fire_due(*, at: datetime, limit: int) -> tuple[int, int]:
    """Do what is due by `at`, soonest first; return how many were done, and how many failed.

    A lead that somebody acts on at this moment is left to the next pass. A timer that
    fails is tried again five minutes later.
    """
    due = Timer.objects.due(at).values_list("pk", "lead_id")[:limit]
    return timed.fire_each(Timer.objects.all(), due, _fire, at)


def _fire(timer_id: int, lead_id: int, at: datetime) -> bool:
    """Lock the lead, as every action on it does, see that nobody was faster, and do it."""
    with ledger.recording(at=at):
        free = Lead.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).only(
            "pk"
        )
        if free.filter(pk=lead_id).first() is None:
            return False
        due = (
            Timer.objects.due(at)
            .filter(pk=timer_id)
            .select_for_update(no_key=True, of=("self",))
        )
        timer = due.select_related("lead", "handoff", "clock").first()
        if timer is None:
            return False
        timer.done_at, timer.error = at, ""
        timer.save(update_fields=["done_at", "error"])
        HANDLERS[timer.kind](timer, at)
        return True
