"""Criteria on one lead, at one instant: met or not, with the evidence of every leaf."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sla.core.criteria.checks import has_type
from sla.core.criteria.nodes import (
    AllOf,
    AnyOf,
    Attested,
    FieldIs,
    Leaf,
    Node,
    Not,
    Scalar,
    TouchedWithin,
)
from sla.core.criteria.sentences import sentence
from sla.core.facts import Facts, Touch


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one leaf saw. `value` of a touch criterion is how many touches there were.

    `negated` says that the leaf stands under an odd number of `not`: it is asked not to
    be met. `missing` is never met.
    """

    key: str
    leaf: Leaf
    value: Scalar | None
    set_by: str
    set_at: datetime | None
    met: bool
    missing: bool
    negated: bool = False

    @property
    def sentence(self) -> str:
        """What the leaf asks, as it is recorded."""
        return sentence(self.leaf)

    def as_json(self) -> dict[str, Any]:
        """Return the evidence as it is frozen with a stage entry or an offer."""
        return {
            "criterion": self.key,
            "sentence": self.sentence,
            "value": self.value,
            "set_by": self.set_by,
            "set_at": None if self.set_at is None else self.set_at.isoformat(),
            "met": self.met,
            "missing": self.missing,
            "negated": self.negated,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a tree is met, and why: the evidence of its leaves from left to right."""

    met: bool
    evidence: tuple[Evidence, ...]

    def as_json(self) -> list[dict[str, Any]]:
        return [one.as_json() for one in self.evidence]


def evaluate(tree: Node, facts: Facts, at: datetime) -> Outcome:
    """Return whether `tree` is met by `facts` as of `at`, with evidence.

    Two-valued: a missing value meets `missing` and nothing else, so under `not` it is met.
    Touches count in [at - window, at], both ends included; later ones are not seen.
    """
    seen = tuple(_evidence(tree, facts, at, negated=False))
    return Outcome(_met(tree, iter(seen)), seen)


def meets(leaf: FieldIs, value: object) -> bool:
    """Whether a field's raw value meets a leaf, as `evaluate` says; no evidence is made."""
    known = value if has_type(value, leaf.type) else None
    return leaf.op == "missing" if known is None else _holds(leaf, known)


def _evidence(node: Node, facts: Facts, at: datetime, *, negated: bool) -> Iterator[Evidence]:
    if isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from _evidence(part, facts, at, negated=negated)
    elif isinstance(node, Not):
        yield from _evidence(node.part, facts, at, negated=not negated)
    else:
        yield _seen(node, facts, at, negated)


def _met(node: Node, seen: Iterator[Evidence]) -> bool:
    """Combine what the leaves saw; every part is read, so that each takes its own."""
    if isinstance(node, AllOf | AnyOf):
        parts = [_met(part, seen) for part in node.parts]
        return all(parts) if isinstance(node, AllOf) else any(parts)
    if isinstance(node, Not):
        return not _met(node.part, seen)
    return next(seen).met


def _seen(leaf: Leaf, facts: Facts, at: datetime, negated: bool) -> Evidence:
    if isinstance(leaf, TouchedWithin):
        return _touches_seen(leaf, facts, at, negated)
    if isinstance(leaf, Attested):
        return _attestation_seen(leaf, facts, negated)
    return _field_seen(leaf, facts, negated)


def _field_seen(leaf: FieldIs, facts: Facts, negated: bool) -> Evidence:
    known = facts.fields.get(leaf.field)
    missing = known is None or not has_type(known.value, leaf.type)
    value = None if missing or known is None else known.value
    return Evidence(
        key=leaf.key,
        leaf=leaf,
        value=value,
        set_by="" if known is None or missing else known.set_by,
        set_at=None if known is None or missing else known.set_at,
        met=leaf.op == "missing" if value is None else _holds(leaf, value),
        missing=missing,
        negated=negated,
    )


def _touches_seen(leaf: TouchedWithin, facts: Facts, at: datetime, negated: bool) -> Evidence:
    found = [touch for touch in facts.touches if _counts(leaf, touch, at)]
    latest = max(found, key=lambda touch: touch.at, default=None)
    return Evidence(
        key=leaf.key,
        leaf=leaf,
        value=len(found),
        set_by=latest.set_by if latest else "",
        set_at=latest.at if latest else None,
        met=len(found) >= leaf.count,
        missing=not found,
        negated=negated,
    )


def _attestation_seen(leaf: Attested, facts: Facts, negated: bool) -> Evidence:
    said = facts.attested.get(leaf.fact)
    return Evidence(
        key=leaf.key,
        leaf=leaf,
        value=said.value if said else None,
        set_by=said.set_by if said else "",
        set_at=said.set_at if said else None,
        met=said is not None,
        missing=said is None,
        negated=negated,
    )


def _counts(leaf: TouchedWithin, touch: Touch, at: datetime) -> bool:
    window = leaf.window
    return (
        touch.kind in leaf.kinds
        and leaf.department in (None, touch.department)
        and leaf.direction in (None, touch.direction)
        and touch.at <= at
        and (window is None or touch.at >= at - window)
    )


def _holds(leaf: FieldIs, value: Any) -> bool:
    """Compare a value that is there; both sides are of the field's type."""
    wanted: Any = leaf.value
    if leaf.op in ("present", "missing"):
        return leaf.op == "present"
    if leaf.op in ("is", "is_not"):
        return bool(value == wanted) == (leaf.op == "is")
    if leaf.op in ("in", "not_in"):
        return (value in wanted) == (leaf.op == "in")
    if leaf.op == "between":
        return bool(wanted[0] <= value <= wanted[1])
    return bool(value >= wanted if leaf.op == "at_least" else value <= wanted)
