"""The late clocks of a week as numbers: why each was late, and who waited longest."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leads.reports import figures
from leads.reports.figures import Tally
from leads.reports.period import Filters
from leads.reports.scorecard.promises import Key, tally_of
from sla.core.workingtime import microseconds

Numbers = NDArray[np.int64]
Promised = tuple[str, str]
DUE, STOPPED, OWNER, LEAD, CLOCK = range(5)
"""Places in a row: instants in microseconds, and ids; -1 where it was not stopped, and where
nobody owed it."""
NONE = -1


class Away(NamedTuple):
    """Somebody's absence, [since, until) in microseconds."""

    who: int
    since: int
    until: int


@dataclass(frozen=True, eq=False)
class Late:
    """Late clocks, one a row, by promise and department, as of `now` in microseconds."""

    rows: Mapping[Promised, Numbers]
    now: int

    @classmethod
    def at(cls, rows: Mapping[Promised, Numbers], now: int) -> "Late":
        """Those of them that were late by then; who was stopped was late whenever."""
        return cls(
            {
                promised: some[(some[:, STOPPED] != NONE) | (some[:, DUE] < now)]
                for promised, some in rows.items()
            },
            now,
        )

    def causes(self, absences: Sequence[Away]) -> dict[Promised, dict[str, int]]:
        """How many were late because their owner was `away`, were `unowned`, `never` done, or
        done too late (`behind`), in this order; one cause each."""
        return {promised: _causes(some, absences) for promised, some in self.rows.items()}

    def longest(self, most: int) -> list[int]:
        """The clocks of so many leads that waited longest, one of each."""
        some = [some for some in self.rows.values() if len(some)]
        if not some:
            return []
        rows = np.concatenate(some)
        stopped = np.where(rows[:, STOPPED] == NONE, self.now, rows[:, STOPPED])
        waited = rows[:, DUE] - stopped
        found: dict[int, int] = {}
        for place in np.lexsort((rows[:, CLOCK], rows[:, DUE], waited)).tolist():
            found.setdefault(int(rows[place, LEAD]), int(rows[place, CLOCK]))
            if len(found) == most:
                break
        return list(found.values())


def _causes(rows: Numbers, absences: Sequence[Away]) -> dict[str, int]:
    away = np.zeros(len(rows), bool)
    owners, due = rows[:, OWNER], rows[:, DUE]
    there = set(np.unique(owners).tolist())
    for one in absences:
        if one.who in there:
            away |= (owners == one.who) & (due >= one.since) & (due < one.until)
    unowned = ~away & (owners == NONE)
    never = ~away & ~unowned & (rows[:, STOPPED] == NONE)
    counts = {"away": away, "unowned": unowned, "never": never}
    found = {name: int(np.count_nonzero(which)) for name, which in counts.items()}
    return found | {"behind": len(rows) - sum(found.values())}


def of_rows(filters: Filters, at: datetime) -> tuple[list[Tally], Late]:
    """How the clocks due in the period ended, and the late ones, from the clocks themselves;
    one query."""
    columns = figures.ended(filters, at, "due_at", "stopped_at", "owner", "lead", "pk")
    counts: dict[Key, Counter[str]] = defaultdict(Counter)
    late: dict[Promised, list[tuple[int, ...]]] = defaultdict(list)
    for promise, kind, party, ended, due, stopped, owner, lead, pk in columns:
        key = (promise, kind, str(party))
        counts[key][ended] += 1
        if ended == "late":
            counts[key]["never"] += stopped is None
            until = microseconds(stopped) if stopped else NONE
            late[promise, str(party)].append(
                (microseconds(due), until, owner or NONE, lead, pk)
            )
    rows = {promised: np.array(some, np.int64) for promised, some in late.items()}
    return [tally_of(key, one) for key, one in counts.items()], Late(rows, microseconds(at))
