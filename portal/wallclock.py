"""The time of day. Nothing else in the portal asks the system for it.

Doors (views, tasks, commands) call `now()` once and hand the instant down as `at`.
A simulated database keeps an offset; whoever owns that row binds its reader here.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

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
