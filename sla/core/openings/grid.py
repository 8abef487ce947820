"""The arithmetic of a table on int64 arrays of microseconds, many instants at once.

Every opening and closing in use today falls on a quarter of an hour of UTC. So a direct
index of 15-minute cells finds the interval of an instant without a search; a table that
is off this grid falls back to a binary search. Rows go through in blocks, so that what
is computed on the way stays in the processor's second-level cache.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Microseconds = NDArray[np.int64]
Rows = NDArray[np.int32] | NDArray[np.int64]
CELL = 15 * 60 * 1_000_000  # microseconds
BLOCK = 32_768  # rows


class Grid:
    """The arrays of one table, from the opening of its first row to `last`.

    Callers keep instants inside the table, and positions between 1 and its total.
    """

    def __init__(self, opens: Sequence[int], closes: Sequence[int], last: int) -> None:
        self.first, self.last = opens[0], last
        self.opens, self.closes = np.array(opens, np.int64), np.array(closes, np.int64)
        lengths = self.closes - self.opens
        self.until = lengths.cumsum()  # position at each closing
        self.before = self.until - lengths
        self.shift = self.opens - self.before
        self.total = int(self.until[-1])
        self.aligned = not ((self.opens % CELL).any() or (self.closes % CELL).any())
        if self.aligned:
            instants = np.arange(self.first, self.last, CELL)
            positions = np.arange(0, self.total + 1, CELL)
            self._row_at = _rows(self.opens, instants).astype(np.int32)
            self._row_with = _rows(self.before, positions).astype(np.int32)

    def positions(self, at: Microseconds) -> Microseconds:
        """Open time of the table before each instant."""
        row = self._row_open_at(at)
        closes: Microseconds = self.closes.take(row)
        shift: Microseconds = self.shift.take(row)
        return np.minimum(at, closes) - shift

    def earliest(self, positions: Microseconds) -> Microseconds:
        """The first instant with each position: a closing, where one lies there."""
        shift: Microseconds = self.shift.take(self._row_reaching(positions))
        return positions + shift

    def _row_open_at(self, at: Microseconds) -> Rows:
        if self.aligned:
            return self._row_at.take((at - self.first) // CELL)
        return _rows(self.opens, at)

    def _row_reaching(self, positions: Microseconds) -> Rows:
        if self.aligned:
            return self._row_with.take((positions - 1) // CELL)
        return _rows(self.before, positions - 1)

    def add(self, starts: Microseconds, amounts: Microseconds) -> Microseconds:
        """The instant at which each amount has passed since its start.

        Raises ValueError if the table has too little open time after a start.
        """
        worked = self.positions(starts)
        if int((worked + np.maximum(amounts, 1)).max()) > self.total:
            raise ValueError("the calendar does not open for so long")
        due = self.earliest(worked + amounts)
        return due if amounts.all() else np.where(amounts == 0, self._next_open(starts), due)

    def _next_open(self, at: Microseconds) -> Microseconds:
        row = _rows(self.opens, at)
        following = self.opens.take(row + 1, mode="clip")
        return np.where(at < self.closes.take(row), at, following)


def blocks(rows: int) -> Iterator[slice]:
    """The slices to work through, one after the other."""
    return (slice(begin, begin + BLOCK) for begin in range(0, rows, BLOCK))


def _rows(sorted_starts: Microseconds, values: Microseconds) -> NDArray[np.int64]:
    """For each value the last row that starts at or before it."""
    return np.searchsorted(sorted_starts, values, "right") - 1
