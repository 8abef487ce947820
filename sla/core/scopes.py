"""Which agreement takes a lead: each scope in order, with what was seen of the lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sla.core import criteria
from sla.core.criteria import Evidence, Facts, FieldIs, leaves
from sla.core.facts import FIELDS

Verdict = Literal["takes", "not", "not_asked"]
SIMPLE = ("lead.segment", "lead.source", "lead.country", "company.country")
"""The fields that a scope of plain lists may ask about, in the order of the form."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One agreement, by its place: takes the lead, does not, or one before it does."""

    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()


def ask(scopes: Sequence[Any], facts: Facts, at: datetime) -> list[Asked]:
    """Return for each scope, in order, whether it takes the lead; the first that does ends
    it. A scope that is None takes every lead."""
    found: list[Asked] = []
    for scope in scopes:
        if any(one.verdict == "takes" for one in found):
            found.append(Asked("not_asked"))
        elif scope is None:
            found.append(Asked("takes"))
        else:
            outcome = criteria.evaluate(criteria.read(scope), facts, at)
            found.append(Asked("takes" if outcome.met else "not", outcome.evidence))
    return found


def asked_fields(scopes: Sequence[Any]) -> list[FieldIs]:
    """Return the fields that any scope asks about, each once, in the order of the scopes."""
    found: dict[str, FieldIs] = {}
    for scope in scopes:
        if scope is not None:
            for leaf in leaves(criteria.read(scope)):
                if isinstance(leaf, FieldIs):
                    found.setdefault(leaf.field, leaf)
    return list(found.values())


def sentence(scope: Any) -> str:
    """Return a scope in words; "every lead" where there is none."""
    return "every lead" if scope is None else criteria.sentence(criteria.read(scope))


def simple(scope: Any) -> dict[str, list[str]] | None:
    """Return what a scope of plain lists asks for by field; None if it asks otherwise.

    >>> simple({"key": "scope", "all": [
    ...     {"key": "s", "field": "lead.segment", "op": "in", "value": ["partner"]}]})
    {'lead.segment': ['partner']}
    """
    if scope is None:
        return {}
    parts = scope.get("all")
    if parts is None:
        parts = [scope]
    found: dict[str, list[str]] = {}
    for part in parts:
        name = part.get("field")
        if name not in SIMPLE or name in found or part.get("op") not in ("in", "is"):
            return None
        value = part["value"]
        found[name] = list(value) if part["op"] == "in" else [value]
    return found


def scope_of(lists: Mapping[str, Sequence[str]]) -> dict[str, Any] | None:
    """Return the scope that asks for one of the values of each field; None for no values."""
    parts = [
        {
            "key": FIELDS[name].name.replace(".", "_"),
            "field": name,
            "op": "in",
            "value": list(lists[name]),
        }
        for name in SIMPLE
        if lists.get(name)
    ]
    return {"key": "scope", "all": parts} if parts else None
