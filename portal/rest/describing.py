"""The OpenAPI document as a page shows it: calls in groups, each with what it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """A part of a call: in the path, query, header or body."""

    name: str
    where: str
    kind: str
    needed: bool


@dataclass(frozen=True)
class Call:
    """One operation. `does` is its first sentence, `more` the rest."""

    key: str
    method: str
    path: str
    does: str
    more: str
    takes: Sequence[Field]
    answers: Sequence[str]
    writes: bool


@dataclass(frozen=True)
class Group:
    name: str
    calls: Sequence[Call]


def groups(document: Json) -> list[Group]:
    """Every call of the document by its first tag, in the order of the document."""
    found: dict[str, list[Call]] = {}
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            tag = (said.get("tags") or ["other"])[0]
            found.setdefault(tag, []).append(_call(document, path, method, said))
    return [Group(name, calls) for name, calls in found.items()]


def _call(document: Json, path: str, method: str, said: Json) -> Call:
    does, _stop, more = " ".join(said.get("description", "").split()).partition(". ")
    asked = [_parameter(one) for one in said.get("parameters", ())]
    return Call(
        key=said["operationId"],
        method=method.upper(),
        path=path,
        does=does.rstrip("."),
        more=more,
        takes=[*asked, *_body(document, said)],
        answers=[str(status) for status in said["responses"]],
        writes=method != "get",
    )


def _parameter(said: Json) -> Field:
    return Field(
        said["name"], said["in"], kind(said.get("schema", {})), bool(said.get("required"))
    )


def _body(document: Json, said: Json) -> list[Field]:
    content = said.get("requestBody", {}).get("content", {})
    schema = _resolved(document, content.get("application/json", {}).get("schema", {}))
    needed = schema.get("required", ())
    return [
        Field(name, "body", kind(one), name in needed)
        for name, one in schema.get("properties", {}).items()
    ]


def _resolved(document: Json, schema: Json) -> Json:
    """The schema that a reference stands for; of a choice with nothing, the other one."""
    for one in schema.get("anyOf", ()):
        if one.get("type") != "null":
            return _resolved(document, one)
    if "$ref" not in schema:
        return schema
    found: Json = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def kind(schema: Json) -> str:
    """What a value is, in a word or two: "integer", "date-time", "offered or accepted"."""
    if "anyOf" in schema:
        parts = [kind(one) for one in schema["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(parts))
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {})) or 'values'}"
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    return str(schema.get("format") or schema.get("const") or schema.get("type", ""))
