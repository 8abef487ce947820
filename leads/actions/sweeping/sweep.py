"""The sweep: what is due by now is raised, once, whoever looks and however often.

It takes what is due, never what is open. Alert, deliveries, ledger entry and the next step
stand in one transaction; a crash leaves all of it or nothing, and the next pass does the
rest. Any number of sweeps may run beside each other.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from leads.actions import commitments
from leads.actions.alerting.promised import Due
from leads.actions.sweeping import holding, raising
from leads.actions.sweeping.firing import fire_due
from leads.actions.sweeping.flood import Flood
from leads.actions.sweeping.outages import last_pass, note_outage, remember_pass
from leads.actions.sweeping.raising import Reached
from leads.actions.sweeping.waiting import first_waiting, waiting
from leads.models import Clock, Timer
from portal import bulk, ledger, telemetry, timed
from portal.notifications import outbox
from portal.notifications.models import Delivery
from portal.reader.language import Phrase
from portal.timed import POISON, TRY_AGAIN
from sla.actions import requests

__all__ = [
    "Swept",
    "by_the_clock",
    "if_overdue",
    "last_pass",
    "next_instant",
    "raise_all",
    "raise_due",
    "sweep_through",
]

logger = logging.getLogger(__name__)

BATCH = 200
OVERDUE = timedelta(seconds=30)  # then a web process sweeps too
Planned = tuple[Due, list[Reached]]


@dataclass(frozen=True)
class Swept:
    """What one pass found: alerts raised, timers done, rows that failed."""

    raised: int = 0
    timers: int = 0
    errors: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(
            self.raised + other.raised, self.timers + other.timers, self.errors + other.errors
        )

    def __bool__(self) -> bool:
        return bool(self.raised or self.timers or self.errors)


def raise_due(
    *, at: datetime, limit: int = BATCH, by: str = "", flood: Flood | None = None
) -> Swept:
    """Do one batch of what is due by `at`, in due order; `by` names the sweeper.

    Timers come before ladder steps, as they may stop a clock before a step. Call again
    while the result is true; `flood` is then that of the first batch. Raises RuntimeError
    inside a transaction.
    """
    last = last_pass()
    note_outage(last, at)
    swept = _pass(at, limit, flood or Flood(at))
    remember_pass(last, at, raised=swept.raised, by=by)
    return swept


def raise_all(*, at: datetime, by: str = "") -> Swept:
    """Do everything that is due by `at`, batch by batch."""
    total, flood = Swept(), Flood(at)
    while swept := raise_due(at=at, by=by, flood=flood):
        total += swept
    if total:
        extra = {"raised": total.raised, "timers": total.timers, "errors": total.errors}
        logger.info("clocks swept", extra=extra | {"by": by})
    return total


def next_instant() -> datetime | None:
    """When the next step or timer is due; in the past while one waits to be swept."""
    return first_waiting()


def if_overdue(at: datetime) -> Swept:
    """One batch by a web process, if nobody has swept for half a minute."""
    last = last_pass()
    if last is not None and timedelta(0) <= at - last.swept_at <= OVERDUE:
        return Swept()
    return Swept() if holding.held(at=at) else raise_due(at=at, by="web")


def by_the_clock(*, at: datetime, by: str) -> Swept:
    """Everything due by `at`, the time of this process; nothing while that is in doubt."""
    return Swept() if holding.held(at=at) else raise_all(at=at, by=by)


def sweep_through(start: datetime, end: datetime) -> Iterator[tuple[datetime, Swept]]:
    """Let simulated time pass: sweep at each due instant in [start, end), in order.

    Yields the instant and what was found; what was due before `start` is found at `start`.
    Raises RuntimeError if an instant stays due, which no time would change.
    """
    due = next_instant()
    while due is not None and due < end:
        at, swept = max(due, start), Swept()
        while found := _pass(at, BATCH):
            swept += found
        due = next_instant()
        if due is not None and due <= at:
            raise RuntimeError(f"something due at {due} stays due")
        yield at, swept
    remember_pass(None, end, raised=0, by="simulated")


def _pass(at: datetime, limit: int, flood: Flood | None = None) -> Swept:
    found = waiting(at)
    fired, failed = fire_due(at=at, limit=limit) if found.timers else (0, 0)
    asked, unasked = requests.fire_due(at=at, limit=limit) if found.requests else (0, 0)
    looked, unseen = commitments.fire_due(at=at, limit=limit) if found.paces else (0, 0)
    fired, failed = fired + asked + looked, failed + unasked + unseen
    if fired + failed >= limit or not found.steps:
        return Swept(timers=fired, errors=failed)
    raised, poisoned = _raise_batch(at, limit, flood)
    return Swept(raised, fired, failed + poisoned)


def _raise_batch(at: datetime, limit: int, flood: Flood | None) -> tuple[int, int]:
    """Raise the steps of up to `limit` clocks; return alerts raised and rows that failed."""
    is_flood = flood is not None and flood.is_on
    with telemetry.span("sweep"), ledger.recording(at=at):
        if flood is not None and is_flood:
            flood.tell()
        planned, poison = _planned(_taken(at, limit), at)
        try:
            with ledger.savepoint():
                raised = _write(planned, at, together=is_flood)
        except POISON:
            raised = _write_one_by_one(planned, poison, at, together=is_flood)
        for clock, error in poison:
            _postpone(clock, error, at)
    return raised, len(poison)


def _taken(at: datetime, limit: int) -> list[Due]:
    """Lock what is due. A lead whose timer is still due waits: it may stop the clock."""
    due = Clock.objects.due_for_a_step(at).select_for_update(
        skip_locked=True, no_key=True, of=("self",)
    )
    timed_leads = list(Timer.objects.due(at).values_list("lead_id", flat=True))
    free = due.exclude(lead__in=timed_leads) if timed_leads else due
    return list(map(Due._make, free.values_list(*Due._fields)[:limit]))


def _planned(
    clocks: Sequence[Due], at: datetime
) -> tuple[list[Planned], list[tuple[Due, Exception]]]:
    planned: list[Planned] = []
    poison: list[tuple[Due, Exception]] = []
    for clock in clocks:
        try:
            planned.append((clock, raising.reached(clock, at)))
        except POISON as error:
            poison.append((clock, error))
    return planned, poison


def _write(planned: Sequence[Planned], at: datetime, *, together: bool) -> int:
    due = [one for _, steps in planned for one in steps]
    due = sorted(due, key=lambda one: one.step.at)
    raised = raising.raise_steps(due, at=at, together=together)
    _save_next_steps([(clock, clock.next_step + len(steps)) for clock, steps in planned])
    return raised


def _write_one_by_one(
    planned: Sequence[Planned],
    poison: list[tuple[Due, Exception]],
    at: datetime,
    *,
    together: bool,
) -> int:
    """After a batch that failed: each row alone, so that one stops no other."""
    raised = 0
    for clock, steps in planned:
        try:
            with ledger.savepoint():
                raised += _write([(clock, steps)], at, together=together)
        except POISON as error:
            poison.append((clock, error))
    return raised


def _save_next_steps(reached: Sequence[tuple[Due, int]]) -> None:
    rows = [
        (position, raising.step_at(clock, position), "", clock.pk)
        for clock, position in reached
    ]
    bulk.update(Clock, ("next_step", "next_step_at", "sweep_error"), rows)


def _postpone(clock: Due, error: Exception, at: datetime) -> None:
    """A row that cannot be read is tried again later, and operations is told."""
    said = timed.said(error)
    logger.error("a clock could not be swept", extra={"clock": clock.pk, "error": said})
    Clock.objects.filter(pk=clock.pk).update(sweep_error=said, next_step_at=at + TRY_AGAIN)
    outbox.tell(
        about=f"clock:{clock.pk}:sweep",
        to=outbox.operators(),
        channels=[Delivery.Channel.IN_APP],
        title=Phrase("The clock %(clock)s could not be checked") % {"clock": clock.pk},
        text=said,
        level="late",
        at=at,
    )
