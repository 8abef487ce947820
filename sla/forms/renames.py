"""A key that is called otherwise keeps its references: they are renamed with it."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

REFERENCES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "stage": (
        ("handoffs", "from_stage"),
        ("handoffs", "to_stage"),
        ("obligations", "from_stage"),
        ("commitments", "stage"),
        ("benchmarks", "from_stage"),
        ("benchmarks", "to_stage"),
    ),
    "criterion": (("return_reasons", "disputes"),),
    "handoff": (("obligations", "handoff"),),
    "obligation": (("commitments", "obligation"),),
    "calendar": (("obligations", "calendar", "fixed"),),
    "ladder": (("obligations", "ladder"),),
}
"""Where each kind of key is said outside its own part."""


def renamed(terms: dict[str, Any], kind: str, names: Mapping[str, str]) -> dict[str, Any]:
    """The terms with every reference to a key of `names` replaced, all of them at once."""
    if not names:
        return terms
    terms = deepcopy(terms)
    for part, *inside, last in REFERENCES[kind]:
        for row in terms.get(part, ()):
            for name in inside:
                row = row.get(name) or {}
            if row.get(last) in names:
                row[last] = names[row[last]]
    return terms
