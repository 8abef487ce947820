"""Timers whose instant has come: each done in a transaction of its own, at most once."""

import logging
from datetime import datetime, timedelta

from django.db import DataError, IntegrityError

from leads.actions.timers import HANDLERS
from leads.models import Lead, Timer
from portal import ledger
from portal.errors import DomainError

logger = logging.getLogger(__name__)

POISON = (
    ArithmeticError, AttributeError, DataError, DomainError, IntegrityError, LookupError,
    TypeError, ValueError,
)  # fmt: skip
"""What a row that makes no sense raises. A database that is away is not the row's fault."""
TRY_AGAIN = timedelta(minutes=5)


def fire_due(*, at: datetime, limit: int) -> tuple[int, int]:
    """Do what is due by `at`, soonest first; return how many were done, and how many failed.

    A lead that somebody acts on at this moment is left to the next pass. A timer that
    fails is tried again five minutes later.
    """
    fired = failed = 0
    due = Timer.objects.due(at).values_list("pk", "lead_id")[:limit]
    for timer_id, lead_id in list(due):
        try:
            fired += _fire(timer_id, lead_id, at)
        except POISON as error:
            _postpone(timer_id, error, at)
            failed += 1
    return fired, failed


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


def _postpone(timer_id: int, error: Exception, at: datetime) -> None:
    said = f"{type(error).__name__}: {error}"[:300]
    logger.error("a timer failed", extra={"timer": timer_id, "error": said}, exc_info=error)
    Timer.objects.filter(pk=timer_id).update(at=at + TRY_AGAIN, error=said)
