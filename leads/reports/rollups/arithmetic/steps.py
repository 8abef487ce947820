"""From stage to stage, counted from cells: the arithmetic alone."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from leads.reports.rollups.cells import Numbers


class Entered(NamedTuple):
    """Entries into one stage under one version: a row for each, with its lead, its instant,
    its id, and whether it was waived and imported."""

    version: int
    rows: Numbers


def steps(
    entered: Sequence[Entered], passed: Sequence[Numbers], within: int, version: int
) -> dict[str, int]:
    """How many leads entered first in the period, and how many of them came on `within` so
    many microseconds; `passed` are ids of entries and what each took. Of one `version` only
    those whose first entry was under it; 0 is any."""
    if not entered:
        return {"n": 0, "reached": 0, "waived": 0, "imported": 0}
    rows = np.concatenate([one.rows for one in entered])
    under = np.concatenate([np.full(len(one.rows), one.version) for one in entered])
    _leads, whose = np.unique(rows[:, 0], return_inverse=True)
    first = np.full(len(_leads), np.iinfo(np.int64).max)
    np.minimum.at(first, whose, rows[:, 1])
    cohort = rows[(rows[:, 1] == first[whose]) & (not version or under == version)]
    came = [some[some[:, 1] <= within, 0] for some in passed]
    reached = np.isin(cohort[:, 2], np.concatenate(came)) if came else np.zeros(0, bool)
    return {
        "n": len(cohort),
        "reached": int(reached.sum()),
        "waived": int(cohort[:, 3].sum()),
        "imported": int(cohort[:, 4].sum()),
    }
