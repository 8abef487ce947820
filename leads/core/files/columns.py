"""What each column of a file holds: how full it is, its commonest values, how its dates are
written, which cells look damaged. One walk over the file, in constant memory."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from leads.core.files import damage, dates
from leads.core.files.dates import Undecided
from leads.core.files.records import Record, Refusal

MOST_VALUES = 1_000  # different ones of a column that are remembered
_SHOWN = 3
_SHORT = 60  # characters of a value that are shown
_MOSTLY = 0.6


@dataclass(slots=True)
class Harm:
    """Cells of one column that are spoiled alike: how many, and the first."""

    count: int = 0
    line: int = 0
    value: str = ""

    def note(self, line: int, value: str, times: int) -> None:
        if not self.count:
            self.line, self.value = line, value[:_SHORT]
        self.count += times


@dataclass(slots=True)
class Column:
    """One column, while the file is walked through; then `told` says all of it."""

    name: str
    filled: int = 0
    values: dict[str, list[int]] = field(default_factory=dict)  # -> [how often, first line]
    overflow: int = 0
    days: dates.Column = field(init=False)
    dated: int = 0
    harm: dict[str, Harm] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.days = dates.Column(self.name)

    def see(self, line: int, value: str) -> None:
        """Take a value into account that is not empty."""
        self.filled += 1
        known = self.values.get(value)
        if known is not None:
            known[0] += 1
        elif len(self.values) < MOST_VALUES:
            self.values[value] = [1, line]
        else:
            self.overflow += 1
            self._judge(line, value, 1)

    def told(self) -> dict[str, Any]:
        """What there is to know of the column, as JSON."""
        for value, (times, line) in self.values.items():
            self._judge(line, value, times)
        self._zeros()
        common = sorted(self.values, key=lambda value: -self.values[value][0])[:_SHOWN]
        return {
            "name": self.name,
            "filled": self.filled,
            "distinct": None if self.overflow else len(self.values),
            "samples": [value[:_SHORT] for value in common],
            "type": self._type(),
            "pure": not self.overflow or self.dated == self.filled,
            "dates": self._dates(),
            "damage": [
                {"kind": kind, "count": one.count, "line": one.line, "value": one.value}
                for kind, one in sorted(self.harm.items())
            ],
            "blanks": sorted(v for v in self.values if damage.damaged(v) == "blank"),
        }

    def _judge(self, line: int, value: str, times: int) -> None:
        if value[:1].isdigit() and self.days.see(line, value, times):
            self.dated += times
            return
        if kind := damage.damaged(value):
            self.harm.setdefault(kind, Harm()).note(line, value, times)

    def _zeros(self) -> None:
        counted = {value: times for value, (times, _) in self.values.items()}
        for value in damage.lost_zeros(self.name, counted):
            times, line = self.values[value]
            self.harm.setdefault("zeros", Harm()).note(line, value, times)

    def _type(self) -> str:
        """`date`, `integer`, `boolean` or `text`: what most of its values are."""
        if not self.filled:
            return "text"
        if self.dated > _MOSTLY * self.filled:
            return "date"
        useful = [v for v in self.values if damage.damaged(v) != "blank"]
        words = {value.casefold() for value in useful}
        if words and words <= {"yes", "no", "true", "false"}:
            return "boolean"
        numbers = [v for v in useful if v.removesuffix(".0").isdecimal() and len(v) < 12]
        return "integer" if useful and len(numbers) == len(useful) else "text"

    def _dates(self) -> dict[str, Any] | None:
        if self._type() != "date":
            return None
        try:
            order: str = self.days.decide()
        except Undecided as error:
            return {"order": "", "why": str(error).partition(": ")[2]}
        proof = self.days.proof.get(self.days.decide())
        shown = self.days.shown[self.days.decide()]
        return {"order": order, "shown": shown, "line": proof[0] if proof else 0,
                "value": proof[1] if proof else ""}  # fmt: skip


def looked_at(header: Sequence[str], found: Iterable[Record | Refusal]) -> dict[str, Any]:
    """What the records after the header hold: {"records": n, "refused": n, "columns": []}."""
    columns = [Column(name) for name in header]
    counted: Counter[bool] = Counter()
    for record in found:
        refused = isinstance(record, Refusal)
        counted[refused] += 1
        if not isinstance(record, Refusal):
            for column, written in zip(columns, record.fields, strict=False):
                if value := written.strip():
                    column.see(record.line, value)
    return {
        "records": counted.total(),
        "refused": counted[True],
        "columns": [column.told() for column in columns],
    }
