"""The least that a replay can cost: each instant looked up by its quarter hour, in blocks.

Bare arithmetic over one calendar whose openings begin and end on quarter hours; at most one
pause a row, targets above nothing, no checks. It must agree with what it is put beside.
"""

import numpy as np

QUARTER = 900_000_000  # microseconds
BLOCK = 16_384


class Quarters:
    """Where every quarter hour lies in working time, and every quarter of it on the wall."""

    def __init__(self, opens: np.ndarray, before: np.ndarray, reach: np.ndarray) -> None:
        lengths = (reach - before) // QUARTER
        self.origin = int(opens[0]) // QUARTER
        ends = int(opens[-1] // QUARTER + lengths[-1]) - self.origin
        self.is_open = np.zeros(ends + 1, np.int64)
        within = np.arange(lengths.sum()) - np.repeat(before // QUARTER, lengths)
        quarters = np.repeat(opens // QUARTER, lengths) + within
        self.is_open[quarters - self.origin] = 1
        self.position = np.concatenate([[0], np.cumsum(self.is_open)[:-1]]) * QUARTER
        self.wall = quarters * QUARTER

    def worked(self, at: np.ndarray) -> np.ndarray:
        quarter, rest = np.divmod(at, QUARTER)
        quarter -= self.origin
        return self.position[quarter] + self.is_open[quarter] * rest

    def dues(
        self, starts: np.ndarray, targets: np.ndarray, begins: np.ndarray, ends: np.ndarray
    ) -> np.ndarray:
        due = np.empty_like(starts)
        for first in range(0, starts.size, BLOCK):
            rows = slice(first, first + BLOCK)
            due[rows] = self._block(starts[rows], targets[rows], begins[rows], ends[rows])
        return due

    def _block(
        self, starts: np.ndarray, targets: np.ndarray, begins: np.ndarray, ends: np.ndarray
    ) -> np.ndarray:
        since = self.worked(starts)
        goals = since + targets
        paused = np.flatnonzero(begins < ends)
        ran = self.worked(begins[paused]) - since[paused]
        moved = ran < targets[paused]
        paused, ran = paused[moved], ran[moved]
        goals[paused] = self.worked(ends[paused]) + targets[paused] - ran
        quarter = (goals - 1) // QUARTER
        return self.wall[quarter] + goals - quarter * QUARTER
