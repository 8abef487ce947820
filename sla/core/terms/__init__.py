"""The terms of an agreement: the JSON document that both departments sign and that is run.

`parse` turns a document into typed values or says everything that is wrong with it;
`canonical` and `digest` are what is signed. The schema is published as `schema()`.
"""

from functools import cache
from pathlib import Path
from typing import Any

from sla.core.canonical import NotStrictJson, canonical, digest
from sla.core.canonical import loads as _strict_json
from sla.core.criteria.nodes import Node
from sla.core.criteria.nodes import read as _read_criteria
from sla.core.terms import parts
from sla.core.terms.checks import carries_department, criterion_faults, faults_of
from sla.core.terms.document import Terms
from sla.core.terms.parts import (
    Behind,
    Benchmark,
    Beyond,
    Calendar,
    ClockCalendar,
    Commitment,
    Governance,
    Handoff,
    LadderStep,
    Obligation,
    Pause,
    Person,
    Prose,
    ReturnReason,
    Side,
    Stage,
    Target,
    Telling,
    TrustedSource,
)
from sla.core.terms.reading import read_terms
from sla.core.terms.schema import Fault, schema, shape_faults
from sla.core.terms.successor import successor_faults, successors

__all__ = [
    "Behind",
    "Benchmark",
    "Beyond",
    "Calendar",
    "ClockCalendar",
    "Commitment",
    "Fault",
    "Governance",
    "Handoff",
    "LadderStep",
    "Obligation",
    "Pause",
    "Person",
    "Prose",
    "ReturnReason",
    "Side",
    "Stage",
    "Target",
    "Telling",
    "Terms",
    "TermsError",
    "TrustedSource",
    "canonical",
    "carries_department",
    "check_successor",
    "digest",
    "faults",
    "loads",
    "parse",
    "parse_criteria",
    "parts",
    "read",
    "schema",
    "successors",
    "template",
]

TEMPLATES = ("classic", "empty")
_FOLDER = Path(__file__).parent.parent / "templates"


class TermsError(ValueError):
    """The document is refused; `faults` lists each (path, reason), in words."""

    def __init__(self, found: list[Fault]) -> None:
        self.faults = found
        super().__init__("; ".join(map(str, found)))


def parse(document: Any) -> Terms:
    """Return the terms that a JSON document writes.

    Raises TermsError with all faults: of the shape first (the schema), and if there are
    none, of the sense (references, starts, names, calendars that never open).
    """
    terms = read(document)
    if found := sorted(set(faults_of(terms, document))):
        raise TermsError(found)
    return terms


def read(document: Any) -> Terms:
    """Return the terms of an unfinished draft: its shape is checked, its sense is not.

    Enough to show and compare it; only what `parse` accepts can be proposed and run.
    Raises TermsError with all faults against the schema.
    """
    if found := shape_faults(document):
        raise TermsError(found)
    return read_terms(document)


def faults(document: Any) -> list[Fault]:
    """Return everything that `parse` would refuse, in the order of the paths."""
    try:
        parse(document)
    except TermsError as error:
        return error.faults
    return []


def parse_criteria(raw: Any) -> Node:
    """Return the criteria tree that a JSON value writes, such as an agreement's scope.

    Raises TermsError with all faults.
    """
    found = shape_faults(raw, "tree")
    if not found:
        found = sorted(criterion_faults(raw, []))
    if found:
        raise TermsError(found)
    return _read_criteria(raw)


def loads(text: str | bytes) -> Any:
    """Return the document of a JSON text that comes from outside; it is not parsed yet.

    Raises TermsError if the text is not JSON, says a name twice, or holds a fraction.
    """
    try:
        return _strict_json(text)
    except NotStrictJson as error:
        raise TermsError([Fault("terms", str(error))]) from None


def check_successor(old: Any, new: Any) -> list[Fault]:
    """Return a fault for each stage of the document `old` that `new` drops unmapped.

    A version with such faults cannot be proposed. Raises TermsError as `read` does.
    """
    return list(successor_faults(read(old), read(new)))


def template(name: str) -> dict[str, Any]:
    """Return a fresh document to begin a draft with: "classic" or "empty".

    Raises KeyError for another name.
    """
    document: dict[str, Any] = _strict_json(_template_text(name))
    return document


@cache
def _template_text(name: str) -> str:
    if name not in TEMPLATES:
        raise KeyError(name)
    return (_FOLDER / f"{name}.json").read_text(encoding="utf-8")
