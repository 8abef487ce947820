"""Working time: when a promise is due, and how much open time lies between two instants.

Instants are aware datetimes, in any zone going in and in UTC coming out; the `_many`
forms take int64 arrays of microseconds since 1970-01-01T00:00Z. Amounts are open time
that really passes, also on days on which the clocks change. The calendar's rules and
their edges stand in `sla.core.calendar` and `sla.core.openings.rules`.

Every function raises ValueError for a naive instant, and for one outside the years
1900 to 2199; none walks further than those.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from sla.core.calendar import WorkingCalendar
from sla.core.openings.grid import Grid, Microseconds, blocks
from sla.core.openings.rules import instant, microseconds

__all__ = [
    "WorkingCalendar",
    "add",
    "add_many",
    "between",
    "between_many",
    "instant",
    "is_open",
    "microseconds",
    "next_open",
    "openings",
    "previous_open",
    "subtract",
]

_NEGATIVE = "an amount of working time must not be negative"


def add(calendar: WorkingCalendar, start: datetime, amount: timedelta) -> datetime:
    """Return the earliest instant with `amount` of open time between `start` and it.

    Openings are half-open, [opens, closes): a start at closing time counts from the
    next opening, and a promise that runs out exactly at closing time is due then.
    Nothing at all is due at once if `start` is open, else at the next opening.

    >>> friday_four_pm = datetime.fromisoformat("2026-03-06T16:00+00:00")
    >>> add(NINE_TO_FIVE, friday_four_pm, timedelta(hours=4)).isoformat()
    '2026-03-09T12:00:00+00:00'

    Raises ValueError if `amount` is negative, or the calendar does not open for so long.
    """
    lasting = _length(amount)
    if not lasting:
        return next_open(calendar, start)
    return instant(calendar.timetable.add(microseconds(start), lasting))


def subtract(calendar: WorkingCalendar, end: datetime, amount: timedelta) -> datetime:
    """Return the latest instant with `amount` of open time between it and `end`.

    Where that leads exactly to an opening, it is the opening, not the closing before it:
    17:00 less a day of 09:00 to 17:00 is 09:00. Nothing at all leads to `end` itself.

    Raises ValueError if `amount` is negative, or the calendar was not open for so long.
    """
    lasting = _length(amount)
    at = microseconds(end)
    return instant(calendar.timetable.subtract(at, lasting) if lasting else at)


def between(calendar: WorkingCalendar, start: datetime, end: datetime) -> timedelta:
    """Return the open time in [start, end), negative if `end` is the earlier."""
    return timedelta(0, 0, calendar.timetable.between(microseconds(start), microseconds(end)))


def is_open(calendar: WorkingCalendar, at: datetime) -> bool:
    """Whether `at` is working time; an opening is, a closing is not."""
    return calendar.timetable.is_open(microseconds(at))


def next_open(calendar: WorkingCalendar, at: datetime) -> datetime:
    """Return `at` if it is open, else the next opening.

    Raises ValueError if the calendar does not open any more.
    """
    return instant(calendar.timetable.next_open(microseconds(at)))


def previous_open(calendar: WorkingCalendar, at: datetime) -> datetime:
    """Return `at` if the time up to it was open, else the last closing before it.

    So an opening leads to the closing before, and a closing to itself.

    Raises ValueError if the calendar did not open before.
    """
    return instant(calendar.timetable.previous_open(microseconds(at)))


def openings(
    calendar: WorkingCalendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield (opens, closes) of all open time in [start, end), cut to it, in order."""
    spans = calendar.timetable.openings(microseconds(start), microseconds(end))
    return ((instant(opens), instant(closes)) for opens, closes in spans)


def between_many(
    calendar: WorkingCalendar, starts: Microseconds, ends: Microseconds
) -> Microseconds:
    """Return the open time from each start to its end, in microseconds, as `between` does.

    Both are int64 arrays of one length.
    """
    starts, ends = _array(starts), _array(ends)
    if starts.shape != ends.shape:
        raise ValueError(f"{starts.size} starts and {ends.size} ends")
    result = np.empty(starts.size, np.int64)
    if starts.size:
        first, last = min(starts.min(), ends.min()), max(starts.max(), ends.max())
        grid = calendar.timetable.covering(int(first), int(last)).grid
        for block in blocks(starts.size):
            result[block] = grid.positions(ends[block]) - grid.positions(starts[block])
    return result


def add_many(
    calendar: WorkingCalendar, starts: Microseconds, amounts: Microseconds | int
) -> Microseconds:
    """Return the instant at which each amount has passed since its start, as `add` does.

    `starts` is an int64 array of microseconds since 1970; `amounts` is one of the same
    length, or one int for all, in microseconds.
    """
    starts, amounts = _array(starts), _array(amounts)
    if amounts.ndim and amounts.shape != starts.shape:
        raise ValueError(f"{starts.size} starts and {amounts.size} amounts")
    result = np.empty(starts.size, np.int64)
    if starts.size:
        if amounts.min() < 0:
            raise ValueError(_NEGATIVE)
        grid = _grid_for_adding(calendar, starts, amounts)
        for block in blocks(starts.size):
            each = amounts[block] if amounts.ndim else amounts
            result[block] = grid.add(starts[block], each)
    return result


def _grid_for_adding(
    calendar: WorkingCalendar, starts: Microseconds, amounts: Microseconds
) -> Grid:
    """A grid that reaches past the last start by the longest amount, where years allow."""
    first, last = int(starts.min()), int(starts.max())
    return calendar.timetable.reaching(first, last, int(amounts.max())).grid


def _array(values: Microseconds | int) -> Microseconds:
    array = np.asarray(values)
    if array.dtype != np.int64:
        raise ValueError(f"microseconds are int64, not {array.dtype}")
    return array


def _length(amount: timedelta) -> int:
    lasting = (amount.days * 86_400 + amount.seconds) * 1_000_000 + amount.microseconds
    if lasting < 0:
        raise ValueError(_NEGATIVE)
    return lasting
