"""Entry criteria: a typed tree, its sentence, and its evaluation on the facts of one lead."""

from sla.core.criteria.checks import faults, has_type
from sla.core.criteria.nodes import (
    AllOf,
    AnyOf,
    Attested,
    FieldIs,
    Leaf,
    Node,
    Not,
    TouchedWithin,
    keys,
    leaves,
    read,
)
from sla.core.facts import Facts, Touch, Value

__all__ = [
    "AllOf",
    "AnyOf",
    "Attested",
    "Facts",
    "FieldIs",
    "Leaf",
    "Node",
    "Not",
    "Touch",
    "TouchedWithin",
    "Value",
    "faults",
    "has_type",
    "keys",
    "leaves",
    "read",
]
