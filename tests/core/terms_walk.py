"""Every leaf of a document beside its place in the schema, and other values for it."""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from sla.core import terms

DEFINITIONS = terms.schema()["$defs"]


@dataclass(frozen=True)
class Leaf:
    """A value, or the name of a property that people choose (`named`), and its schema.

    `pattern` is the place without indices: `obligations[].targets[].within`. Criteria
    inside criteria have the pattern of the outermost: `tree.key`.
    """

    path: tuple[str | int, ...]
    pattern: str
    schema: Any
    kind: str
    value: Any
    named: bool = False


def leaves(value: Any, schema: Any = None, path=(), pattern="", kind="") -> Iterator[Leaf]:
    """Yield the leaves of a document in order."""
    schema, kind = resolved(terms.schema() if schema is None else schema, value, kind)
    pattern = "tree" if kind == "tree" else pattern
    if isinstance(value, dict):
        for name, inner in value.items():
            known = schema.get("properties", {}).get(name)
            if known is not None:
                here = f"{pattern}.{name}".removeprefix(".")
                yield from leaves(inner, known, (*path, name), here)
            else:
                of_name, name_kind = resolved(schema["propertyNames"], name, "")
                here = f"{pattern}{{}}"
                yield Leaf((*path, name), here, of_name, name_kind, name, named=True)
                inside = schema["additionalProperties"]
                yield from leaves(inner, inside, (*path, name), here)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, schema["items"], (*path, index), f"{pattern}[]")
    else:
        yield Leaf(path, pattern, schema, kind, value)


def resolved(schema: Any, value: Any, kind: str) -> tuple[Any, str]:
    """The schema that holds for a value, and the name of its definition if it has one."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        return resolved(DEFINITIONS[name], value, name)
    if "if" in schema:
        branch = "then" if _holds(schema["if"], value) else "else"
        return resolved(schema[branch] or schema["else"], value, kind)
    return schema, kind


def _holds(condition: Any, value: Any) -> bool:
    if "type" in condition:
        python = {"null": type(None), "array": list, "object": dict}[condition["type"]]
        return isinstance(value, python)
    return isinstance(value, dict) and all(name in value for name in condition["required"])


def patterns(schema: Any, pattern="", seen=frozenset(), definitions=DEFINITIONS) -> set[str]:
    """Return the patterns of all leaves that a schema allows."""

    def inner(part, here, seen=seen):
        return patterns(part, here, seen, definitions)

    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        pattern = "tree" if name == "tree" else pattern
        return set() if name in seen else inner(definitions[name], pattern, seen | {name})
    if "if" in schema:
        branches = (schema["then"], schema["else"])
        return {found for one in branches if one for found in inner(one, pattern)}
    if "properties" in schema:
        named = schema["properties"].items()
        return {
            p for name, one in named for p in inner(one, f"{pattern}.{name}".removeprefix("."))
        }
    if "propertyNames" in schema:
        return {f"{pattern}{{}}"} | inner(schema["additionalProperties"], f"{pattern}{{}}")
    if "items" in schema:
        return inner(schema["items"], f"{pattern}[]")
    return {pattern}


REFERS = {
    "handoff": "handoffs[].key",
    "ladder": "ladders{}",
    "fixed": "calendars{}",
    "stage": "journey[].key",
    "from_stage": "journey[].key",
    "to_stage": "journey[].key",
    "obligation": "obligations[].key",
    "disputes": "tree.key",
}
"""What a key refers to, by the name of the part that says it."""


def alternatives(leaf: Leaf, document: Any) -> Iterator[Any]:
    """Yield documents in which this one leaf says something else.

    A key that others refer to is called otherwise by all of them.
    """
    if leaf.kind == "key" and isinstance(leaf.value, str) and _name(leaf) not in REFERS:
        yield _renamed(document, leaf.value, f"{leaf.value}_x")
        return
    for value in _values(leaf, document):
        if value != leaf.value or type(value) is not type(leaf.value):
            yield _replaced(document, leaf, value)


def _name(leaf: Leaf) -> str:
    return leaf.pattern.rpartition(".")[2]


def _values(leaf: Leaf, document: Any) -> Iterator[Any]:
    schema, value = leaf.schema, leaf.value
    if value is None:
        yield from _examples(leaf, schema, leaf.kind, document)
    elif "enum" in schema:
        yield from schema["enum"]
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    else:
        yield from _examples(leaf, schema, leaf.kind, document)
        yield from (f"{value}x", f"{value} x")


def _examples(leaf: Leaf, schema: Any, kind: str, document: Any) -> Iterator[Any]:
    """Values of a part of the schema, whatever stands there now."""
    if "properties" in schema:
        needed = {name: schema["properties"][name] for name in schema["required"]}
        yield {name: _example(leaf, part, document) for name, part in needed.items()}
    elif "propertyNames" in schema:
        yield from ({role: "daily"} for role in schema["propertyNames"]["enum"])
    elif schema.get("type") == "array":
        yield [_example(leaf, schema["items"], document)]
    elif "enum" in schema:
        yield from schema["enum"]
    elif schema.get("type") == "integer":
        yield 7
    elif kind == "key":
        wanted = REFERS.get(_name(leaf))
        known = (one.value for one in leaves(document) if one.pattern == wanted)
        yield from known if wanted else ("something",)
    else:
        yield from EXAMPLES.get(kind, ("Pacific/Auckland", "PT7H30M", "something"))


def _example(leaf: Leaf, schema: Any, document: Any) -> Any:
    found, kind = resolved(schema, None, "")
    return next(_examples(leaf, found, kind, document))


EXAMPLES = {
    "duration": ("PT7M", "PT3H", "P3D", "P400D"),
    "date": ("2027-09-23", "2028-02-29"),
    "wall": ("00:07", "09:07", "12:07", "13:07", "17:07", "23:07"),
    "field": ("lead.campaign", "lead.score", "attributes.other"),
    "mail": ("somebody@example.com",),
    "scalar": ("DE", 7, "1999-01-01"),
}


def _replaced(document: Any, leaf: Leaf, value: Any) -> Any:
    """The document with one leaf replaced; what lies beside its path is shared."""
    if leaf.named:
        *path, old = leaf.path
        return _with(document, path, lambda inner: _called(inner, str(old), value))
    return _with(document, leaf.path, lambda _: value)


def _renamed(document: Any, old: str, new: str) -> Any:
    """The document with a key called otherwise wherever it is said."""
    for leaf in leaves(document):
        if leaf.kind == "key" and leaf.value == old and not leaf.named:
            document = _replaced(document, leaf, new)
    for part in ("calendars", "ladders"):
        document = document | {part: _called(document[part], old, new)}
    return document


def _called(inner: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if name == old else name: value for name, value in inner.items()}


def _with(value: Any, path: Sequence[str | int], change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(value)
    copied = copy(value)
    copied[path[0]] = _with(value[path[0]], path[1:], change)
    return copied
