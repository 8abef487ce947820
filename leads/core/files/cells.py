"""A record of a file as typed values, by its mapping; or the column and reason why not."""

import re
from collections.abc import Mapping as Json
from dataclasses import dataclass, field

from leads.core import text
from leads.core.files import dates
from leads.core.files.dates import Moment, Order
from leads.core.files.mapping import Mapping, Target
from leads.core.files.records import Record, Refusal

Value = str | int | bool

# What spreadsheets would take for a formula, and what therefore leaves with an apostrophe.
_GUARDED = re.compile("'[\\s\u200b-\u200d\u2060\ufeff]*[-=+@|＝＋－＠]")
_INTEGER = re.compile(r"(?P<number>[+-]?[0-9]{1,15})(?:\.0+)?")
_TRUE = frozenset({"true", "yes", "1", "y", "t"})
_FALSE = frozenset({"false", "no", "0", "n", "f"})
# What must not come before what.
AFTER = (
    ("accepted", "offered"),
    ("first_attempt", "arrived"),
    ("offered", "arrived"),
    ("accepted", "arrived"),
    ("won", "arrived"),
    ("lost", "arrived"),
)
_CALLED = {"arrived": "first contact", "first_attempt": "the first attempt"}


@dataclass(frozen=True, slots=True)
class Read:
    """What a record says: values by target, and moments of history by target."""

    line: int
    values: Json[str, Value]
    moments: Json[str, Moment] = field(default_factory=dict)


class Reader:
    """Reads records of one file. `orders`: how day and month stand in each date column."""

    def __init__(
        self, mapping: Mapping, places: Json[str, int], orders: Json[str, Order]
    ) -> None:
        self.mapping = mapping
        self.targets = [(places[target.column], target) for target in mapping.targets]
        self.orders = orders

    def read(self, record: Record) -> Read | Refusal:
        """The record's values. A Refusal names the first column that cannot be read."""
        values: dict[str, Value] = dict(self.mapping.constants)
        moments: dict[str, Moment] = {}
        for place, target in self.targets:
            written = record.fields[place].strip()
            if written[:1] == "'":
                written = unguarded(written)
            if not written or written in target.missing:
                continue
            try:
                self._take(target, written, values, moments)
            except ValueError as error:
                return Refusal(record.line, target.column, str(error))
        return self._in_order(Read(record.line, values, moments))

    def _take(
        self,
        target: Target,
        written: str,
        values: dict[str, Value],
        moments: dict[str, Moment],
    ) -> None:
        value = typed(target, target.values.get(written, written), self.order_of(target))
        if isinstance(value, Moment):
            moments[target.to] = value
        else:
            values[target.to] = value

    def order_of(self, target: Target) -> Order | None:
        """How day and month stand in the target's column; None if it has no dates."""
        return target.order or self.orders[target.column] if target.is_moment else None

    def _in_order(self, read: Read) -> Read | Refusal:
        for later, earlier in AFTER:
            told, before = read.moments.get(later), read.moments.get(earlier)
            if told is not None and before is not None:
                refusal = self.too_early(read.line, later, told, earlier, before)
                if refusal is not None:
                    return refusal
        return read

    def too_early(
        self, line: int, later: str, told: Moment, earlier: str, before: Moment
    ) -> Refusal | None:
        """A Refusal if `later` is told to come before `earlier`; days are compared where
        only a day was written."""
        target = next(target for target in self.mapping.targets if target.to == later)
        if told.date_only or before.date_only:
            a, b = (one.at.astimezone(target.zone).date() for one in (told, before))
            wrong = a < b
        else:
            wrong = told.at < before.at
        if not wrong:
            return None
        name = _CALLED.get(earlier, earlier)
        said = f"{told.at:%Y-%m-%d %H:%M} UTC is before {name}, {before.at:%Y-%m-%d %H:%M} UTC"
        return Refusal(line, target.column, said)


def typed(target: Target, written: str, order: Order | None) -> Value | Moment:
    """What a cell that is not blank says. Raises ValueError if it says nothing of the kind."""
    if target.is_moment:
        moment = dates.read(written, order or "ymd", target.zone)
        if target.type == "moment":
            return moment
        return moment.at.astimezone(target.zone).date().isoformat()
    if target.type == "integer":
        return integer(written)
    return boolean(written) if target.type == "boolean" else written


def unguarded(written: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from running it.

    >>> unguarded("'+49 30 1234"), unguarded("'s Hertogenbosch")
    ('+49 30 1234', "'s Hertogenbosch")
    """
    return written[1:].strip() if _GUARDED.match(written) else written


def integer(written: str) -> int:
    """A whole number in ASCII digits, also as spreadsheets write it: 100.0.

    Raises ValueError.
    """
    match = _INTEGER.fullmatch(written)
    if match is None:
        raise ValueError(f"{text.line(written, 40)!r} is not a whole number")
    return int(match["number"])


def boolean(written: str) -> bool:
    """Yes or no, in the words of common exports. Raises ValueError."""
    word = written.lower()
    if word not in _TRUE | _FALSE:
        raise ValueError(f"{text.line(written, 40)!r} is neither yes nor no")
    return word in _TRUE
