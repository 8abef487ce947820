"""A plain sentence for every criterion. Two trees that decide otherwise read otherwise."""

import re
from collections.abc import Sequence

from sla.core import durations
from sla.core.criteria.nodes import (
    AllOf,
    AnyOf,
    Attested,
    FieldIs,
    Node,
    Not,
    Scalar,
    TouchedWithin,
)
from sla.core.facts import TOUCH_KINDS, field_of

_PLAIN = re.compile(r"[^\W_]([\w.@+-]| (?!and |or ))*", re.ASCII)
_DIRECTIONS = {"inbound": ", coming from them,", "outbound": ", coming from us,"}
_COMPARISONS = {
    "is": "is {}",
    "is_not": "is known and is not {}",
    "in": "is {}",
    "not_in": "is known and is none of {}",
    "at_least": "is at least {}",
    "at_most": "is at most {}",
    "between": "is from {} to {}",
    "present": "is known",
    "missing": "is not known",
}
_DATE_COMPARISONS = {"at_least": "is on or after {}", "at_most": "is on or before {}"}


def sentence(node: Node) -> str:
    """Return what a tree asks, to complete "A person is comparing when …".

    >>> sentence(FieldIs("size", "company.employees", "at_least", 20, "integer"))
    'the company’s number of employees is at least 20'
    """
    if isinstance(node, AllOf | AnyOf):
        word = "and" if isinstance(node, AllOf) else "or"
        parts = [_inner(part) for part in node.parts]
        return f", {word} ".join(parts) if len(parts) > 1 else parts[0]
    if isinstance(node, Not):
        return f"it is not so that {_inner(node.part)}"
    if isinstance(node, TouchedWithin):
        return _touched(node)
    if isinstance(node, Attested):
        return f"somebody has attested “{node.fact.replace('_', ' ')}”"
    return _field_is(node)


def listed(words: Sequence[str], last: str = "or") -> str:
    """Return words as people list them.

    >>> listed(["a", "b", "c"], "and")
    'a, b and c'
    """
    return f" {last} ".join([*([", ".join(words[:-1])] if words[1:] else []), *words[-1:]])


def quoted(text: str) -> str:
    """Return a text that somebody chose, in quotation marks unless it reads as one word."""
    return text if _PLAIN.fullmatch(text) else f"“{text}”"


def _inner(node: Node) -> str:
    several = isinstance(node, AllOf | AnyOf) and len(node.parts) > 1
    return f"({sentence(node)})" if several else sentence(node)


def _field_is(leaf: FieldIs) -> str:
    known = field_of(leaf.field, leaf.type)
    label = known.label if known else leaf.field
    if leaf.field.startswith("attributes.") and leaf.type != "text":
        label += f" (a {leaf.type})"
    form = _COMPARISONS[leaf.op]
    if leaf.type == "date":
        form = _DATE_COMPARISONS.get(leaf.op, form)
    return f"{label} {form.format(*_values(leaf))}"


def _values(leaf: FieldIs) -> list[str]:
    value = leaf.value
    if value is None:
        return []
    if not isinstance(value, tuple):
        return [_said(value)]
    said = [_said(one) for one in value]
    return said if leaf.op == "between" else [listed(said)]


def _said(value: Scalar) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return quoted(value) if isinstance(value, str) else f"{value:,}"


def _touched(leaf: TouchedWithin) -> str:
    said = "they " + listed([TOUCH_KINDS[kind].done for kind in leaf.kinds])
    if leaf.department is not None:
        said += f" with {leaf.department.capitalize()}"
    if leaf.direction == "two_way":
        said += ", both ways,"
    elif leaf.direction is not None:
        said += _DIRECTIONS[leaf.direction]
    if leaf.count > 1:
        said += f" at least {leaf.count} times"
    if leaf.within is not None:
        said += f" in the last {durations.in_words(leaf.within, of_work=False)}"
    return said.removesuffix(",")
