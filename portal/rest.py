"""What every part of the API does alike: refusals as problem details, tags, pages of lists.

Source: RFC 9457 (problem details), RFC 9110 (conditional requests).
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from ninja import Schema

M = TypeVar("M", bound=models.Model)
MOST_ROWS = 200
GREATEST = 2**53 - 1
PROBLEM = "application/problem+json"
TITLES = {
    400: "The request cannot be read",
    401: "No usable token",
    403: "Not allowed",
    404: "Not found",
    405: "No such method here",
    409: "The portal says no",
    412: "It was changed meanwhile",
    413: "Too large",
    415: "Send JSON",
    422: "It does not fit",
    428: "Say which state you read",
}


class FieldError(Schema):
    """What is wrong where: `terms.journey[2].name`."""

    path: str
    reason: str


class Refusal(Schema):
    """A problem as RFC 9457 has it, with what is wrong field by field."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []


class Problem(Exception):
    """Ends a call with a problem; `kind` names it for programs, `more` is said beside it."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str = "",
        errors: Iterable[tuple[str, str]] = (),
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind = status, detail, kind
        self.errors = [{"path": path, "reason": reason} for path, reason in errors]
        self.more = more or {}

    def response(self) -> HttpResponse:
        body = {
            "type": f"urn:concord:problem:{self.kind}" if self.kind else "about:blank",
            "title": TITLES.get(self.status, "Refused"),
            "status": self.status,
            "detail": self.detail,
            "errors": self.errors,
            **self.more,
        }
        response = HttpResponse(json.dumps(body), status=self.status, content_type=PROBLEM)
        if self.status == 401:
            response.headers["WWW-Authenticate"] = 'Bearer realm="Concord"'
        return response


def json_only(request: HttpRequest) -> bytes:
    """The body of a call that says that it sends JSON."""
    if request.content_type != "application/json":
        raise Problem(415, "Send the body as application/json.")
    return request.body


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
    if request.method in {"GET", "HEAD"} and tag in (one.strip() for one in known.split(",")):
        unchanged = HttpResponse(status=304)
        for name in ("ETag", "Cache-Control"):
            unchanged.headers[name] = response.headers[name]
        del unchanged.headers["Content-Type"]
        return unchanged
    return response


def page(
    request: HttpRequest, rows: "models.QuerySet[M]", *, by: str, after: int | None, limit: int
) -> tuple[Sequence[M], str | None]:
    """One page of `rows` in the order of the unique number `by`, and the next one's address.

    By the last number seen and not by counting, so that a row which comes or goes between
    two pages makes none of the others appear twice or never.
    """
    if after is not None:
        rows = rows.filter(**{f"{by}__gt": after})
    found = list(rows.order_by(by)[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = getattr(found[limit - 1], by)
    return found[:limit], f"{request.path}?limit={limit}&after={last}"
