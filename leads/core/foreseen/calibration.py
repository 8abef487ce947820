"""Whether a chance that was named is the share that came true.

Every promise is asked about with only what was known when it began: those that had fallen
due by then, in the same time back that a forecast looks.
"""

from bisect import bisect_left, insort
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple

from leads.core.foreseen.chance import Chance, Past, Record

BINS = 10


class Lived(NamedTuple):
    """A promise with its end known: when it began and fell due, its target, and how it took.

    Instants and amounts are microseconds; `took` is as in `Past`.
    """

    like: Hashable
    began: int
    due: int
    target: int
    took: int | None


@dataclass(frozen=True)
class Bin:
    """The chances named from `low` up to `high`: their mean, and how many of `n` came true."""

    low: float
    high: float
    n: int
    named: float
    late: int

    @property
    def happened(self) -> float:
        return self.late / self.n


def told(lives: Iterable[Lived], back: int, share: float) -> Iterator[tuple[float, bool]]:
    """The chance of each when `share` of its target had gone, if it was unkept then and
    enough were known; and whether it came to be late."""
    past = _Memory(back)
    for one in sorted(lives, key=lambda life: life.began):
        past.learn_until(one.began)
        age = int(one.target * share)
        if one.took is None or one.took > age:
            said = past.at(one.like, age)
            if said.share is not None:
                yield said.share, one.took is None
        past.remember(one)


def bins(chances: Iterable[tuple[float, bool]]) -> Sequence[Bin]:
    """Tenths of the chances that were named; a tenth that nobody named is left out."""
    there: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for said, late in chances:
        there[min(int(said * BINS), BINS - 1)].append((said, late))
    return [_bin(place, some) for place, some in enumerate(there) if some]


def _bin(place: int, some: Sequence[tuple[float, bool]]) -> Bin:
    n = len(some)
    named = sum(said for said, _late in some) / n
    return Bin(place / BINS, (place + 1) / BINS, n, named, sum(late for _said, late in some))


class _Memory:
    """What is known at an instant that only moves on: falls due, and is forgotten again."""

    def __init__(self, back: int) -> None:
        self.back = back
        self.records: dict[Hashable, Record] = {}
        self.coming: list[tuple[int, int, Past]] = []
        self.going: list[tuple[int, int, Past]] = []
        self.number = 0

    def remember(self, one: Lived) -> None:
        self.number += 1
        heappush(self.coming, (one.due, self.number, Past(one.like, one.took)))

    def learn_until(self, at: int) -> None:
        while self.coming and self.coming[0][0] < at:
            due, number, past = heappop(self.coming)
            self._add(past)
            heappush(self.going, (due + self.back, number, past))
        while self.going and self.going[0][0] < at:
            self._drop(heappop(self.going)[2])

    def at(self, like: Hashable, age: int) -> Chance:
        record = self.records.get(like)
        return record.at(age) if record is not None else Chance(0, 0)

    def _add(self, past: Past) -> None:
        record = self.records.setdefault(past.like, Record())
        if past.took is None:
            record.late += 1
        else:
            insort(record.kept, past.took)

    def _drop(self, past: Past) -> None:
        record = self.records[past.like]
        if past.took is None:
            record.late -= 1
        else:
            del record.kept[bisect_left(record.kept, past.took)]
