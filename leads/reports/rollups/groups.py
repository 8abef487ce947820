"""The facts of cells that are asked for together."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np

from leads.reports.period import Filters
from leads.reports.rollups.cells import Alike, Numbers, numbers, unpacked
from leads.reports.rollups.memory import Cells, Part


def by(
    cells: Cells, family: str, filters: Filters, *names: str, **only: Collection[str]
) -> Iterator[tuple[tuple[Any, ...], int, Numbers]]:
    """The facts of a family that the filters ask for, `only` those with such parts of their
    keys, in groups that are alike in others; with how many they are, and their records."""
    groups: dict[tuple[Any, ...], list[Part]] = defaultdict(list)
    first, after = filters.period.first, filters.period.after
    for alike, parts in cells.of(family).items():
        if _is_asked(alike, filters) and all(
            getattr(alike, name) in some for name, some in only.items()
        ):
            mine = groups[tuple(getattr(alike, name) for name in names)]
            mine += [part for part in parts if first <= part[0] < after]
    for group, parts in groups.items():
        if n := sum(n for _day, n, _blob in parts):
            yield group, n, _records(parts)


def together(cells: Cells, family: str, names: Collection[str], width: int) -> Numbers:
    """All records of some stages, on whichever day; empty of `width` numbers each."""
    groups = cells.of(family).items()
    parts = [part for alike, some in groups if alike.name in names for part in some]
    if not sum(n for _day, n, _blob in parts):
        return np.empty((0, width), np.int64)
    return _records(parts)


def numbers_of(parts: Sequence[Part]) -> Numbers:
    """The records of parts that are alike in their length, one a row."""
    blob = b"".join([blob for _day, _n, blob in parts])
    return numbers(sum(abs(n) for _day, n, _blob in parts), blob)


def _is_asked(alike: Alike, filters: Filters) -> bool:
    return (
        (not filters.team or alike.team == filters.team)
        and (not filters.source or alike.source == filters.source)
        and (not filters.segment or alike.segment == filters.segment)
        and (not filters.version or alike.version == filters.version)
    )


def _records(parts: Sequence[Part]) -> Numbers:
    """The records of all parts, one a row, without those that parts take out again."""
    found = numbers_of([part for part in parts if part[1] > 0])
    out = [one for _day, n, blob in parts if n < 0 for one in unpacked(-n, blob)]
    if not out or not found.shape[1]:
        return found
    left = Counter(map(tuple, found.tolist())) - Counter(out)
    return np.array(list(left.elements()), np.int64)
