"""Timed events that are no ladder steps: set with their cause, fired by the sweep.

Whoever owns a kind binds what is to be done in HANDLERS; the sweep locks what the timer
is about, sees that nobody was faster, and calls it inside one transaction.
"""

from collections.abc import Callable
from datetime import datetime

from leads.models import Clock, Handoff, Lead, Timer
from portal.bulk.single import write

Handler = Callable[[Timer, datetime], None]

HANDLERS: dict[str, Handler] = {}
"""Kind -> inner step, called with the timer and the instant it is now; the lead is locked.
What stops a clock takes effect at `timer.at`, when it was due. Bound in `leads.apps`."""


def bind(kind: str, handler: Handler) -> None:
    HANDLERS[kind] = handler


def set_timer(
    kind: str,
    *,
    at: datetime,
    lead: Lead,
    handoff: Handoff | None = None,
    clock: Clock | None = None,
    round: int = 1,  # noqa: A002 - the domain's word
    note: str = "",
) -> Timer:
    """Something is to happen at `at`, once. An inner step."""
    return write(
        Timer(kind=kind, at=at, lead=lead, handoff=handoff, clock=clock, round=round, note=note)
    )


def cancel_timers(
    *,
    at: datetime,
    handoff: Handoff | None = None,
    clock: Clock | None = None,
    lead: Lead | None = None,
    kinds: tuple[str, ...] = (),
) -> int:
    """Let nothing more happen about these; return how many were to come. An inner step.

    Without a subject nothing is cancelled. `kinds` empty: all.
    """
    subjects = {"handoff": handoff, "clock": clock, "lead": lead}
    about = {name: row for name, row in subjects.items() if row is not None}
    if not about:
        return 0
    to_come = Timer.objects.to_come().filter(**about)
    if kinds:
        to_come = to_come.filter(kind__in=kinds)
    return to_come.update(cancelled_at=at)
