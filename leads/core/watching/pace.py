"""When the pace of a volume is looked at, and what it asks for by then. Integers throughout.

Pace is even over the days of a period. It is looked at when a week of it has passed, and
every week after, so that a look holds as many weekends as working weeks; of a week, at the
end of each day from its second on; and always at its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
WEEK = 7
FEW = 5  # clocks due; a share of fewer says nothing


@dataclass(frozen=True, slots=True)
class Standing:
    """How a commitment stands at a look: `done` of the `wanted` that its pace asks for, out
    of `agreed`. For a share that is kept, `done` were kept of `wanted` due, and `agreed` is
    the percentage."""

    done: int
    wanted: int
    agreed: int
    is_behind: bool


def look_days(first: date, after: date) -> Iterator[date]:
    """The days at whose first moment pace is looked at, for a period from `first` up to the
    day `after` it."""
    days = (after - first).days
    short = days <= WEEK
    for passed in range(2 if short else WEEK, days, 1 if short else WEEK):
        yield first + passed * DAY
    yield after


def of_count(*, done: int, agreed: int, passed: int, whole: int, below: int) -> Standing:
    """`done` after `passed` of `whole` days; behind when under `below` percent of the pace.

    `wanted` is rounded up: a pace of 93.3 asks for 94.
    """
    wanted = -(-agreed * passed // whole)
    is_behind = done * 100 * whole < below * agreed * passed
    return Standing(done, wanted, agreed, is_behind)


def of_share(*, kept: int, due: int, percent: int, below: int) -> Standing:
    """`kept` of `due`; behind when under `below` percent of the `percent` that was agreed,
    and not while so few were due that it says nothing."""
    is_behind = due >= FEW and kept * 10_000 < percent * below * due
    return Standing(kept, due, percent, is_behind)
