"""The chance that a promise breaks: the share of those like it that broke, of all that were
still unkept at the same age.

Ages and times taken are working microseconds on the clock's own calendar, pauses apart.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

FEW = 20
"""Of fewer past cases nothing is said."""


class Past(NamedTuple):
    """One promise that fell due: what it is like, and the working time it took to be kept.

    `took` None: it was late, or never kept; then it was unkept at every age.
    """

    like: Hashable
    took: int | None


@dataclass(frozen=True, slots=True)
class Chance:
    """`late` of `n` that were like it and still unkept at its age."""

    late: int
    n: int

    @property
    def few(self) -> bool:
        return self.n < FEW

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where there are too few to say."""
        return None if self.few else self.late / self.n


@dataclass(slots=True)
class Record:
    """How long the kept ones took, in order, and how many were late."""

    kept: list[int] = field(default_factory=list)
    late: int = 0

    def at(self, age: int) -> Chance:
        """Of those that were unkept after `age`: kept exactly then is no longer unkept."""
        return Chance(self.late, self.late + len(self.kept) - bisect_right(self.kept, age))


def records(past: Iterable[Past]) -> Mapping[Hashable, Record]:
    """What became of each kind of promise."""
    found: dict[Hashable, Record] = {}
    for one in past:
        record = found.setdefault(one.like, Record())
        if one.took is None:
            record.late += 1
        else:
            record.kept.append(one.took)
    for record in found.values():
        record.kept.sort()
    return found


def chance(known: Mapping[Hashable, Record], like: Hashable, age: int) -> Chance:
    """The chance of a promise at an age; of something unheard of, none of none."""
    record = known.get(like)
    return record.at(age) if record is not None else Chance(0, 0)
