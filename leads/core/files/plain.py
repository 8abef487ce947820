"""Whole columns of records at once, for what is written as it is kept.

Most cells of an export are: then a few looks at the whole column say so, and a value that
is read as a date or a number is read once however often it stands there. Whatever needs a
closer look is `odd`: its record is read by `cells.Reader`, which is the definition of all.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from leads.core import text
from leads.core.files.cells import typed
from leads.core.files.dates import Moment, Order
from leads.core.files.mapping import Target

MOST_KNOWN = 20_000  # different values of a column that are remembered

Odd = set[int]  # places within the column


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one target, None or "" where nothing is said; `odd`: where to look."""

    values: Sequence[Any]
    odd: Odd = field(default_factory=set)


class Texts:
    """Reads the cells of a text, of which at most `limit` characters are kept."""

    def __init__(self, target: Target, limit: int) -> None:
        self.blank = target.missing - {""}
        self.meant, self.limit = dict(target.values), limit

    def read(self, cells: Sequence[str]) -> Column:
        if self.blank and not self.blank.isdisjoint(cells):
            said: Sequence[str] = ["" if cell in self.blank else cell for cell in cells]
        else:
            said = cells
        odd = set() if is_clean(said, self.limit) else self._odd(said)
        if self.meant:
            meant = [self.meant.get(cell, cell) for cell in said]
            odd |= self._odd(meant)
            return Column(meant, odd)
        return Column(said, odd)

    def _odd(self, cells: Sequence[str]) -> Odd:
        return {
            place
            for place, cell in enumerate(cells)
            if cell and (cell[0] == "'" or text.line(cell, self.limit) != cell)
        }


def is_clean(cells: Sequence[str], limit: int) -> bool:
    """Whether each of the cells is the clean line that `text.line` makes of it, of at most
    `limit` characters, and begins with no apostrophe.

    >>> is_clean(["Ana Lima", "", "Jürgen"], 200), is_clean(["Ana", " Lima"], 200)
    (True, False)
    """
    glued, rows = "".join(cells), "\n".join(cells)
    if not glued.isprintable() or max(map(len, cells), default=0) > limit:
        return False
    if "'" in rows and (rows[:1] == "'" or "\n'" in rows):
        return False
    if " " in rows:
        ends = rows[:1] == " " or rows[-1:] == " " or " \n" in rows or "\n " in rows
        if ends or "  " in rows:
            return False
    return rows.isascii() or unicodedata.is_normalized("NFC", rows)


class Known(dict[str, Any]):
    """Reads the cells of a number, a date, a yes or no: each value once."""

    def __init__(self, target: Target, order: Order | None) -> None:
        super().__init__()
        self.target, self.order = target, order
        self.strange: set[str] = set()

    def __missing__(self, cell: str) -> Any:
        self[cell] = value = self._read(cell)
        return value

    def read(self, cells: Sequence[str]) -> Column:
        if len(self) > MOST_KNOWN:
            self.clear()
            self.strange.clear()
        values = list(map(self.__getitem__, cells))
        if not self.strange or self.strange.isdisjoint(cells):
            return Column(values)
        return Column(values, {n for n, cell in enumerate(cells) if cell in self.strange})

    def _read(self, cell: str) -> Any:
        if not cell or cell in self.target.missing:
            return None
        try:
            if cell == cell.strip() and cell[0] != "'":
                return typed(self.target, self.target.values.get(cell, cell), self.order)
        except ValueError:
            pass
        self.strange.add(cell)
        return None


def disordered(earlier: Sequence[Moment | None], later: Sequence[Moment | None]) -> Odd:
    """Where what must not come before the other seems to."""
    return {
        place
        for place, (first, second) in enumerate(zip(earlier, later, strict=True))
        if first is not None and second is not None and second.at < first.at
    }
