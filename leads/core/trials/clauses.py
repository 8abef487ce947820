"""A text with one clause of another: what each change alone would have made of the past.

Instants are int64 microseconds since 1970-01-01T00:00Z.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leads.core.backtest import Fate
from leads.core.rounds import History, judge
from sla.core.calendar import WorkingCalendar
from sla.core.terms import Terms
from sla.core.terms.parts import Obligation

PARTS = ("targets", "starts", "calendar", "pauses", "attempts", "handoff")
Places = Mapping[str, NDArray[np.int64]]
"""Rounds by the key of the obligation, as places in a history, in order."""


@dataclass(frozen=True)
class Variant:
    """The text before with one clause of the text after, by its path. `keys`: the
    obligations that can end otherwise by it."""

    path: str
    terms: Terms
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Cost:
    """What a clause alone makes late (`newly`), and what it alone keeps from being late."""

    path: str
    newly: Places
    spared: Places


@dataclass(frozen=True)
class Costs:
    """All changes `together`, and each alone."""

    alone: tuple[Cost, ...]
    together: Cost

    def only_together(self, which: str) -> Places:
        """Those that the whole changes, and none of its clauses alone."""
        return {
            key: np.setdiff1d(places, self._explained(key, which))
            for key, places in _of(self.together, which).items()
        }

    def undone(self, which: str) -> Places:
        """Those that a clause alone would change, and the whole does not."""
        whole = _of(self.together, which)
        keys = dict.fromkeys(key for cost in self.alone for key in _of(cost, which))
        return {
            key: np.setdiff1d(self._explained(key, which), whole.get(key, NOWHERE))
            for key in keys
        }

    def twice(self, which: str) -> int:
        """How often the sum over the clauses counts a row that it has counted before."""
        every = sum(number(_of(cost, which)) for cost in self.alone)
        keys = {key for cost in self.alone for key in _of(cost, which)}
        return every - sum(self._explained(key, which).size for key in keys)

    def _explained(self, key: str, which: str) -> NDArray[np.int64]:
        found = [_of(cost, which).get(key, NOWHERE) for cost in self.alone]
        return np.unique(np.concatenate([NOWHERE, *found]))


NOWHERE = np.empty(0, np.int64)


def number(places: Places) -> int:
    return sum(some.size for some in places.values())


def variants(old: Terms, new: Terms) -> Iterator[Variant]:
    """Yield `old` with each clause of `new` that can make a promise end otherwise."""
    before, after = ({owed.key: owed for owed in timed(terms)} for terms in (old, new))
    for key, owed in after.items():
        was = before.get(key)
        if was is None or was.kind != owed.kind:
            yield _promise(old, new, key, owed)
            continue
        for part in PARTS:
            if getattr(was, part) != getattr(owed, part):
                changed = replace(was, **{part: getattr(owed, part)})
                yield replace(
                    _promise(old, new, key, changed), path=f"obligations/{key}/{part}"
                )
    for key in [key for key in before if key not in after]:
        yield _promise(old, new, key, None)
    yield from _calendars(old, new)
    if old.governance.zone != new.governance.zone:
        governed = replace(old, governance=replace(old.governance, zone=new.governance.zone))
        yield Variant("governance/zone", governed, tuple(before))


def timed(terms: Terms) -> list[Obligation]:
    """The promises that a handoff starts; contributions are asked for apart."""
    return [owed for owed in terms.obligations if owed.kind != "contribution"]


def _promise(old: Terms, new: Terms, key: str, owed: Obligation | None) -> Variant:
    """`old` with one promise in place of its own, at the end if it had none."""
    kept = [one for one in old.obligations if one.key != key]
    changed = replace(old, obligations=(*kept, *((owed,) if owed else ())))
    fixed = owed.calendar.fixed if owed else None
    if fixed is not None and fixed not in old.calendars and fixed in new.calendars:
        changed = _with(changed, new, fixed)
    return Variant(f"obligations/{key}", changed, (key,))


def _calendars(old: Terms, new: Terms) -> Iterator[Variant]:
    keys = tuple(owed.key for owed in timed(old))
    for key in new.calendars:
        if key not in old.calendars or _hours(old, key) != _hours(new, key):
            yield Variant(f"calendars/{key}", _with(old, new, key), keys)


def _hours(terms: Terms, key: str) -> WorkingCalendar:
    return replace(terms.calendar(key), name="")


def _with(terms: Terms, new: Terms, key: str) -> Terms:
    return replace(
        terms,
        calendars={**terms.calendars, key: new.calendars[key]},
        raw_calendars={**terms.raw_calendars, key: new.raw_calendars[key]},
    )


def costs(old: Terms, new: Terms, history: History) -> Costs:
    """Return what each changed clause of `new` would have cost against `old`."""
    late = Late(history)
    alone = [_cost(one.path, late, old, one.terms, one.keys) for one in variants(old, new)]
    keys = dict.fromkeys(owed.key for terms in (new, old) for owed in timed(terms))
    return Costs(tuple(alone), _cost("", late, old, new, tuple(keys)))


class Late:
    """Who was late under a text, by obligation; the same is asked of `judge` once."""

    def __init__(self, history: History) -> None:
        self.history = history
        self._found: dict[tuple[int, str], NDArray[np.int64]] = {}
        self._texts: list[Terms] = []  # an id stands for a text as long as it lives

    def of(self, terms: Terms, key: str) -> NDArray[np.int64]:
        owed = next((one for one in timed(terms) if one.key == key), None)
        if owed is None:
            return NOWHERE
        if (id(terms), key) not in self._found:
            self._texts.append(terms)
            judged = judge(terms, owed, self.history)
            self._found[id(terms), key] = judged.rows[judged.fate == Fate.LATE]
        return self._found[id(terms), key]


def _cost(path: str, late: Late, old: Terms, new: Terms, keys: Sequence[str]) -> Cost:
    before = {key: late.of(old, key) for key in keys}
    after = {key: late.of(new, key) for key in keys}
    return Cost(
        path,
        newly={key: np.setdiff1d(after[key], before[key]) for key in keys},
        spared={key: np.setdiff1d(before[key], after[key]) for key in keys},
    )


def _of(cost: Cost, which: str) -> Places:
    return cost.newly if which == "newly" else cost.spared
