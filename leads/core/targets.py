"""Which target would have been kept: the shortest that was enough, round by round.

`judge` says how promises ended under their targets; this turns it round, so that any other
target is answered by a comparison. Both go through `dues`: they cannot differ.
Instants are int64 microseconds since 1970-01-01T00:00Z, amounts are working microseconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leads.core.backtest import NEVER, Fate, Flags, Microseconds, Pauses, dues
from leads.core.rounds import MICROSECOND, History, Owed, owed_in
from sla.core import durations
from sla.core.calendar import WorkingCalendar
from sla.core.durations import Duration
from sla.core.terms import Terms
from sla.core.terms.parts import Obligation
from sla.core.workingtime import between_many


@dataclass(frozen=True)
class Taken:
    """One obligation in the rounds it is owed in, in the order of `judge`.

    `places` in the history, when each started, the working time that is `enough` (a target
    is late if it is shorter), how it ends in time (a `Fate`: met, open or left out), and
    the calendar it is counted in, as an index into `calendars`.
    """

    places: NDArray[np.int64]
    starts: Microseconds
    enough: Microseconds
    in_time: NDArray[np.int8]
    calendar: NDArray[np.int64]
    calendars: tuple[str, ...]

    @property
    def done(self) -> Flags:
        return np.equal(self.in_time, Fate.MET)

    def fates(self, targets: Microseconds) -> NDArray[np.int8]:
        """How each ends under a target of its own."""
        return np.where(targets < self.enough, Fate.LATE, self.in_time).astype(np.int8)


@dataclass(frozen=True)
class Suggested:
    """The shortest time that something was done in, with which `percent` had been kept.

    `target` None: too much was never done, no target would have. `n` were kept or late.
    """

    percent: int
    target: int | None
    n: int
    late: int


def taken(terms: Terms, owed: Obligation, history: History) -> Taken:
    """What each round took, of those that `terms` owe this obligation in."""
    by_calendar, _unseen = owed_in(terms, owed, history)
    keys, parts = tuple(by_calendar), list(by_calendar.values())
    enough = [
        _enough(terms.calendar(key), some, history.until) for key, some in by_calendar.items()
    ]
    places = _joined(some.places for some in parts)
    order = np.argsort(places, kind="stable")
    sizes = np.array([some.places.size for some in parts], np.int64)
    return Taken(
        places=places[order],
        starts=_joined(some.starts for some in parts)[order],
        enough=_joined(enough)[order],
        in_time=_joined(map(_in_time, parts)).astype(np.int8)[order],
        calendar=np.repeat(np.arange(len(keys)), sizes)[order],
        calendars=keys,
    )


def _joined(parts: Iterable[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([*parts, np.empty(0, np.int64)])


def targets(terms: Terms, found: Taken, within: Duration) -> Microseconds:
    """One target for all: days are those of the calendar that each is counted in."""
    by_calendar = [
        durations.working(within, terms.calendar(key)) // MICROSECOND for key in found.calendars
    ]
    return np.array([*by_calendar, 0], np.int64)[found.calendar]


def suggest(found: Taken, percent: int) -> Suggested:
    """Which of the times that were seen would have given `percent`.

    As a scorecard counts: what still runs within the target is open, what was returned or
    cancelled within it is left out.
    """
    done, every = np.sort(found.enough[found.done]), np.sort(found.enough)
    met = np.searchsorted(done, done, "right")
    late = every.size - np.searchsorted(every, done, "right")
    kept = np.flatnonzero(met * 100 >= percent * (met + late))
    if not kept.size:
        return Suggested(percent, None, every.size, every.size - done.size)
    first = int(kept[0])
    n = int(met[first] + late[first])
    return Suggested(percent, int(done[first]), n, int(late[first]))


def _in_time(some: Owed) -> NDArray[np.int64]:
    ended = np.where(some.parted, Fate.LEFT_OUT, Fate.MET)
    return np.where(some.stops == NEVER, Fate.OPEN, ended)


def _enough(calendar: WorkingCalendar, some: Owed, until: int) -> Microseconds:
    """The working time up to the end, pauses apart.

    What ended outside working time, or in a pause, needs the next bit of it: a target that
    runs out exactly at the closing is due then.
    """
    starts, ends = some.starts, np.minimum(some.stops, until)
    ran = _ran(calendar, starts, ends, some.pauses)
    short = dues(calendar, starts, ran, some.pauses) < ends
    return ran + short


def _ran(
    calendar: WorkingCalendar, starts: Microseconds, ends: Microseconds, pauses: Pauses
) -> Microseconds:
    ran = np.maximum(between_many(calendar, starts, np.maximum(starts, ends)), 0)
    since = starts
    for begins, resumed in pauses:
        first = np.clip(begins, since, np.maximum(since, ends))
        last = np.clip(resumed, first, np.maximum(first, ends))
        ran -= between_many(calendar, first, last)
        since = np.maximum(since, last)
    return ran
