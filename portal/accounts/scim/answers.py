"""Answers in SCIM's own form, refusals too. Source: RFC 7644, 3.12."""

from typing import Any

from django.http import HttpResponse

from portal.rest.tags import rendered, tag_of

MEDIA = "application/scim+json"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:"
MESSAGE = "urn:ietf:params:scim:api:messages:2.0:"


class ScimError(Exception):
    """Ends a call. `kind` is SCIM's word for what is wrong with it."""

    def __init__(self, status: int, detail: str, kind: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind = status, detail, kind

    def response(self) -> HttpResponse:
        body = {
            "schemas": [f"{MESSAGE}Error"], "status": str(self.status), "detail": self.detail,
        }  # fmt: skip
        if self.kind:
            body["scimType"] = self.kind
        response = said(body, self.status)
        if self.status == 401:
            response.headers["WWW-Authenticate"] = 'Bearer realm="Concord"'
        return response


def said(body: Any, status: int = 200) -> HttpResponse:
    response = HttpResponse(rendered(body), status=status, content_type=MEDIA)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def resource(body: dict[str, Any], location: str, status: int = 200) -> HttpResponse:
    """One resource with its address and its version, which is the answer's tag."""
    tag = version_of(body)
    meta = body["meta"] | {"location": location, "version": tag}
    response = said(body | {"meta": meta}, status)
    response.headers["ETag"] = tag
    if status == 201:
        response.headers["Location"] = location
    return response


def version_of(body: dict[str, Any]) -> str:
    return f"W/{tag_of(rendered(body))}"
