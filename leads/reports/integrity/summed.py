"""What checks count that is in the sums of each day: entries, attempts in time, returns.

What is asked of several leads together (in bulk, one person twice), of evidence, pauses and
single touches stays with its rows.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from leads.reports.integrity import entries
from leads.reports.integrity.scope import Scope
from sla.core.workingtime import microseconds

Days = Mapping[date, int]
Numbers = NDArray[np.int64]
Which = NDArray[np.bool_]
Mask = Callable[[Any, Numbers], Which]


class Sums(Protocol):
    def by_day(self, family: str, *, mask: Mask | None = None, **key: str) -> Counter[date]: ...


def summed(sums: Sums, scope: Scope) -> dict[str, Days]:
    """By a check and whether it is its whole how many rows there are of each day."""
    stages = entries.stages(scope)
    windows = entries.windows(scope)

    def stands(_key: Any, rows: Numbers) -> Which:
        return np.equal(rows[:, 4], 0)

    def waived(_key: Any, rows: Numbers) -> Which:
        return np.equal(rows[:, 3], 1) & stands(_key, rows)

    def committed(key: Any, rows: Numbers) -> Which:
        return np.logical_and(stands(key, rows), key.name in stages)

    def at_the_end(key: Any, rows: Numbers) -> Which:
        found = np.zeros(len(rows), bool)
        for names, start, end in windows:
            if key.name in names:
                at = rows[:, 1]
                found |= (at >= microseconds(start)) & (at < microseconds(end))
        return np.logical_and(found, stands(key, rows))

    counting = sums.by_day("entered", mask=committed)
    return {
        "waived/0": sums.by_day("entered", mask=waived),
        "waived/1": sums.by_day("entered", mask=stands),
        "wave/0": sums.by_day("entered", mask=at_the_end),
        "wave/1": counting,
        "twice/1": counting,
        "last_minute/1": sums.by_day("clocks", kind="first_attempt", state="met"),
        "returned_at_once/1": sums.by_day("returns"),
    }
