"""The limit of working-time arithmetic: a bare table of one calendar's open intervals.

In seconds, and only the least that can answer: no rules, no checks, no growth.
The calendar is Europe/Berlin, Monday to Friday 09-12 and 13-17, without holidays.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

BERLIN = ZoneInfo("Europe/Berlin")
YEARS = range(2024, 2030)
EVERY_YEAR = ["01-01", "05-01", "10-03", "12-24", "12-25", "12-26", "12-31"]
MOVABLE = """
    2025-04-18 2025-04-21 2025-05-29 2025-06-09
    2026-04-03 2026-04-06 2026-05-14 2026-05-25
    2027-03-26 2027-03-29 2027-05-06 2027-05-17
"""
HOLIDAYS = sorted(
    date.fromisoformat(day)
    for day in (*(f"{year}-{day}" for year in YEARS for day in EVERY_YEAR), *MOVABLE.split())
)


class BareTable:
    """A table of open intervals in seconds, and the least that can answer from it."""

    CELL, BLOCK = 900, 32_768

    def __init__(self) -> None:
        spans = list(office_spans())
        self.opens, self.closes = [a for a, _ in spans], [b for _, b in spans]
        lengths = np.array(self.closes) - np.array(self.opens)
        before = lengths.cumsum() - lengths
        self.before = before.tolist()
        self.shift = (np.array(self.opens) - before).tolist()
        self.a_opens, self.a_before, self.a_length = np.array(self.opens), before, lengths
        self.a_shift = np.array(self.shift)
        first, last = self.opens[0] // self.CELL * self.CELL, self.closes[-1]
        self.first, cells = first, np.arange(first, last, self.CELL)
        self.row_at = (np.searchsorted(self.a_opens, cells, "right") - 1).clip(0).astype("i4")
        cells = np.arange(0, lengths.sum() + self.CELL, self.CELL)
        self.row_with = (np.searchsorted(before, cells, "right") - 1).clip(0).astype("i4")

    # one call: bisect, with aware UTC datetimes going in and coming out

    def position(self, at: float) -> float:
        row = bisect_right(self.opens, at) - 1
        closes = self.closes[row]
        return self.before[row] + (at if at < closes else closes) - self.opens[row]

    def between(self, start: datetime, end: datetime) -> float:
        return self.position(end.timestamp()) - self.position(start.timestamp())

    def add(self, start: datetime, seconds: int) -> datetime:
        goal = self.position(start.timestamp()) + seconds
        row = bisect_left(self.before, goal) - 1
        return datetime.fromtimestamp(goal + self.shift[row], UTC)

    # batches: a direct index, in blocks that stay in the cache

    def between_blocked(self, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        out = np.empty(len(starts), np.int64)
        index, before, opens, length = self.row_at, self.a_before, self.a_opens, self.a_length
        for k in range(0, len(starts), self.BLOCK):
            x, y = starts[k : k + self.BLOCK], ends[k : k + self.BLOCK]
            i = index.take((x - self.first) // self.CELL)
            j = index.take((y - self.first) // self.CELL)
            out[k : k + self.BLOCK] = (
                before.take(j)
                + np.minimum(y - opens.take(j), length.take(j))
                - before.take(i)
                - np.minimum(x - opens.take(i), length.take(i))
            )
        return out

    def add_blocked(self, starts: np.ndarray, seconds: int) -> np.ndarray:
        out = np.empty(len(starts), np.int64)
        index, before, opens, length = self.row_at, self.a_before, self.a_opens, self.a_length
        for k in range(0, len(starts), self.BLOCK):
            x = starts[k : k + self.BLOCK]
            i = index.take((x - self.first) // self.CELL)
            goal = before.take(i) + np.minimum(x - opens.take(i), length.take(i)) + seconds
            row = self.row_with.take((goal - 1) // self.CELL)
            out[k : k + self.BLOCK] = goal + self.a_shift.take(row)
        return out

    # batches: a binary search

    def positions_searched(self, at: np.ndarray) -> np.ndarray:
        row = np.searchsorted(self.a_opens, at, "right") - 1
        return self.a_before[row] + np.minimum(at - self.a_opens[row], self.a_length[row])

    def between_searched(self, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        return self.positions_searched(ends) - self.positions_searched(starts)

    def add_searched(self, starts: np.ndarray, seconds: int) -> np.ndarray:
        goal = self.positions_searched(starts) + seconds
        return goal + self.a_shift[np.searchsorted(self.a_before, goal, "left") - 1]


def office_spans() -> Iterator[tuple[int, int]]:
    day, closed = date(YEARS[0], 1, 1), set(HOLIDAYS)
    while day.year in YEARS:
        for opens, closes in ((9, 12), (13, 17)) if day.weekday() < 5 else ():
            if day not in closed:
                yield tuple(
                    int(datetime.combine(day, time(hour), BERLIN).timestamp())
                    for hour in (opens, closes)
                )
        day += timedelta(days=1)
