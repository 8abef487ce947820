"""Criteria as a typed tree: three kinds of group and three kinds of leaf."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sla.core import durations
from sla.core.durations import Duration
from sla.core.facts import FieldType, field_of

Operator = Literal[
    "is", "is_not", "in", "not_in", "at_least", "at_most", "between", "present", "missing"
]
Scalar = str | int | bool


@dataclass(frozen=True, slots=True)
class AllOf:
    """Met when each part is."""

    key: str | None
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Met when at least one part is."""

    key: str | None
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Met when its part is not; so a missing value meets it."""

    key: str | None
    part: "Node"


@dataclass(frozen=True, slots=True)
class FieldIs:
    """A field compared with a value. A missing value meets `missing` alone.

    `value`: a scalar; for in and not_in a tuple; for between (least, most), both included;
    None for present and missing. Texts compare exactly, dates as YYYY-MM-DD.
    """

    key: str
    field: str
    op: Operator
    value: Scalar | tuple[Scalar, ...] | None
    type: FieldType


@dataclass(frozen=True, slots=True)
class TouchedWithin:
    """At least `count` touches of these kinds in [at - window, at]; window None: ever."""

    key: str
    kinds: tuple[str, ...]
    department: str | None
    direction: str | None
    within: Duration | None
    count: int

    @property
    def window(self) -> timedelta | None:
        """`within` as elapsed time: a day is 24 hours."""
        return None if self.within is None else durations.elapsed(self.within)


@dataclass(frozen=True, slots=True)
class Attested:
    """Somebody has confirmed the fact."""

    key: str
    fact: str


Leaf = FieldIs | TouchedWithin | Attested
Node = AllOf | AnyOf | Not | Leaf


def read(raw: Mapping[str, Any]) -> Node:
    """Return the tree that a JSON object of the schema's shape writes.

    The shape is taken as checked: use `terms.parse` or `terms.parse_criteria` for what
    comes from outside.
    """
    key = raw.get("key")
    if "all" in raw:
        return AllOf(key, tuple(map(read, raw["all"])))
    if "any" in raw:
        return AnyOf(key, tuple(map(read, raw["any"])))
    if "not" in raw:
        return Not(key, read(raw["not"]))
    if "touch" in raw:
        return _touched(raw)
    if "attested" in raw:
        return Attested(raw["key"], raw["attested"])
    return _field_is(raw)


def parts(node: Node) -> Iterator[Node]:
    """Yield a tree's groups and leaves, outer ones first, from left to right."""
    yield node
    inner = (node.part,) if isinstance(node, Not) else ()
    for part in node.parts if isinstance(node, AllOf | AnyOf) else inner:
        yield from parts(part)


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of a tree from left to right."""
    for part in parts(node):
        if not isinstance(part, AllOf | AnyOf | Not):
            yield part


def named(node: Node, key: str) -> Node | None:
    """The group or leaf called `key`; None if the tree has none."""
    return next((part for part in parts(node) if part.key == key), None)


def keys(node: Node) -> Iterator[str]:
    """Yield the keys of a tree's groups and leaves, outer ones first."""
    for part in parts(node):
        if part.key is not None:
            yield part.key


def _touched(raw: Mapping[str, Any]) -> TouchedWithin:
    kinds, within = raw["touch"], raw.get("within")
    return TouchedWithin(
        key=raw["key"],
        kinds=(kinds,) if isinstance(kinds, str) else tuple(kinds),
        department=raw.get("department"),
        direction=raw.get("direction"),
        within=None if within is None else durations.parse(within),
        count=raw.get("count", 1),
    )


def _field_is(raw: Mapping[str, Any]) -> FieldIs:
    known, value = field_of(raw["field"], raw.get("type")), raw.get("value")
    return FieldIs(
        key=raw["key"],
        field=raw["field"],
        op=raw["op"],
        value=tuple(value) if isinstance(value, list) else value,
        type=known.type if known else raw.get("type", "text"),
    )
