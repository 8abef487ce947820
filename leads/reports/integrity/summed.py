"""What checks count that is in the sums of each day: entries, attempts in time, returns.

What is asked of several leads together (in bulk, one person twice), of evidence, pauses and
single touches stays with its rows.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Entries:
    """Says of entries into a stage which of them no file claims; only those that were
    `waived`, if that is asked, and those of `windows`, if there are any: of some stages, from
    an instant in microseconds until another."""

    waived: bool = False
    stages: frozenset[str] | None = None
    windows: tuple[tuple[tuple[str, ...], int, int], ...] | None = None

    def __call__(self, key: Any, rows: Numbers) -> Which:
        found = np.equal(rows[:, 4], 0)
        if self.waived:
            found = found & np.equal(rows[:, 3], 1)
        if self.stages is not None:
            found = np.logical_and(found, key.name in self.stages)
        return found if self.windows is None else found & self._within(key.name, rows[:, 1])

    def _within(self, stage: str, at: Numbers) -> Which:
        found = np.zeros(len(at), bool)
        for names, start, end in self.windows or ():
            if stage in names:
                found |= (at >= start) & (at < end)
        return found


def summed(sums: Sums, scope: Scope) -> dict[str, Days]:
    """By a check and whether it is its whole how many rows there are of each day."""
    windows = tuple(
        (names, microseconds(start), microseconds(end))
        for names, start, end in entries.windows(scope)
    )
    counting = sums.by_day("entered", mask=Entries(stages=frozenset(entries.stages(scope))))
    return {
        "waived/0": sums.by_day("entered", mask=Entries(waived=True)),
        "waived/1": sums.by_day("entered", mask=Entries()),
        "wave/0": sums.by_day("entered", mask=Entries(windows=windows)),
        "wave/1": counting,
        "twice/1": counting,
        "last_minute/1": sums.by_day("clocks", kind="first_attempt", state="met"),
        "returned_at_once/1": sums.by_day("returns"),
    }
