"""The pages of the editor, in the order in which an agreement is read."""

from typing import Any

from sla.forms.around import Part, Terms
from sla.forms.parts import (
    calendars,
    governance,
    handoffs,
    journey,
    ladders,
    promises,
    returns,
    volumes,
    words,
)

PARTS: dict[str, Part] = {
    module.PART.key: module.PART
    for module in (
        words,
        journey,
        handoffs,
        promises,
        ladders,
        calendars,
        volumes,
        returns,
        governance,
    )
}


def changed_parts(base: Terms | None, terms: Terms) -> list[tuple[Part, int]]:
    """Each part with how many of its rows are other than in `base`; nothing to compare: 0."""
    return [(part, _changed(part, base, terms) if base else 0) for part in PARTS.values()]


def _changed(part: Part, base: Terms, terms: Terms) -> int:
    return sum(_differences(base.get(name), terms.get(name)) for name in part.names)


def _differences(old: Any, new: Any) -> int:
    if isinstance(old, list) and isinstance(new, list):
        return sum(one not in old for one in new) + max(len(old) - len(new), 0)
    if isinstance(old, dict) and isinstance(new, dict):
        return sum(old.get(key) != new.get(key) for key in {*old, *new})
    return int((old or None) != (new or None))
