"""What the readable text of an agreement is made of: sections, clauses and lines."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or two about one part; `key` is the same in every version."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered clause. `path` names it in every version: `obligations/first_attempt`.

    `prose` says that the text was written by people, in Markdown; else it is plain
    sentences made from the terms.
    """

    number: str
    key: str
    title: str
    path: str
    lines: tuple[Line, ...]
    prose: bool = False

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the agreement with its clauses, in order."""

    number: int
    title: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A clause before it has its number. Lines without text are left out."""

    path: str
    title: str
    lines: tuple[tuple[str, str], ...]
    prose: bool = False


def numbered(number: int, title: str, drafts: Iterable[Draft]) -> Section:
    """Return a section with its clauses numbered 2.1, 2.2, …"""
    clauses = tuple(
        Clause(
            number=f"{number}.{n}",
            key=draft.path.rpartition("/")[2],
            title=draft.title,
            path=draft.path,
            lines=tuple(Line(key, text) for key, text in draft.lines if text),
            prose=draft.prose,
        )
        for n, draft in enumerate(drafts, 1)
    )
    return Section(number, title, clauses)
