"""Simulated time: only a database whose ledger began as simulated may move its clock."""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError

from portal import ledger
from portal.demo.models import Simulation
from portal.errors import DomainError
from portal.ledger.kinds import Kind

READ_EVERY = 1.0  # seconds; every process sees a moved clock within this time


class NotSimulated(DomainError):
    """This database keeps real time."""


class TimeRunsForward(DomainError):
    """A clock that was set back would make facts that lie in its future."""


class _Cache:
    """The offset as last read, and when that was on the monotonic clock."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.offset, self.read_at = timedelta(0), float("-inf")

    def value(self) -> timedelta:
        """While the database is away, what it said last; raises if it never said anything."""
        if time.monotonic() - self.read_at >= READ_EVERY:
            try:
                row = Simulation.objects.first()
            except DatabaseError:
                if self.read_at == float("-inf"):
                    raise
                return self.offset
            self.offset = row.ahead_by if row else timedelta(0)
            self.read_at = time.monotonic()
        return self.offset


_cache = _Cache()


def offset() -> timedelta:
    """How far this database's time is ahead of the host's; zero where it is real."""
    return _cache.value()


@ledger.recorded
def advance(*, by: timedelta, at: datetime) -> timedelta:
    """Move the clock ahead; return how far it is ahead of the host's now.

    Raises NotSimulated on a real database or where the settings forbid it, and
    TimeRunsForward if `by` is negative.
    """
    if not (settings.SIMULATION_ALLOWED and ledger.is_simulated()):
        raise NotSimulated("This database keeps real time; its clock cannot be moved.")
    if by < timedelta(0):
        raise TimeRunsForward("Time runs forward only; `make demo-reset` starts over.")
    row, _ = Simulation.objects.select_for_update(no_key=True).get_or_create()
    ahead: timedelta = row.ahead_by + by
    row.ahead_by = ahead
    row.save(update_fields=["ahead_by"])
    clear = {"ahead": int(ahead.total_seconds())}
    ledger.append(Kind.TIME_MOVED, subject=("ledger", 1), at=at, clear=clear)
    _cache.forget()
    return ahead
