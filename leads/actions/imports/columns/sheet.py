"""The columns of some records as the mapping reads them, and which records are odd."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from itertools import repeat
from typing import Any

from leads.actions.imports.incoming import ENTERED
from leads.actions.imports.source import Source
from leads.actions.intake.arrival import ATTRIBUTE, LENGTHS
from leads.core import text
from leads.core.files.cells import AFTER
from leads.core.files.mapping import Target
from leads.core.files.plain import Known, Odd, Texts, disordered
from leads.core.files.records import LONGEST_FIELD, Record

_HALF_A_NAME = LENGTHS["name"] // 2 - 1
_LIMITS = LENGTHS | {
    "first_name": _HALF_A_NAME, "last_name": _HALF_A_NAME, "external_id": 120,
}  # fmt: skip


class Sheet:
    """Columns of some records by target, and at which places a record is odd: it needs the
    closer look that a record by itself gets."""

    def __init__(self, readers: "Readers", records: Sequence[Record]) -> None:
        self.lines: Sequence[int]
        self.lines, rows = zip(*records, strict=True)
        self.size, self.odd = len(records), Odd()
        self.columns: dict[str, Sequence[Any]] = {}
        cells = list(zip(*rows, strict=True))
        for place, target, reader in readers.all:
            column = reader.read(cells[place])
            self.columns[target.to] = column.values
            self.odd |= column.odd
        for to, constant in readers.constants.items():
            told = self.columns.get(to) or repeat("", self.size)
            self.columns[to] = [said or constant for said in told]
        self._moments = [to for to in self.columns if to in readers.moments]

    @cached_property
    def entered(self) -> list[tuple[tuple[datetime, str], ...]]:
        """When each is said to have entered which stage, in order of time; [] if no column
        tells of it."""
        told = [to for to in self.columns if to.startswith(ENTERED)]
        stages = [to.removeprefix(ENTERED) for to in told]
        rows = zip(*(self.columns[to] for to in told), strict=True)
        return [
            tuple(
                sorted(
                    (moment.at, stage)
                    for stage, moment in zip(stages, row, strict=True)
                    if moment is not None
                )
            )
            for row in rows
        ]

    def column(self, to: str) -> Sequence[Any] | None:
        return self.columns.get(to)

    def texts(self, to: str) -> Iterable[str]:
        """A column of texts, "" where nothing is said."""
        return self.columns.get(to) or repeat("", self.size)

    def check(self, latest: datetime | None) -> None:
        """See to what lies in the future, and to what comes before what it follows."""
        for later, earlier in AFTER:
            if later in self.columns and earlier in self.columns:
                self.odd |= disordered(self.columns[earlier], self.columns[later])
        for to in self._moments if latest is not None else ():
            self.odd |= {
                place
                for place, moment in enumerate(self.columns[to])
                if place not in self.odd and moment is not None and moment.at > latest
            }


class Readers:
    """How each column of one file is read. They remember what they have read."""

    def __init__(self, source: Source) -> None:
        mapping, reader = source.mapping, source.reader()
        self.constants = {
            to: text.line(said, _limit(to)) for to, said in mapping.constants.items()
        }
        self.moments = {one.to for one in mapping.targets if one.type == "moment"}
        self.all: list[tuple[int, Target, Texts | Known]] = []
        for place, target in reader.targets:
            how = (
                Texts(target, _limit(target.to))
                if target.type == "text"
                else Known(target, reader.order_of(target))
            )
            self.all.append((place, target, how))


def _limit(to: str) -> int:
    return ATTRIBUTE if to.startswith("attributes.") else _LIMITS.get(to, LONGEST_FIELD)
