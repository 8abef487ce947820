"""The same replay as limits/replay.py as one compiled pass, a row at a time, on one core."""

import numba
import numpy as np

from limits.replay import QUARTER, Quarters


def dues(
    table: Quarters,
    starts: np.ndarray,
    targets: np.ndarray,
    begins: np.ndarray,
    ends: np.ndarray,
    stops: np.ndarray,
) -> tuple[np.ndarray, int]:
    """When each was due, and how many stopped after it. Compiled at the first call."""
    columns = starts, targets, begins, ends, stops
    return _pass(table.position, table.is_open, table.wall, table.origin, *columns)


@numba.njit(cache=False)
def _pass(position, is_open, wall, origin, starts, targets, begins, ends, stops):
    due, late = np.empty_like(starts), 0
    for row in range(starts.size):
        since = _worked(position, is_open, origin, starts[row])
        goal = since + targets[row]
        if begins[row] < ends[row]:
            ran = _worked(position, is_open, origin, begins[row]) - since
            if ran < targets[row]:
                resumed = _worked(position, is_open, origin, ends[row])
                goal = resumed + targets[row] - ran
        quarter = (goal - 1) // QUARTER
        due[row] = wall[quarter] + goal - quarter * QUARTER
        late += due[row] < stops[row]
    return due, late


@numba.njit(cache=False)
def _worked(position, is_open, origin, at):
    quarter = at // QUARTER
    return position[quarter - origin] + is_open[quarter - origin] * (at - quarter * QUARTER)
