"""The published JSON Schema of the terms, and its faults said in words."""

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator

from sla.core.criteria.checks import Place
from sla.core.saying import Said, Say, retold
from sla.core.saying import gettext_noop as _

DEEPEST = 24
"""Levels of nesting; eight groups of criteria inside each other fit."""

_TYPES = {
    "object": _("an object"),
    "array": _("a list"),
    "string": _("a text"),
    "integer": _("a whole number"),
    "boolean": _("true or false"),
    "null": _("empty"),
}
_WORDS = {
    "type": _("must be {wanted}, not {said}"),
    "enum": _("must be one of {wanted}, not {said}"),
    "const": _("must be {wanted}, not {said}"),
    "minimum": _("must be at least {wanted}, not {said}"),
    "maximum": _("must be at most {wanted}, not {said}"),
    "minItems": _("must have at least {wanted} of them"),
    "maxItems": _("must have at most {wanted} of them"),
    "minProperties": _("must have at least {wanted} of them"),
    "maxProperties": _("must have at most {wanted} of them"),
    "minLength": _("must not be empty"),
    "maxLength": _("must have at most {wanted} characters"),
    "uniqueItems": _("must not say the same twice"),
    "format": _("must be a date that exists, not {said}"),
    "pattern": _("must be {what}, not {said}"),
}
# What no reader sees, or sees in another order than it is stored: a signed text has none.
_UNSEEN = _("holds a character that cannot be seen")
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class Fault(NamedTuple):
    """What is wrong, where: `journey[2].criteria.all[0].value`, and the reason in words."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"

    def by(self, say: Say) -> str:
        """The same with the reason as `say` words it."""
        return f"{self.path}: {retold(self.reason, say)}"


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the terms. Do not change the value."""
    text = (Path(__file__).parent / "terms.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def dotted(parts: Place) -> str:
    """Return a path as people write it; the document itself is `terms`.

    >>> dotted(["journey", 2, "name"])
    'journey[2].name'
    """
    said = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return said.removeprefix(".") or "terms"


def shape_faults(document: Any, part: str | None = None) -> list[Fault]:
    """Return every fault against the schema, in the order of their paths; none is valid.

    `part` names one of the schema's definitions, such as "tree", instead of the whole.
    """
    faults = list(_unreadable(document, []))
    if faults:
        return sorted(faults)
    if part is not None:
        return sorted(set(_refused(_definition(part), document)))
    faults = list(_refused(_outline(), document))
    if isinstance(document, dict):
        for name in document.keys() & schema()["properties"].keys():
            faults += _part_faults(name, json.dumps(document[name]))
    return sorted(set(faults))


@lru_cache(maxsize=512)
def _part_faults(name: str, text: str) -> tuple[Fault, ...]:
    """The faults of one part of the document; most changes leave all others as they were."""
    return tuple(_refused(_part_validator(name), json.loads(text), name))


@cache
def _definition(name: str) -> Draft202012Validator:
    return _validator(schema()["$defs"][name])


@cache
def _part_validator(name: str) -> Draft202012Validator:
    return _validator(schema()["properties"][name])


@cache
def _outline() -> Draft202012Validator:
    """What the document is as a whole, whatever its parts hold."""
    return _validator({**schema(), "properties": dict.fromkeys(schema()["properties"], True)})


def _validator(wanted: dict[str, Any]) -> Draft202012Validator:
    inlined = {**_inlined(wanted, ()), "$defs": schema()["$defs"]}
    return Draft202012Validator(inlined, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _refused(validator: Draft202012Validator, value: Any, *inside: str) -> Iterator[Fault]:
    for error in validator.iter_errors(value):
        yield from _faults(error, inside)


def _inlined(part: Any, inside: tuple[str, ...]) -> Any:
    """A part of the schema with each reference replaced by what it refers to.

    Following references takes a third of the time of validating; those of criteria to
    themselves stay.
    """
    if isinstance(part, list):
        return [_inlined(one, inside) for one in part]
    if not isinstance(part, dict):
        return part
    name = part.get("$ref", "").removeprefix("#/$defs/")
    if name and name not in inside:
        return _inlined(schema()["$defs"][name], (*inside, name))
    return {key: _inlined(one, inside) for key, one in part.items() if key != "$defs"}


def _unreadable(value: Any, parts: Place) -> Iterator[Fault]:
    """What is refused before the schema walks it: depth, characters, what is not JSON."""
    if len(parts) > DEEPEST:
        yield Fault(dotted(parts[:6]), Said(_("is nested too deeply")))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _unreadable(name, parts)
            yield from _unreadable(inner, [*parts, str(name)])
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unreadable(inner, [*parts, index])
    elif reason := _unwritable(value):
        yield Fault(dotted(parts), reason)


def _unwritable(value: Any) -> str | None:
    """Why a value has no canonical form that every reader understands."""
    if isinstance(value, str):
        return Said(_UNSEEN) if _UNSPEAKABLE.search(value) else None
    if isinstance(value, int):
        return Said(_("is too large a number")) if abs(value) >= 2**53 else None
    if isinstance(value, float):
        return Said(_("must be a whole number, not {said}"), said=value)
    return None if value is None else Said(_("is not a JSON value"))


def _faults(error: Any, inside: tuple[str, ...]) -> Iterator[Fault]:
    parts: Place = [*inside, *error.absolute_path]
    if error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                yield Fault(dotted([*parts, name]), Said(_("is missing")))
    elif error.validator == "additionalProperties":
        for name in error.instance:
            if name not in error.schema["properties"]:
                yield Fault(dotted([*parts, name]), Said(_("is not a part of the terms")))
    else:
        yield Fault(dotted(parts), _reason(error))


def _reason(error: Any) -> str:
    wanted = error.validator_value
    if error.validator == "type":
        types = [Said(_TYPES[name]) for name in _several(wanted)]
        wanted = types[0] if len(types) == 1 else " or ".join(types)
    elif error.validator == "enum":
        wanted = ", ".join(wanted)
    what = error.schema.get("description")
    return Said(
        _WORDS[str(error.validator)], wanted=wanted, said=_said(error.instance), what=what
    )


def _said(value: Any) -> str:
    """The value as it was written, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _several(wanted: str | list[str]) -> list[str]:
    return [wanted] if isinstance(wanted, str) else wanted
