"""Who counts toward a commitment, from the cells: the arithmetic alone."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leads.reports.rollups.cells import Numbers

LEAD, AT, ROW, _WAIVED, IMPORTED, COMPANY, AGREEMENT, PERSON, UNTIL = range(9)
"""Places in the record of an entry; the last one only in that of one that was undone."""
ALWAYS = np.iinfo(np.int64).max


class Owned(NamedTuple):
    """Companies that are customers or have an open deal, by their ids in order; and since
    when, in microseconds."""

    companies: Numbers
    since: Numbers


class Asked(NamedTuple):
    """Entries of [start, until), each person once in `window`; all in microseconds. 0 is any
    `agreement`."""

    start: int
    until: int
    window: int
    agreement: int


def counted(entered: Numbers, undone: Numbers, asked: Asked, owned: Owned) -> Numbers:
    """The instants of the entries that count, in no order. An entry that was undone counts
    as long as it stood at the end."""
    stood = undone[undone[:, UNTIL] >= asked.until]
    rows = np.concatenate([entered[:, : PERSON + 1], stood[:, : PERSON + 1]])
    at = rows[:, AT]
    wanted = (rows[:, IMPORTED] == 0) & (at >= asked.start - asked.window) & (at < asked.until)
    if asked.agreement:
        wanted &= rows[:, AGREEMENT] == asked.agreement
    rows = rows[wanted & ~_was_owned(rows, owned)]
    at = rows[_once(rows, asked.window), AT]
    found: Numbers = at[at >= asked.start]
    return found


def _was_owned(rows: Numbers, owned: Owned) -> NDArray[np.bool_]:
    if not len(owned.companies):
        return np.zeros(len(rows), bool)
    place = np.searchsorted(owned.companies, rows[:, COMPANY])
    place = np.minimum(place, len(owned.companies) - 1)
    is_owned: NDArray[np.bool_] = owned.companies[place] == rows[:, COMPANY]
    return is_owned & (owned.since[place] <= rows[:, AT])


def _once(rows: Numbers, window: int) -> NDArray[np.bool_]:
    """Which of these entries count: each person at one, and not again until the window has
    passed."""
    person = np.where(rows[:, PERSON] > 0, rows[:, PERSON], -rows[:, LEAD])
    people = np.sort(person)
    often = people[1:][people[1:] == people[:-1]]
    counts = np.ones(len(rows), bool)
    if not len(often):
        return counts
    some = np.flatnonzero(np.isin(person, often))
    last: dict[int, int] = {}
    for place in some[np.lexsort((rows[some, ROW], rows[some, AT]))].tolist():
        who, at = int(person[place]), int(rows[place, AT])
        if who in last and at - last[who] < window:
            counts[place] = False
        else:
            last[who] = at
    return counts
