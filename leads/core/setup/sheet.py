"""People as they stand in a sheet: pasted rows become plain values, each with its faults."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO

from leads.core.text import line as text_of

MOST = 500
LONGEST = 500  # characters of a cell
FIELDS: tuple[str, ...] = ("name", "email", "team", "manager")
HEADERS = {
    "name": ("name", "full name", "person", "vor- und nachname"),
    "email": ("email", "e-mail", "mail", "e-mail address", "email address", "e-mail-adresse"),
    "team": ("team", "teams", "department", "abteilung"),
    "manager": ("manager", "manager?", "is manager", "leads the team", "leitung", "leiter"),
}
YES = frozenset({"yes", "y", "true", "1", "x", "manager", "ja", "j"})
NO = frozenset({"", "no", "n", "false", "0", "-", "member", "nein"})
_MAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]{2,}")


@dataclass(frozen=True)
class Row:
    """One person as they were pasted. `place` is the team's key, or a role without a team.

    `faults`: field → what is wrong with it, as a word of this module; the page says it.
    """

    line: int
    name: str
    email: str
    team: str
    manager: bool = False
    place: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    cells: tuple[str, ...] = ()

    def wrong(self, column: str, fault: str) -> "Row":
        return replace(self, faults={**self.faults, column: fault})


def read(text: str, places: Mapping[str, str]) -> list[Row]:
    """The rows of a pasted sheet, MOST of them at most; a row of headings names the columns.

    `places`: what a team, or a role without one, may be called, in small letters → its key.

    >>> [row.email for row in read("Ada Lovelace\\tada@mill.example\\tSales", {"sales": "s"})]
    ['ada@mill.example']
    """
    order, rows = FIELDS, list(_cells(text))
    if rows and (named := _named(rows[0][1])):
        order, rows = named, rows[1:]
    found = [_row(line, cells, order, places) for line, cells in rows[:MOST]]
    return list(_once(found))


def is_too_long(text: str) -> bool:
    """Whether there are more rows than are read at once."""
    rows = list(_cells(text))
    return len(rows) - bool(rows and _named(rows[0][1])) > MOST


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, with their line."""
    lines = StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="")
    reader = csv.reader(lines, delimiter=_delimiter(text))
    for cells in reader:
        stripped = [text_of(cell, LONGEST) for cell in cells]
        if any(stripped):
            yield reader.line_num, stripped


def _delimiter(text: str) -> str:
    """A sheet pastes tabs; a file has semicolons or commas."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return next((mark for mark in ("\t", ";") if mark in first), ",")


def _named(cells: Sequence[str]) -> tuple[str, ...]:
    """The fields of the columns, if the row is one of headings."""
    known = {word: name for name, words in HEADERS.items() for word in words}
    found = tuple(known.get(cell.casefold(), "") for cell in cells)
    return found if {"name", "email"} <= set(found) else ()


def _row(
    line: int, cells: Sequence[str], order: Sequence[str], places: Mapping[str, str]
) -> Row:
    said = dict.fromkeys(FIELDS, "") | {
        name: cell for name, cell in zip(order, cells, strict=False) if name
    }
    manager = said["manager"].casefold()
    row = Row(
        line, said["name"][:120], said["email"].lower(), said["team"],
        manager in YES, places.get(said["team"].casefold(), ""), {}, tuple(cells),
    )  # fmt: skip
    if not said["name"]:
        row = row.wrong("name", "missing")
    if not _MAIL.fullmatch(row.email) or len(row.email) > 254:
        row = row.wrong("email", "missing" if not row.email else "no_mail")
    if not row.place:
        row = row.wrong("team", "missing" if not row.team else "unknown")
    return row if manager in YES | NO else row.wrong("manager", "unclear")


def _once(rows: Sequence[Row]) -> Iterator[Row]:
    """The second row with an address, and the second manager of a team, are faults."""
    seen: set[str] = set()
    led: set[str] = set()
    for row in rows:
        if row.email and row.email in seen and "email" not in row.faults:
            row = row.wrong("email", "twice")
        seen.add(row.email)
        if row.manager and row.place and row.place in led:
            row = row.wrong("manager", "second")
        if row.manager and not row.faults:
            led.add(row.place)
        yield row
