"""What the schema cannot say about criteria: fields, operators and values that fit."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sla.core.facts import FieldType, field_of
from sla.core.saying import Said
from sla.core.saying import gettext_noop as _

Place = list[str | int]
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ORDERED = frozenset({"at_least", "at_most", "between"})
_LISTED = frozenset({"in", "not_in"})
_BARE = frozenset({"present", "missing"})
_TYPE_WORDS: Mapping[FieldType, str] = {
    "text": _("a text"),
    "integer": _("a whole number"),
    "boolean": _("true or false"),
    "date": _("a date such as 2026-12-24"),
}


def has_type(value: object, wanted: FieldType) -> bool:
    """Whether a value is of a field's type; True is no whole number, "" is no text."""
    if wanted == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if wanted == "boolean":
        return isinstance(value, bool)
    if wanted == "date":
        return isinstance(value, str) and _is_date(value)
    return isinstance(value, str) and value != ""


def faults(raw: Mapping[str, Any], path: Place) -> Iterator[tuple[Place, str]]:
    """Yield (path, reason) for each fault of a tree that has the schema's shape."""
    for group in ("all", "any"):
        for index, part in enumerate(raw.get(group, ())):
            yield from faults(part, [*path, group, index])
    if "not" in raw:
        yield from faults(raw["not"], [*path, "not"])
    if "field" in raw:
        yield from _field_faults(raw, path)


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _field_faults(raw: Mapping[str, Any], path: Place) -> Iterator[tuple[Place, str]]:
    known = field_of(raw["field"], raw.get("type"))
    if known is None:
        yield [*path, "field"], Said(_("there is no field {field}"), field=raw["field"])
        return
    if "type" in raw and not raw["field"].startswith("attributes."):
        yield [*path, "type"], Said(_("only an attribute says its type"))
    if reason := _operator_fault(raw["op"], known.type):
        yield [*path, "op"], reason
    elif reason := _value_fault(raw, known.type):
        yield [*path, "value"], reason


def _operator_fault(op: str, kind: FieldType) -> str | None:
    if op in _ORDERED and kind not in ("integer", "date"):
        return Said(
            _("{op} needs a number or a date, this is {kind}"),
            op=op,
            kind=Said(_TYPE_WORDS[kind]),
        )
    if op in _LISTED and kind == "boolean":
        return Said(_("{op} needs more than true or false"), op=op)
    return None


def _value_fault(raw: Mapping[str, Any], kind: FieldType) -> str | None:
    op: str = raw["op"]
    value: Any = raw.get("value")
    if op in _BARE:
        return Said(_("{op} takes no value"), op=op) if "value" in raw else None
    if op in _LISTED and not isinstance(value, list):
        return Said(_("{op} needs a list"), op=op)
    if op == "between" and not (isinstance(value, list) and len(value) == 2):
        return Said(_("between needs the least and the most"))
    if op not in _LISTED and op != "between" and isinstance(value, list):
        return Said(_("{op} needs one value"), op=op)
    several = value if isinstance(value, list) else [value]
    if not all(has_type(one, kind) for one in several):
        return Said(_("must be {kind}"), kind=Said(_TYPE_WORDS[kind]))
    if op == "between" and value[0] > value[1]:
        return Said(_("must begin with the least"))
    return None
