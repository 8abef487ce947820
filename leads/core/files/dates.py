"""Dates in a file: one order of day and month for a whole column, with the value that
proves it; never a guess row by row.

A value that begins with its year is in the order of ISO 8601. In one that ends with it,
day and month could stand either way: a number above 12 shows which. If none does, or some
say this and some that, the column is undecided until a person says what it is.
"""

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal

Order = Literal["ymd", "dmy", "mdy"]
ORDERS: tuple[Order, ...] = ("ymd", "dmy", "mdy")

_TIME = (
    r"(?:(?:T|,?\s+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})"
    r"(?:[.,](?P<fraction>[0-9]{1,9}))?)?\s*(?P<half>[AaPp][Mm])?"
    r"\s*(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_PARTS = r"(?P<a>[0-9]{{{0}}})(?P<sep>[-/.])(?P<b>[0-9]{{1,2}})(?P=sep)(?P<c>[0-9]{{{1}}})"
_YEAR_FIRST = re.compile(_PARTS.format("4", "1,2") + _TIME)
_YEAR_LAST = re.compile(_PARTS.format("1,2", "4") + _TIME)
_YEARS_FIRST = re.compile(r"(?:(?:[0-9]{4}[-/.][^\n]*)?(?:\n|\Z))*")  # many of them, or blank
_YEARS = range(1900, 2200)  # those of working time


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, and whether only its date was written: then it is that day's midnight."""

    at: datetime
    date_only: bool


@dataclass(slots=True)
class Column:
    """What the values of one column say about their order, gathered one after the other.

    `proof`: for each order the first value that shows it, with its line; `shown`: how many
    values show it.
    """

    name: str
    proof: dict[Order, tuple[int, str]] = field(default_factory=dict)
    shown: Counter[Order] = field(default_factory=Counter)
    ambiguous: int = 0
    year_last: int = 0

    def see(self, line: int, value: str, times: int = 1) -> bool:
        """Take a value into account, which stands there `times`; False if it is no date."""
        match = _YEAR_LAST.fullmatch(value)
        if match is None:
            if _YEAR_FIRST.fullmatch(value) is None:
                return False
            self._prove("ymd", line, value, times)
            return True
        self.year_last += times
        a, b = int(match["a"]), int(match["b"])
        if a > 12 >= b:
            self._prove("dmy", line, value, times)
        elif b > 12 >= a:
            self._prove("mdy", line, value, times)
        elif a != b:
            self.ambiguous += times
        return True

    def see_all(self, lines: Sequence[int], cells: Sequence[str], blank: Set[str]) -> None:
        """Take many cells into account as they stand there; those in `blank` say nothing.

        What begins with its year proves nothing new once one such value is known.
        """
        if "ymd" not in self.proof:
            self._see_each(lines[:1], cells[:1], blank)
            lines, cells = lines[1:], cells[1:]
        if "ymd" not in self.proof or not _YEARS_FIRST.fullmatch("\n".join(set(cells))):
            self._see_each(lines, cells, blank)

    def _see_each(self, lines: Sequence[int], cells: Sequence[str], blank: Set[str]) -> None:
        for line, cell in zip(lines, cells, strict=True):
            value = cell.strip()
            if value and value not in blank:
                self.see(line, value)

    def _prove(self, order: Order, line: int, value: str, times: int) -> None:
        self.proof.setdefault(order, (line, value))
        self.shown[order] += times

    def decide(self) -> Order:
        """The order of the whole column. Raises Undecided if nothing proves it."""
        if "dmy" in self.proof and "mdy" in self.proof:
            raise Undecided(
                f"{self.name}: line {_place(self.proof['dmy'])} is day first, line "
                f"{_place(self.proof['mdy'])} month first; say in the mapping which it is"
            )
        proved = next((order for order in ORDERS[1:] if order in self.proof), None)
        if proved is not None:
            return proved
        if self.ambiguous:
            raise Undecided(
                f"{self.name}: no day is above 12, so day and month could be either way round "
                f"in {self.ambiguous} values; say in the mapping which comes first"
            )
        return "dmy" if self.year_last else "ymd"

    def words(self, order: Order) -> str:
        """The decision in a line, with its proof."""
        names = {"ymd": "year first", "dmy": "day first", "mdy": "month first"}
        shown = self.proof.get(order)
        proof = f", as line {_place(shown)} shows" if shown else ""
        return f"{self.name}: {names[order]}{proof}"


class Undecided(ValueError):
    """The order of day and month in a column cannot be known from the file."""


@lru_cache(maxsize=4_096)  # many records of a file are of one day
def read(value: str, order: Order, zone: tzinfo) -> Moment:
    """The instant that `value` writes. A zone of its own counts, else it is local to `zone`.

    A local time that does not exist, or exists twice, is read as RFC 5545 does (fold=0).
    Raises ValueError if it is no date, or not one of a calendar.
    """
    match = _YEAR_FIRST.fullmatch(value) or _YEAR_LAST.fullmatch(value)
    if match is None:
        raise ValueError("not a date, such as 2026-03-02 or 2026-03-02 09:30")
    year, month, day = _parts(match, order)
    if year not in _YEARS:
        raise ValueError(f"the year {year} is out of reach")
    if match["hour"] is None:
        return Moment(datetime(year, month, day, tzinfo=zone).astimezone(UTC), date_only=True)
    fraction = int((match["fraction"] or "0").ljust(6, "0")[:6])
    local = datetime(
        year, month, day, _hour(match), int(match["minute"]), int(match["second"] or 0),
        fraction, tzinfo=_zone(match["zone"], zone),
    )  # fmt: skip
    return Moment(local.astimezone(UTC), date_only=False)


def _parts(match: re.Match[str], order: Order) -> tuple[int, int, int]:
    a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
    if len(match["a"]) == 4:
        return a, b, c
    if order == "mdy":
        return c, a, b
    return c, b, a


def _hour(match: re.Match[str]) -> int:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError(f"there is no {hour} o'clock {half}")
    if half:
        return hour % 12 + (12 if half == "pm" else 0)
    return hour


def _zone(written: str | None, zone: tzinfo) -> tzinfo:
    if written is None:
        return zone
    if written in ("Z", "UTC"):
        return UTC
    hours, minutes = int(written[1:3]), int(written[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if written[0] == "-" else offset)


def _place(proof: tuple[int, str]) -> str:
    return f"{proof[0]} ({proof[1]})"
