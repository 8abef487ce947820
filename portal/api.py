"""API v1: one description, one way to say no, for every part of the portal."""

import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from leads.api import router as leads
from leads.api.following import WAYS
from leads.api.refusing import problem_of
from portal.accounts.actions import tokens
from portal.accounts.api import Token, TokenRequest, told
from portal.accounts.errors import MayNotHoldTokens
from portal.accounts.models import Scope
from portal.accounts.models.token import may_hold
from portal.errors import DomainError
from portal.http import PortalRequest
from portal.rest import Problem, json_only, rendered, tagged
from portal.rest.describing import groups
from portal.rest.linking import linked
from sla.api import router as agreements
from sla.core.canonical import NotStrictJson, loads
from sla.core.terms import TermsError
from sla.errors import MayNot, TermsInvalid

PREFIX = "/api/v1/"
FORBIDDEN = (MayNot, MayNotHoldTokens)


class Anything(StringConverter):
    """The rest of an address, whatever stands in it, line breaks too."""

    regex = "(?s:.+)"


register_converter(Anything, "anything")


class StrictJson(Parser):
    """Reads bodies as the terms are read: no name twice, whole numbers, nothing but JSON."""

    def parse_body(self, request: HttpRequest) -> Any:
        return loads(json_only(request))


class Json(BaseRenderer):
    """Writes what is sent in one way, so that its tag is the same wherever it stands."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return rendered(data)


class Api(NinjaAPI):
    """Answers with a tag, so that what did not change is not sent twice."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the call in clients that are made from the description."""
        return operation.view_func.__name__

    def create_response(
        self, request: HttpRequest, data: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        response = super().create_response(request, data, *args, **kwargs)
        return tagged(request, response) if response.status_code == 200 else response


class Holder(Schema):
    """Whom a token acts for. `department` is empty for operations."""

    name: str
    owner: str
    department: str | None
    scopes: list[str]
    expires_at: str


api = Api(
    title="Concord",
    version="v1",
    description=(
        "Agreements between Marketing and Sales, and what both do under them. Instants are UTC,"
        " durations ISO 8601."
    ),
    openapi_url=None,
    docs_url=None,
    parser=StrictJson(),
    renderer=Json(),
    urls_namespace="api",
)
api.add_router("", agreements)
api.add_router("", leads)


@api.get("/token", auth=Token(Scope.READ), response=Holder, tags=["token"])
def token(request: TokenRequest) -> Holder:
    """Whom the token that you send acts for, and until when."""
    shown = request.auth
    return Holder(
        name=shown.name,
        owner=shown.user.name,
        department=shown.department_id,
        scopes=shown.scopes,
        expires_at=shown.expires_at.isoformat(),
    )


# --- refusals


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return error.response()


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return Problem(401, "Send a token that is usable: Authorization: Bearer …").response()


@api.exception_handler(AuthorizationError)
def _forbidden(request: HttpRequest, error: AuthorizationError) -> HttpResponse:
    return Problem(403, error.message, kind="scope-missing").response()


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return Problem(404, "There is nothing at this address.").response()


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja hides why a body could not be read; what we know of it is said."""
    cause = error.__cause__
    if isinstance(cause, Problem):
        return cause.response()
    said = (
        f"The body was not read: {cause}." if isinstance(cause, NotStrictJson) else str(error)
    )
    return Problem(error.status_code, said).response()


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return Problem(413, "The body is larger than 2 MB. It was not read.").response()


@api.exception_handler(ValidationError)
def _unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [(_place(one["loc"]), one["msg"]) for one in error.errors]
    return Problem(422, "Some fields do not fit.", kind="invalid", errors=errors).response()


@api.exception_handler(TermsError)
@api.exception_handler(TermsInvalid)
def _terms(request: HttpRequest, error: TermsError | TermsInvalid) -> HttpResponse:
    errors = [(fault.path, fault.reason) for fault in error.faults]
    return Problem(
        422, "The terms have faults.", kind="terms-invalid", errors=errors
    ).response()


@api.exception_handler(DomainError)
def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return problem_of(error, forbidden=FORBIDDEN).response()


def _place(location: tuple[str | int, ...]) -> str:
    """Where a field stands in the call: `query.limit`, `body.effective_from`."""
    parts = [part for n, part in enumerate(location) if not (n == 1 and part == "body")]
    return ".".join(map(str, parts))


# --- the description


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document; the same for everybody."""
    return linked(dict(api.get_openapi_schema(path_prefix=PREFIX)), WAYS)


@csrf_exempt
@login_not_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, from which clients are generated."""
    return HttpResponse(json.dumps(description()), content_type="application/json")


@require_safe
def guide(request: PortalRequest) -> HttpResponse:
    """The same to read: every call, what it takes, what it answers."""
    context = {
        "groups": groups(description()),
        "info": description()["info"],
        "host": request.get_host(),
        "may_hold": may_hold(request.user),
        "limit": tokens.CALLS,
    }
    return render(request, "portal/api.html", context)


@csrf_exempt
@login_not_required
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """Every other address below the API's: a program is answered as programs are."""
    return Problem(404, "There is nothing at this address.").response()


def addresses() -> tuple[list[URLPattern | URLResolver], str]:
    """Every address of the API. A call shows a token; no login page is ever its answer."""
    found: list[Any] = api.urls[0]
    patterns = [one for one in found if one.name != "api-root"]
    for pattern in patterns:
        pattern.callback = login_not_required(_method_checked(pattern.callback))
    own = [
        path("", guide, name="guide"),
        path("openapi.json", _method_checked(openapi), name="openapi"),
    ]
    return [*own, *patterns, path("<anything:rest>", nowhere)], "api"


def _method_checked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, with a problem in place of the bare refusal of a method that it lacks."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = told(request, view(request, *args, **kwargs))
        if response.status_code != 405:
            return response
        allowed = response.headers["Allow"]
        problem = Problem(405, f"This address takes {allowed}.").response()
        problem.headers["Allow"] = allowed
        return problem

    return checked
