"""Two people edit one draft: what each of them changed, put together part by part.

A part is an entry of an object or a row of a list, found again by its key, wherever it
stands. What only one side changed is taken; what both changed to different texts is a
conflict, and of that both texts are kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Literal

Side = Literal["theirs", "mine"]
Path = tuple[str, ...]

# A row of a list is the same row as before if this says the same.
_NAMES = ("key", "source", "segment", "reason")
# One thought each: half of one and half of another would be a condition nobody wrote.
_WHOLE = frozenset({"criteria", "weekly", "special", "breaks"})


class Gone(Enum):
    """Stands for a part that is not there, where null would be a value."""

    GONE = "gone"


GONE: Final = Gone.GONE


@dataclass(frozen=True, slots=True)
class Conflict:
    """One part that both changed: `obligations/first_attempt/targets/trial/within`.

    Each of the three values may be GONE, where that side has no such part.
    """

    path: str
    base: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """What both changed together; where they disagree, `terms` says mine, `theirs` theirs."""

    terms: Any
    theirs: Any
    conflicts: tuple[Conflict, ...]


def merge(base: Any, theirs: Any, mine: Any) -> Merged:
    """Return `base` with the changes that lead to `theirs` and to `mine`.

    All are JSON values; none is changed. Without conflicts the result does not depend on
    who comes first, and `terms` and `theirs` are equal. It has the shape of a document, but
    two changes that fit alone may not fit together: the caller checks its sense.
    """
    by_mine, by_theirs = _Merge("mine"), _Merge("theirs")
    return Merged(
        terms=by_mine.value((), base, theirs, mine),
        theirs=by_theirs.value((), base, theirs, mine),
        conflicts=tuple(by_mine.conflicts),
    )


class _Merge:
    """One walk over the three documents, which prefers one side where they disagree."""

    def __init__(self, prefers: Side) -> None:
        self.prefers = prefers
        self.conflicts: list[Conflict] = []

    def value(self, path: Path, base: Any, theirs: Any, mine: Any) -> Any:
        if theirs in (mine, base):
            return mine
        if mine == base:
            return theirs
        if not path or path[-1] not in _WHOLE:
            if isinstance(theirs, dict) and isinstance(mine, dict):
                base = base if isinstance(base, dict) else {}
                return self._entries(path, base, theirs, mine)
            if isinstance(theirs, list) and isinstance(mine, list):
                base = base if isinstance(base, list) else []
                return self._list(path, base, theirs, mine)
        return self._conflict(path, base, theirs, mine)

    def _conflict(self, path: Path, base: Any, theirs: Any, mine: Any) -> Any:
        self.conflicts.append(Conflict("/".join(path), base, theirs, mine))
        return mine if self.prefers == "mine" else theirs

    def _entries(
        self,
        path: Path,
        base: Mapping[str, Any],
        theirs: Mapping[str, Any],
        mine: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Objects have no order; each entry is merged by itself."""
        return dict(self._parts(path, base, theirs, mine))

    def _parts(
        self,
        path: Path,
        base: Mapping[Any, Any],
        theirs: Mapping[Any, Any],
        mine: Mapping[Any, Any],
    ) -> Iterable[tuple[Any, Any]]:
        for name in dict.fromkeys([*base, *theirs, *mine]):
            of_all = (one.get(name, GONE) for one in (base, theirs, mine))
            value = self.value((*path, str(name or "other")), *of_all)
            if value is not GONE:
                yield name, value

    def _list(self, path: Path, base: list[Any], theirs: list[Any], mine: list[Any]) -> Any:
        name = _name(base, theirs, mine)
        if name is None:
            return self._conflict(path, base, theirs, mine)
        b, t, m = (_rows(rows, name) for rows in (base, theirs, mine))
        kept = dict(self._parts(path, b, t, m))
        order = self._order(path, list(b), list(t), list(m), kept)
        return [kept[key] for key in order]

    def _order(
        self, path: Path, base: list[Any], theirs: list[Any], mine: list[Any], kept: Any
    ) -> list[Any]:
        """The rows that were there, in the order of whoever moved one; new ones after the
        row that they were put after."""
        known = set(base) & set(kept)
        b, t, m = ([key for key in keys if key in known] for keys in (base, theirs, mine))
        b, t = _completed(b, b), _completed(t, b)
        order = self.value_of_order(path, b, t, _completed(m, b))
        after = _new_rows(theirs, known, kept), _new_rows(mine, known, kept)
        found: list[Any] = []
        for anchor in (GONE, *order):
            if anchor is not GONE:
                found.append(anchor)
            runs = sorted((run.get(anchor, []) for run in after), key=lambda run: str(run[:1]))
            found += [key for run in runs for key in run]
        return list(dict.fromkeys(found))

    def value_of_order(
        self, path: Path, base: list[Any], theirs: list[Any], mine: list[Any]
    ) -> list[Any]:
        if theirs in (mine, base):
            return mine
        if mine == base:
            return theirs
        chosen: list[Any] = self._conflict((*path, "order"), base, theirs, mine)
        return chosen


def _completed(keys: list[Any], base: list[Any]) -> list[Any]:
    """A side's order, with the rows that it removed and that stay after all where they were."""
    if len(keys) == len(base):
        return keys
    order = list(keys)
    for index, key in enumerate(base):
        if key not in order:
            before = base[index - 1] if index else None
            order.insert(order.index(before) + 1 if index else 0, key)
    return order


def _name(*lists: Sequence[Any]) -> str | None:
    """What names the rows of these lists: a part of theirs, or "" for texts; None: nothing."""
    rows = [row for one in lists for row in one]
    if all(isinstance(row, str) for row in rows):
        names = [""]
    elif all(isinstance(row, dict) for row in rows):
        names = [name for name in _NAMES if all(name in row for row in rows)]
    else:
        names = []
    return next((name for name in names if all(_told_apart(one, name) for one in lists)), None)


def _told_apart(rows: Sequence[Any], name: str) -> bool:
    keys = [row[name] if name else row for row in rows]
    if not all(key is None or isinstance(key, str) for key in keys):
        return False
    return len(set(keys)) == len(keys)


def _rows(rows: Sequence[Any], name: str) -> dict[Any, Any]:
    return {row[name] if name else row: row for row in rows}


def _new_rows(side: list[Any], known: set[Any], kept: Any) -> dict[Any, list[Any]]:
    """What a side added and what stays of it, by the known row that it stands after."""
    found: dict[Any, list[Any]] = {}
    anchor: Any = GONE
    for key in side:
        if key in known:
            anchor = key
        elif key in kept:
            found.setdefault(anchor, []).append(key)
    return found
