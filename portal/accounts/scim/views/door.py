"""How every call of the directory begins: by a token, and it ends in SCIM's form."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import AuthorizationError

from portal.accounts.api import Token, TokenRequest, told
from portal.accounts.errors import NameTaken
from portal.accounts.models import Scope
from portal.accounts.scim.answers import ScimError, version_of
from portal.errors import DomainError
from portal.rest.problems import Problem
from portal.rest.tags import names

BODIES = {"application/scim+json", "application/json"}
View = Callable[..., HttpResponse]


def directory(**by_method: View) -> View:
    """A view for programs: one function for each method, asked with a usable token."""

    @wraps(next(iter(by_method.values())))
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            act = by_method.get(str(request.method))
            if act is None:
                raise ScimError(405, f"This address takes {', '.join(by_method)}.")
            _let_in(request)
            response = act(request, *args, **kwargs)
        except Http404:
            response = ScimError(404, "There is nothing with this id.").response()
        except (ScimError, DomainError, Problem, AuthorizationError) as error:
            response = _refused(error)
        if response.status_code == 405:
            response.headers["Allow"] = ", ".join(by_method)
        return told(request, response)

    return csrf_exempt(login_not_required(view))


def _let_in(request: HttpRequest) -> None:
    shown = Token(Scope.DIRECTORY)(request)
    if not shown:
        raise ScimError(401, "Send a token of the directory: Authorization: Bearer …")
    request.auth = shown  # type: ignore[attr-defined]  # as ninja does


def _refused(error: Exception) -> HttpResponse:
    if isinstance(error, ScimError):
        return error.response()
    if isinstance(error, NameTaken):
        return ScimError(409, str(error), "uniqueness").response()
    if isinstance(error, Problem):
        return ScimError(error.status, error.detail).response()
    return ScimError(403, str(error)).response()


def body_of(request: HttpRequest) -> Any:
    if request.content_type not in BODIES:
        raise ScimError(415, "Send the body as application/scim+json.")
    try:
        return json.loads(request.body)
    except RequestDataTooBig:
        raise ScimError(413, "The body is larger than 2 MB.") from None
    except (ValueError, RecursionError):
        raise ScimError(400, "The body is no JSON.", "invalidSyntax") from None


def unchanged(request: TokenRequest, body: dict[str, Any]) -> None:
    """Refuses a write over a state that the caller has not seen, where it says which."""
    known = request.headers.get("If-Match", "")
    if known and known.strip() != "*" and not names(known, version_of(body)[2:]):
        raise ScimError(412, "It was changed meanwhile. Read it again.")
