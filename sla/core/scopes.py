"""Which agreement takes a lead: each scope in order, with what was seen of the lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sla.core import criteria
from sla.core.criteria import Evidence, Facts, FieldIs, leaves
from sla.core.saying import Say, gettext_noop, plainly

Verdict = Literal["takes", "not", "not_asked"]
_EVERY = gettext_noop("every lead")


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


def sentence(scope: Any, say: Say = plainly) -> str:
    """Return a scope in words; "every lead" where there is none."""
    if scope is None:
        return say(_EVERY)
    return criteria.sentence(criteria.read(scope), say)
