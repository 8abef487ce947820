"""`manage.py sweep`: check clocks once; with --watch, for as long as the process lives."""

import logging
import signal
import time
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from leads.actions import auditing
from leads.actions.events import aside
from leads.actions.sweeping import sweep
from leads.actions.sweeping.sweep import Swept
from portal import wallclock
from portal.notifications import outbox
from portal.notifications.actions import lanes
from portal.operations.pulse import give as give_a_sign

logger = logging.getLogger(__name__)

EVERY = timedelta(seconds=10)
LOOK_EVERY = timedelta(seconds=1)  # a clock started meanwhile may be due sooner
ROUND_EVERY = timedelta(seconds=1)  # events, however many passes there are
GONE = (OperationalError, InterfaceError)


class Command(BaseCommand):
    help = "Raise every alert that is due and let waiting messages leave."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--watch", action="store_true", help="stay, and sweep at each due instant"
        )
        parser.add_argument(
            "--no-deliver", action="store_true", help="leave the messages to others"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        deliver = not options["no_deliver"]
        if options["watch"]:
            Watch(deliver=deliver).run()
            return
        at = wallclock.now()
        swept, sent = one_pass(at, deliver=deliver)
        sent += lanes.deliver_due(at=wallclock.now()) if deliver else 0
        if deliver:
            aside.go_round(now=wallclock.now)
        self.stdout.write(
            f"{swept.raised} alerts raised, {swept.timers} timers done,"
            f" {swept.errors} rows failed, {sent} messages sent"
        )


def one_pass(at: datetime, *, deliver: bool) -> tuple[Swept, int]:
    """Everything due by `at`; return what was found, and how many messages left."""
    swept = sweep.by_the_clock(at=at, by="command")
    # A long sweep must not use up the leases of what leaves after it.
    return swept, outbox.deliver_due(at=wallclock.now()) if deliver else 0


def pause(at: datetime, next_instant: datetime | None, swept_at: datetime) -> timedelta:
    """How long to wait at `at`: to the next instant or the next regular pass, a second at
    most, as something nearer may come; nothing if either is due."""
    until = swept_at + EVERY
    if next_instant is not None:
        # What was due in the last pass and still is waits for somebody else's transaction.
        waits = next_instant <= swept_at
        until = min(until, swept_at + LOOK_EVERY if waits else next_instant)
    return max(min(until - at, LOOK_EVERY), timedelta(0))


class Watch:
    """Sweeps until it is told to end; a pass under way is finished first."""

    def __init__(self, *, deliver: bool) -> None:
        self.deliver, self.ended = deliver, False
        self.went_round: datetime | None = None

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.end)
        logger.info("watching clocks")
        swept_at: datetime | None = None
        while not self.ended:
            swept_at = self.look(swept_at)
        logger.info("stopped watching clocks")

    def look(self, swept_at: datetime | None) -> datetime | None:
        """`turn` with the time it is now. One that the database keeps may be away with it."""
        try:
            at = wallclock.now()
        except GONE:
            logger.warning("the database did not answer; trying again")
            connection.close()
            time.sleep(LOOK_EVERY.total_seconds())
            return swept_at
        give_a_sign("sweeper", at=at)
        return self.turn(at, swept_at)

    def end(self, number: int, frame: FrameType | None) -> None:
        self.ended = True

    def turn(self, at: datetime, swept_at: datetime | None) -> datetime | None:
        """Sweep if something or the regular pass is due, else wait; return the last pass."""
        close_old_connections()
        try:
            wait = pause(at, sweep.next_instant(), swept_at) if swept_at else timedelta(0)
            if not wait:
                one_pass(at, deliver=self.deliver)
                if self.deliver:
                    lanes.deliver_aside(now=wallclock.now)  # endpoints hold up no sweep
                    self.go_round(at)
                auditing.audit_aside(at=at)
                return at
        except GONE:
            logger.warning("the database did not answer; trying again")
            connection.close()
            wait = LOOK_EVERY
        time.sleep(wait.total_seconds())
        return swept_at

    def go_round(self, at: datetime) -> None:
        """Events, aside: each round has a thread and a connection of its own, which a pass
        for each of many steps due one after the other would make by the dozen."""
        before = self.went_round
        if before is None or not timedelta(0) <= at - before < ROUND_EVERY:
            self.went_round = at
            aside.go_round_aside(now=wallclock.now)
