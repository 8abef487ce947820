"""What clocks would have seen under a text: as many attempts as it asks for, and the pauses
that it grants. The same as `seen.Measured` says of one clock, for many."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from leads.core.backtest import NEVER, Flags, Microseconds, Pauses
from leads.core.trials.columns import Columns, Numbers
from leads.core.trials.ragged import lying, nth
from sla.core import durations
from sla.core.calendar import WorkingCalendar
from sla.core.terms.parts import Obligation
from sla.core.workingtime import add_many

MICROSECOND = timedelta(microseconds=1)


def asked(
    attempts: int | None, columns: Columns, clocks: Numbers, starts: Microseconds
) -> tuple[Microseconds, Flags]:
    """When each clock had stopped, and whether as no answer, had it needed so many attempts
    from its start on."""
    seen = columns.clocks
    stops, parted = seen.stop[clocks], seen.parted[clocks]
    if not attempts:
        return stops, parted
    others = np.flatnonzero(seen.needed[clocks] != attempts)
    over, since = seen.over[clocks[others]], starts[others]
    places, rows = lying(seen.attempts_from, clocks[others])
    made = columns.attempts[places]
    counts = (made >= since[rows]) & (made <= over[rows])
    made, rows = made[counts], rows[counts]
    last = nth(rows) == attempts
    stops[others], parted[others] = over, over != NEVER
    stops[others[rows[last]]], parted[others[rows[last]]] = made[last], False
    return stops, parted


def granted(
    owed: Obligation, calendar: WorkingCalendar, columns: Columns, clocks: Numbers
) -> Pauses:
    """The pauses of each clock that count, as `dues` takes them: those of a listed reason, so
    many times, each up to its cap of working time."""
    places, rows = lying(columns.clocks.pauses_from, clocks)
    if not places.size:
        return []
    pauses = columns.pauses
    begins, ends = pauses.begins[places], pauses.ends[places]
    reasons, often = pauses.reason[places], pauses.nth[places]
    counts = reasons < 0
    for reason in np.unique(reasons[~counts]).tolist():
        grant = owed.pause(columns.names[reason])
        if grant is None:
            continue
        some = np.flatnonzero((reasons == reason) & (often <= grant.times))
        cap = durations.working(grant.cap, calendar) // MICROSECOND
        ends[some] = np.minimum(ends[some], add_many(calendar, begins[some], cap))
        counts[some] = True
    return list(_spread(begins[counts], ends[counts], rows[counts], clocks.size))


def _spread(
    begins: Microseconds, ends: Microseconds, rows: Numbers, size: int
) -> Iterator[tuple[Microseconds, Microseconds]]:
    """The first pause of every row, then the second, and so on."""
    numbers = nth(rows)
    for number in range(1, int(numbers.max(initial=0)) + 1):
        some = numbers == number
        first, last = np.full(size, NEVER, np.int64), np.zeros(size, np.int64)
        first[rows[some]], last[rows[some]] = begins[some], ends[some]
        yield first, last
