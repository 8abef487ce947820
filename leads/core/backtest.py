"""Past promises under other terms: when each would have been due, and how it would have
ended. The working-time core in batch; nothing here reads a clock or a database.

Instants are int64 microseconds since 1970-01-01T00:00Z, amounts are working time in
microseconds. `NEVER` stands for an instant that has not come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sla.core.calendar import WorkingCalendar
from sla.core.workingtime import add_many, between_many

Microseconds = NDArray[np.int64]
Flags = NDArray[np.bool_]
Pauses = Sequence[tuple[Microseconds, Microseconds]]
"""The first pause of every row as (begins, ends), then the second, and so on; a row that
has none there begins it NEVER. Those of one row are in order."""

NEVER = int(np.iinfo(np.int64).max)


class Fate(IntEnum):
    """How a promise ends. Left out: returned or cancelled before it was late."""

    OPEN = 0
    MET = 1
    LATE = 2
    LEFT_OUT = 3


@dataclass(frozen=True)
class Ends:
    """When each row stopped (NEVER: it runs) and whether that was no answer (`parted`)."""

    stops: Microseconds
    parted: Flags


def dues(
    calendar: WorkingCalendar,
    starts: Microseconds,
    targets: Microseconds,
    pauses: Pauses = (),
) -> Microseconds:
    """Return when each target has run, as `sla.core.ladder.due` says of one.

    A pause that begins as the target runs out, or later, changes nothing. Raises ValueError
    if the calendar does not open for so long.
    """
    since, left = starts.copy(), targets.copy()
    going = np.ones(starts.size, np.bool_)
    for begins, ends in pauses:
        begins = np.maximum(begins, since)
        rows = np.flatnonzero(going & (begins < ends))
        ran = between_many(calendar, since[rows], begins[rows])
        reached = ran >= left[rows]
        going[rows[reached]] = False
        rows, ran = rows[~reached], ran[~reached]
        left[rows] -= ran
        since[rows] = ends[rows]
    return add_many(calendar, since, left)


def fates(due: Microseconds, ends: Ends, until: int) -> NDArray[np.int8]:
    """Return how each row ends as of `until`, a `Fate` each; due at the stop is on time."""
    running = ends.stops == NEVER
    late = due < np.where(running, until, ends.stops)
    on_time = np.where(ends.parted, Fate.LEFT_OUT, Fate.MET)
    return np.where(late, Fate.LATE, np.where(running, Fate.OPEN, on_time)).astype(np.int8)
