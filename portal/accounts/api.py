"""How a program says who it is: `Authorization: Bearer concord_…`, in the header alone."""

from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthorizationError
from ninja.security import HttpBearer

from portal import wallclock
from portal.accounts.actions import tokens
from portal.accounts.models import ApiToken, Scope
from portal.accounts.models.token import scopes_of
from portal.rest.problems import Problem

_TOO_MANY = "{0.limit} calls a minute are answered. Come again in {0.reset} s."


class TokenRequest(HttpRequest):
    """A request that passed `Token`: `auth` is what it showed."""

    auth: ApiToken
    standing: tokens.Standing


class Token(HttpBearer):
    """Lets a usable token with one scope through; its owner is who acts.

    No session is looked at: a cookie opens nothing here, so nothing can be forged with it.
    """

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        found = _found(token)
        if found is None:
            return None
        request.auth = found  # type: ignore[attr-defined]  # said in the log if refused
        standing = tokens.count(found, at=wallclock.now())
        request.standing = standing  # type: ignore[attr-defined]  # told in headers
        if standing.refused:
            raise Problem(429, _TOO_MANY.format(standing), kind="too-many-calls")
        if self.scope not in found.scopes or self.scope not in scopes_of(found.user):
            raise AuthorizationError(message=f"This token has no scope “{self.scope}”.")
        return found


def told(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with how many calls the token has left, and until when."""
    standing: tokens.Standing | None = getattr(request, "standing", None)
    return response if standing is None else paced(response, standing)


def paced(response: HttpResponse, standing: tokens.Standing) -> HttpResponse:
    """The answer with how it stands in its headers; `Retry-After` where it was refused."""
    response.headers["RateLimit-Limit"] = str(standing.limit)
    response.headers["RateLimit-Remaining"] = str(standing.remaining)
    response.headers["RateLimit-Reset"] = str(standing.reset)
    response.headers["RateLimit-Policy"] = (
        f"{standing.limit};w={int(tokens.WINDOW.total_seconds())}"
    )
    if standing.refused:
        response.headers["Retry-After"] = str(standing.reset)
    return response


def _found(secret: str) -> ApiToken | None:
    prefix = secret.removeprefix("concord_")[:8]
    usable = ApiToken.objects.usable(wallclock.now()).select_related("user__department")
    token = usable.filter(prefix=prefix).first() if prefix.isalnum() else None
    if token is None or not token.opens_with(secret) or not token.owner_stays:
        return None
    return token
