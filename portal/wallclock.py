"""The time of day. Nothing else in the portal asks the system for it.

Doors (views, tasks, commands) call `now()` once and hand the instant down as `at`.
A simulated database keeps an offset; whoever owns that row binds its reader here.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from platform import node

Offset = Callable[[], timedelta]


def _none() -> timedelta:
    return timedelta(0)


_offset: Offset = _none


def bind(offset: Offset | None) -> Offset:
    """Let `offset()` say how far this database's time is from the host's; None: not at all.

    Returns the reader bound before, so that a test can put it back.
    """
    global _offset
    before, _offset = _offset, offset or _none
    return before


def now() -> datetime:
    """The instant it is now, aware, in UTC; on a simulated database, its own time."""
    return datetime.now(UTC) + _offset()


def hosts() -> datetime:
    """The host's own instant, for what no simulation moves: how long a session lasts."""
    return datetime.now(UTC)


def of_this_host() -> datetime:
    """What this host's clock says, whatever time the database keeps: for who asks while it is
    away."""
    return datetime.now(UTC)


def since(instant: datetime) -> timedelta:
    """How long ago an instant was; negative where this host's clock is behind it."""
    return now() - instant


class Drift:
    """How far this process's wall clock went from its steady one since it last looked.

    The steady clock is one that goes on while the machine sleeps, where there is one: a
    laptop that wakes up has not jumped.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.apart, self.looked_at = self._apart(), self._steady()

    def value(self) -> timedelta:
        return timedelta(seconds=self._apart() - self.apart)

    def since(self) -> timedelta:
        """How long ago that look was, by the steady clock."""
        return timedelta(seconds=self._steady() - self.looked_at)

    def _apart(self) -> float:
        return datetime.now(UTC).timestamp() - self._steady()

    def _steady(self) -> float:
        return time.clock_gettime(STEADY)


STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
drift = Drift()


@cache
def machine() -> str:
    """What tells the machine that this runs on from others: containers share a clock."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return boot.read_text().strip() if boot.is_file() else node()
