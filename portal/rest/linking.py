"""Which calls lead on to which, as links of the OpenAPI document: what one answers is what
the next one takes. Clients and tests find their way along them."""

from collections.abc import Iterable, Mapping
from typing import Any

Ways = Mapping[str, tuple[str, Iterable[str]]]
"""A call -> (where in its answer the thing stands that the next calls take: a JSON pointer;
those calls)."""


def linked(document: dict[str, Any], ways: Ways) -> dict[str, Any]:
    """The document with a link for each way, in the answers that succeed."""
    operations = {one["operationId"]: one for one in _operations(document)}
    for name, (pointer, follow) in ways.items():
        links = {next_one: _link(operations[next_one], pointer) for next_one in follow}
        for status, answer in operations[name]["responses"].items():
            if str(status).startswith("2"):
                answer.setdefault("links", {}).update(links)
    return document


def _operations(document: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


def _link(operation: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    """The one part of the path that the next call takes, from the answer."""
    asked = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
    return {
        "operationId": operation["operationId"],
        "parameters": {asked[0]: f"$response.body#/{pointer}"},
    }
