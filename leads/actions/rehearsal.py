"""What would come of it: done as it would be done, and taken back before anybody sees it.

A preview by another code than the act is a second truth. This one is the act itself.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from portal import ledger

T = TypeVar("T")


class _Over(Exception):
    """The rehearsal is over: everything goes back."""


def rehearse(act: Callable[[], T], *, at: datetime) -> T:
    """What `act`, an inner step, gives; neither a row nor an entry of it stays.

    Rows that it locks are free again when this returns, and nobody is told. What it raises
    is raised here.
    """
    found: list[T] = []
    with ledger.recording(at=at):
        try:
            with ledger.savepoint():
                found.append(act())
                raise _Over
        except _Over:
            return found[0]
    raise AssertionError("a rehearsal ends where it is taken back")
