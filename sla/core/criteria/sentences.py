"""A plain sentence for every criterion. Two trees that decide otherwise read otherwise."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

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
    leaves,
)
from sla.core.facts import TOUCH_KINDS, field_of
from sla.core.saying import Say, gettext_noop, plainly

_PLAIN = re.compile(r"[^\W_]([\w.@+-]| (?!and |or ))*", re.ASCII)
_DIRECTIONS = {
    "inbound": gettext_noop(", coming from them,"),
    "outbound": gettext_noop(", coming from us,"),
    "two_way": gettext_noop(", both ways,"),
}
_COMPARISONS = {
    "is": gettext_noop("is {value}"),
    "is_not": gettext_noop("is known and is not {value}"),
    "in": gettext_noop("is {value}"),
    "not_in": gettext_noop("is known and is none of {value}"),
    "at_least": gettext_noop("is at least {value}"),
    "at_most": gettext_noop("is at most {value}"),
    "between": gettext_noop("is from {value} to {most}"),
    "present": gettext_noop("is known"),
    "missing": gettext_noop("is not known"),
}
_DATE_COMPARISONS = {
    "at_least": gettext_noop("is on or after {value}"),
    "at_most": gettext_noop("is on or before {value}"),
}
_JOINED = {
    AllOf: gettext_noop("{first}, and {last}"),
    AnyOf: gettext_noop("{first}, or {last}"),
}
_LISTED = {"and": gettext_noop("{first} and {last}"), "or": gettext_noop("{first} or {last}")}
_TYPES = {
    "integer": gettext_noop(" (a integer)"),
    "boolean": gettext_noop(" (a boolean)"),
    "date": gettext_noop(" (a date)"),
}
_WITH = {
    "marketing": gettext_noop(" with Marketing"),
    "sales": gettext_noop(" with Sales"),
}
_NOT_SO = gettext_noop("it is not so that {this}")
_DID = gettext_noop("they {what}")
_ATTESTED = gettext_noop("somebody has attested “{fact}”")
_TIMES = gettext_noop(" at least {n} times")
_IN_THE_LAST = gettext_noop(" in the last {span}")
_YES, _NO = gettext_noop("yes"), gettext_noop("no")


def sentence(node: Node, say: Say = plainly) -> str:
    """Return what a tree asks, to complete "A person is comparing when …".

    >>> sentence(FieldIs("size", "company.employees", "at_least", 20, "integer"))
    'the company’s number of employees is at least 20'
    """
    if isinstance(node, AllOf | AnyOf):
        return _joined(say(_JOINED[type(node)]), [_inner(part, say) for part in node.parts])
    if isinstance(node, Not):
        return say(_NOT_SO).format(this=_inner(node.part, say))
    if isinstance(node, TouchedWithin):
        return _touched(node, say)
    if isinstance(node, Attested):
        return say(_ATTESTED).format(fact=node.fact.replace("_", " "))
    return _field_is(node, say)


def recorded(trees: Iterable[Node | None]) -> dict[str, Node]:
    """The leaves of trees, each by the sentence that is recorded of it.

    What was recorded is found again by its words, so that it can be said in others; of a
    criterion that was changed since, there is none.
    """
    found = (leaf for tree in trees if tree is not None for leaf in leaves(tree))
    return {sentence(leaf): leaf for leaf in found}


def listed(words: Sequence[str], last: Literal["and", "or"] = "or", say: Say = plainly) -> str:
    """Return words as people list them.

    >>> listed(["a", "b", "c"], "and")
    'a, b and c'
    """
    if len(words) < 2:
        return "".join(words)
    return say(_LISTED[last]).format(first=", ".join(words[:-1]), last=words[-1])


def quoted(text: str) -> str:
    """Return a text that somebody chose, in quotation marks unless it reads as one word."""
    return text if _PLAIN.fullmatch(text) else f"“{text}”"


def _joined(form: str, parts: Sequence[str]) -> str:
    """Each part after the one before, by the same word."""
    said = parts[0]
    for part in parts[1:]:
        said = form.format(first=said, last=part)
    return said


def _inner(node: Node, say: Say) -> str:
    several = isinstance(node, AllOf | AnyOf) and len(node.parts) > 1
    return f"({sentence(node, say)})" if several else sentence(node, say)


def _field_is(leaf: FieldIs, say: Say) -> str:
    known = field_of(leaf.field, leaf.type)
    label = known.label if known else leaf.field
    if not leaf.field.startswith("attributes."):
        label = say(label)
    elif leaf.type in _TYPES:
        label += say(_TYPES[leaf.type])
    form = _COMPARISONS[leaf.op]
    if leaf.type == "date":
        form = _DATE_COMPARISONS.get(leaf.op, form)
    return f"{label} {say(form).format(**_values(leaf, say))}"


def _values(leaf: FieldIs, say: Say) -> dict[str, str]:
    value = leaf.value
    if value is None:
        return {}
    if not isinstance(value, tuple):
        return {"value": _said(value, say)}
    said = [_said(one, say) for one in value]
    if leaf.op == "between":
        return {"value": said[0], "most": said[1]}
    return {"value": listed(said, say=say)}


def _said(value: Scalar, say: Say) -> str:
    if isinstance(value, bool):
        return say(_YES if value else _NO)
    return quoted(value) if isinstance(value, str) else f"{value:,}"


def _touched(leaf: TouchedWithin, say: Say) -> str:
    what = listed([say(TOUCH_KINDS[kind].done) for kind in leaf.kinds], say=say)
    said = say(_DID).format(what=what)
    if leaf.department is not None:
        said += say(_WITH[leaf.department])
    if leaf.direction is not None:
        said += say(_DIRECTIONS[leaf.direction])
    if leaf.count > 1:
        said += say(_TIMES).format(n=leaf.count)
    if leaf.within is not None:
        span = durations.in_words(leaf.within, of_work=False, say=say)
        said += say(_IN_THE_LAST).format(span=span)
    return said.removesuffix(",")
