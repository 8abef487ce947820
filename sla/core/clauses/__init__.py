"""The terms as an agreement that people read: numbered clauses in plain sentences.

The page, the redline and the printed document are all made from these lines, so what is
shown, compared and signed is one text. Every part of the terms has its line.
"""

from collections.abc import Iterable, Iterator

from sla.core.clauses.calendars import calendar_clauses
from sla.core.clauses.journey import journey_clauses
from sla.core.clauses.keeping import (
    evidence_clauses,
    governance_clauses,
    ladder_clauses,
    own_clauses,
    return_clauses,
)
from sla.core.clauses.layout import Clause, Draft, Line, Section, numbered
from sla.core.clauses.promises import obligation_clauses, volume_clauses
from sla.core.terms.document import Terms

__all__ = ["Clause", "Line", "Section", "render"]


def render(terms: Terms) -> list[Section]:
    """Return the whole agreement as ten numbered sections; an empty one says so."""
    contents: tuple[tuple[str, Iterable[Draft], str], ...] = (
        ("Purpose", _purpose(terms), ""),
        ("The journey", journey_clauses(terms), ""),
        ("Who owes what, by when", obligation_clauses(terms), "Nobody owes anything yet."),
        ("Volume and conversion", volume_clauses(terms), "No volume is promised."),
        ("Being late", ladder_clauses(terms), "Nobody is told when time runs out."),
        ("Returning a lead", return_clauses(terms), "There is no reason to return a lead."),
        ("Whose time counts", evidence_clauses(terms), ""),
        ("Working time", calendar_clauses(terms), "There is no calendar."),
        ("Further clauses", own_clauses(terms), "There are none."),
        ("This agreement", governance_clauses(terms), ""),
    )
    return [
        numbered(number, title, list(drafts) or [_nothing(title, otherwise)])
        for number, (title, drafts, otherwise) in enumerate(contents, 1)
    ]


def _purpose(terms: Terms) -> Iterator[Draft]:
    if terms.preamble:
        yield Draft("preamble", "Purpose", (("preamble", terms.preamble),), prose=True)
    name = f"This agreement is called “{terms.title}”."
    yield Draft("title", "Name", (("title", name),))


def _nothing(title: str, said: str) -> Draft:
    path = title.casefold().replace(",", "").replace(" ", "_")
    return Draft(f"nothing/{path}", "Nothing agreed", (("nothing", said),))
