"""Bodies and their tags: what did not change is not sent twice. Source: RFC 9110."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from pydantic_core import to_json

from portal.rest.problems import Problem


def json_only(request: HttpRequest) -> bytes:
    """The body of a call that says that it sends JSON."""
    if request.content_type != "application/json":
        raise Problem(415, "Send the body as application/json.")
    return request.body


def rendered(value: Any) -> bytes:
    """A schema, or what one becomes, as it is sent: the same bytes at every address."""
    return to_json(value)


def tag_of(content: bytes) -> str:
    """A strong entity tag of what is sent."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its tag, or 304 if the caller has it; private, asked for each time."""
    response.headers.setdefault("ETag", tag_of(response.content))
    tag = response.headers["ETag"]
    patch_vary_headers(response, ["Authorization"])
    response.headers["Cache-Control"] = "private, no-cache"
    known = request.headers.get("If-None-Match", "")
    if request.method in {"GET", "HEAD"} and names(known, tag):
        unchanged = HttpResponse(status=304)
        for name in ("ETag", "Cache-Control"):
            unchanged.headers[name] = response.headers[name]
        del unchanged.headers["Content-Type"]
        return unchanged
    return response


def names(header: str, tag: str) -> bool:
    """Whether a list of tags in a header has this one; `W/` before it does not matter."""
    return tag in (one.strip().removeprefix("W/") for one in header.split(","))
