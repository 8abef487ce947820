"""Entry criteria: a typed tree, its sentence, and its evaluation on the facts of one lead."""

from sla.core.criteria.checks import faults, has_type
from sla.core.criteria.evaluation import Evidence, Outcome, evaluate
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
    named,
    read,
)
from sla.core.criteria.sentences import recorded, sentence
from sla.core.facts import Facts, Touch, Value

__all__ = [
    "AllOf",
    "AnyOf",
    "Attested",
    "Evidence",
    "Facts",
    "FieldIs",
    "Leaf",
    "Node",
    "Not",
    "Outcome",
    "Touch",
    "TouchedWithin",
    "Value",
    "evaluate",
    "faults",
    "has_type",
    "keys",
    "leaves",
    "named",
    "read",
    "recorded",
    "sentence",
]
