"""Refusals as problem details. Source: RFC 9457."""

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from ninja import Schema

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
    429: "Too many calls",
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
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind = status, detail, kind
        self.errors = [{"path": path, "reason": reason} for path, reason in errors]
        self.more, self.headers = more or {}, headers or {}

    @property
    def body(self) -> dict[str, Any]:
        return {
            "type": f"urn:concord:problem:{self.kind}" if self.kind else "about:blank",
            "title": TITLES.get(self.status, "Refused"),
            "status": self.status,
            "detail": self.detail,
            "errors": self.errors,
            **self.more,
        }

    def response(self) -> HttpResponse:
        response = HttpResponse(json.dumps(self.body), status=self.status, content_type=PROBLEM)
        if self.status == 401:
            response.headers["WWW-Authenticate"] = 'Bearer realm="Concord"'
        for name, value in self.headers.items():
            response.headers[name] = value
        return response
