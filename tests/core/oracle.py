"""An independent judge of working time: every minute of some years, open or not.

It shares no code with the core. A zone is asked only what its offset is at an instant;
which instant a wall time means is then found by RFC 5545's own words. The open minutes
are marked one interval at a time and counted one after the other.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
MINUTE = 60_000_000  # microseconds
PROBE = 180  # minutes
KEYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Zone:
    """The offset of each minute of UTC in some years, and the minute a wall time means."""

    def __init__(self, name: str, years: range) -> None:
        self.zone = ZoneInfo(name)
        self.first = datetime(years.start - 1, 12, 25, tzinfo=UTC)
        self.began = int(self.first.timestamp())
        self.days = (date(years.stop, 1, 7) - self.first.date()).days
        minutes = 1440 * self.days
        # No zone ever changed and changed back within PROBE minutes.
        probes = [self._offset(minute) for minute in range(0, minutes + 1, PROBE)]
        self.offset = np.repeat(np.array(probes, np.int32), PROBE)[:minutes]
        ends = [n * PROBE for n, shift in enumerate(probes) if n and shift != probes[n - 1]]
        self.changes = [self._refined(end) for end in ends]
        self.near: dict[int, list[int]] = {}  # the changes up to two days from each day
        for change in self.changes:
            for day in range(change // 1440 - 2, change // 1440 + 3):
                self.near.setdefault(day, []).append(change)

    def _offset(self, minute: int) -> int:
        at = datetime.fromtimestamp(self.began + 60 * minute, self.zone).utcoffset()
        assert at is not None
        return (at.days * 86_400 + at.seconds) // 60

    def _refined(self, end: int) -> int:
        """The minute of the change up to `end`; sets the offsets since the probe before."""
        begin = end - PROBE
        self.offset[begin:end] = [self._offset(minute) for minute in range(begin, end)]
        old = self.offset[begin]
        return next(m for m in range(begin, end + 1) if m == end or self.offset[m] != old)

    def instant(self, minute: int) -> int:
        return self.began * 1_000_000 + minute * MINUTE

    def minute_of(self, wall: int) -> int:
        """The minute that a wall time (minutes since `first`, on the wall) means.

        RFC 5545, 3.3.5: "If the local time described occurs more than once [...] the
        DATE-TIME value refers to the first occurrence of the referenced time. [...] If
        the local time described does not occur [...] the DATE-TIME value is interpreted
        using the UTC offset before the gap in local times."
        """
        near = self.near.get(wall // 1440, [])
        if not near:
            return wall - int(self.offset[wall])
        offsets = {int(self.offset[m]) for change in near for m in (change - 1, change)}
        for minute in sorted(wall - shift for shift in offsets):
            if minute + self.offset[minute] == wall:
                return minute
        for change in near:
            before, after = int(self.offset[change - 1]), int(self.offset[change])
            if change + before <= wall < change + after:
                return wall - before
        raise AssertionError(f"no minute is {wall} on the wall of {self.zone}")


class Oracle:
    """Working time by counting minutes, for a calendar in JSON and the years of its zone.

    Instants are int64 arrays of microseconds since 1970, well inside those years.
    """

    def __init__(self, calendar: dict[str, Any], zone: Zone) -> None:
        self.zone, self.start = zone, zone.instant(0)
        self.open = np.zeros(len(zone.offset), bool)
        for n in range(4, zone.days - 4):
            self._mark(calendar, n, zone.first.date() + timedelta(days=n))
        self.counted: Ints = np.concatenate([[0], np.cumsum(self.open, dtype=np.int64)])
        self.open_minutes: Ints = np.flatnonzero(self.open)

    def _mark(self, calendar: dict[str, Any], number: int, day: date) -> None:
        breaks = calendar.get("breaks", {}).get(day.isoformat(), [])
        for span in _hours(calendar, day):
            begin, end = self._minutes(number, span)
            kept = np.ones(max(end - begin, 0), bool)
            for away in breaks:
                leave, back = self._minutes(number, away)
                kept[max(leave - begin, 0) : max(back - begin, 0)] = False
            self.open[begin : begin + len(kept)] |= kept

    def _minutes(self, number: int, span: list[str]) -> tuple[int, int]:
        opens, closes = (
            self.zone.minute_of(1440 * number + 60 * int(text[:2]) + int(text[3:]))
            for text in span
        )
        return opens, closes

    def position(self, at: Ints) -> Ints:
        minute, rest = np.divmod(at - self.start, MINUTE)
        return self.counted[minute] * MINUTE + np.where(self.open[minute], rest, 0)

    def between(self, start: Ints, end: Ints) -> Ints:
        return self.position(end) - self.position(start)

    def add(self, start: Ints, amount: Ints) -> Ints:
        """The earliest instant; `amount` is more than nothing."""
        goal = self.position(start) + amount
        minute: Ints = self.open_minutes[(goal - 1) // MINUTE]
        return self.start + minute * MINUTE + (goal - 1) % MINUTE + 1

    def subtract(self, end: Ints, amount: Ints) -> Ints:
        """The latest instant; `amount` is more than nothing."""
        goal = self.position(end) - amount
        minute: Ints = self.open_minutes[goal // MINUTE]
        return self.start + minute * MINUTE + goal % MINUTE

    def is_open(self, at: Ints) -> Ints:
        return self.open[(at - self.start) // MINUTE]

    def next_open(self, at: Ints) -> Ints:
        following = np.searchsorted(self.open_minutes, (at - self.start) // MINUTE)
        opening = self.start + self.open_minutes[following] * MINUTE
        return np.maximum(at, opening)

    def previous_open(self, at: Ints) -> Ints:
        """The last instant, up to `at`, that has open time right before it."""
        before = np.searchsorted(self.open_minutes, (at - 1 - self.start) // MINUTE, "right")
        closing = self.start + (self.open_minutes[before - 1] + 1) * MINUTE
        return np.minimum(at, closing)


def _hours(calendar: dict[str, Any], day: date) -> Iterator[list[str]]:
    written = day.isoformat()
    if written in calendar.get("closed", []):
        return iter(())
    weekly = calendar["weekly"].get(KEYS[day.weekday()], [])
    return iter(calendar.get("special", {}).get(written, weekly))
