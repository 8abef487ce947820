"""Celery beat's clockwork: it wakes for the next due instant, and at least every 10 s; the
head of the ledger is published at the start and every hour, and the audit asked for.

The rows decide what is due; a message only says "look now". So any number of beats may
run, and none of them is needed: what they send twice is done once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from celery import Celery
from celery.beat import Scheduler
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError

from portal import wallclock
from portal.operations import pulse

logger = logging.getLogger(__name__)

SWEEP = "leads.sweep"
DELIVER = "notifications.deliver"
PUBLISH = "ledger.publish_head"
RUN_JOBS = "jobs.run"
AUDIT = "leads.audit"
SEAL = "leads.seal"
ROLL = "leads.roll"
EVENTS_IN = "leads.events_in"
EVENTS_OUT = "leads.events_out"
EVERY = {
    SWEEP: timedelta(seconds=10),
    DELIVER: timedelta(seconds=10),
    PUBLISH: timedelta(hours=1),
    AUDIT: timedelta(minutes=5),  # it runs once an hour, when the sweep is not behind
    SEAL: timedelta(hours=1),
    RUN_JOBS: timedelta(seconds=10),
    EVENTS_IN: timedelta(seconds=10),
    EVENTS_OUT: timedelta(seconds=10),
    ROLL: timedelta(seconds=10),
}
LOOK_EVERY = timedelta(seconds=1)  # a clock started meanwhile may be due sooner
# What was just sent is soon swept, and what is due after it may be due in a moment. The next
# look is after a quarter of what it took so far: a slow sweep is not asked for a hundred times.
LOOK_AGAIN = timedelta(milliseconds=10)


@dataclass
class Rhythm:
    """Which tasks to send at an instant, given when the next timed event is due. Pure.

    An instant that stays due, because nobody swept it yet, is sent again with the next
    regular beat and not once a second.
    """

    last: dict[str, datetime] = field(default_factory=dict)
    woken_for: datetime | None = None
    woken_at: datetime | None = None

    def due(self, at: datetime, next_instant: datetime | None) -> list[str]:
        tasks = [task for task in EVERY if self._regular(task, at)]
        if next_instant is not None and next_instant <= at and next_instant != self.woken_for:
            self.woken_for, self.woken_at = next_instant, at
            tasks = [SWEEP, *[task for task in tasks if task != SWEEP]]
        self.last |= dict.fromkeys(tasks, at)
        return tasks

    def _regular(self, task: str, at: datetime) -> bool:
        # A clock that was set back makes the last beat lie ahead: that is due too.
        before = self.last.get(task)
        return before is None or not before <= at < before + EVERY[task]

    def wait(self, at: datetime, next_instant: datetime | None) -> timedelta:
        """How long to sleep: until the next instant, but never longer than a look; a moment
        while one that was just sent is being swept, as the one after it is not known yet."""
        if next_instant is None:
            return LOOK_EVERY
        if next_instant > at:
            return min(LOOK_EVERY, next_instant - at)
        sent_ago = at - self.woken_at if self.woken_at is not None else LOOK_EVERY
        if not timedelta(0) <= sent_ago < LOOK_EVERY:
            return LOOK_EVERY
        return max(sent_ago / 4, LOOK_AGAIN)


class DueScheduler(Scheduler):  # type: ignore[misc]  # celery has no types
    """What `celery beat` runs (CELERY_BEAT_SCHEDULER)."""

    def __init__(self, app: Celery, *args: Any, **kwargs: Any) -> None:
        self.rhythm = Rhythm()
        self.next_instant: Callable[[], datetime | None] = import_string(settings.NEXT_INSTANT)
        super().__init__(app, *args, **kwargs)

    def setup_schedule(self) -> None:
        """No table of entries: the rows are the schedule."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due; return the seconds to sleep."""
        instant = self.read_next_instant()
        try:
            at = wallclock.now()
        except DatabaseError:  # it keeps a simulated time, and was never there yet
            connection.close()
            return LOOK_EVERY.total_seconds()
        for task in self.rhythm.due(at, instant):
            self.send(task)
        pulse.give("beat", at=at)
        return self.rhythm.wait(at, instant).total_seconds()

    def read_next_instant(self) -> datetime | None:
        """The next due instant; None while the database is away, which is logged."""
        close_old_connections()
        try:
            return self.next_instant()
        except DatabaseError:
            logger.warning("the database did not answer; sweeping on the regular beat")
            connection.close()
            return None

    def send(self, task: str) -> None:
        """Send one nudge, which the next one replaces. A broker that is away costs a nudge
        and nothing else."""
        try:
            self.app.send_task(task, expires=EVERY[task].total_seconds(), retry=False)
        except OperationalError:
            logger.warning("the broker did not answer", extra={"task": task})
