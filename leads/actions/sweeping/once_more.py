"""For doors: an action whose time an alert overtook is read again with the new time, once."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from leads.errors import AlertWasRaised

R = TypeVar("R")


def once_more(act: Callable[[datetime], R], *, now: Callable[[], datetime]) -> R:
    """Return `act(now())`; if an alert came while it waited for its turn, do so once more.

    >>> once_more(lambda at: handoffs.accept(handoff_id=7, by=anna, at=at), now=wallclock.now)

    The second time is later than the alert, so the answer counts as what it is: late.
    Raises AlertWasRaised if another alert overtakes that one too.
    """
    try:
        return act(now())
    except AlertWasRaised:
        return act(now())
