"""How a program says who it is: `Authorization: Bearer concord_…`, in the header alone."""

from django.http import HttpRequest
from ninja.errors import AuthorizationError
from ninja.security import HttpBearer

from portal import wallclock
from portal.accounts.actions import tokens
from portal.accounts.models import ApiToken, Scope


class TokenRequest(HttpRequest):
    """A request that passed `Token`: `auth` is what it showed."""

    auth: ApiToken


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
        if self.scope not in found.scopes:
            raise AuthorizationError(message=f"This token has no scope “{self.scope}”.")
        tokens.seen(found, at=wallclock.now())
        return found


def _found(secret: str) -> ApiToken | None:
    prefix = secret.removeprefix("concord_")[:8]
    usable = ApiToken.objects.usable(wallclock.now()).select_related("user__department")
    token = usable.filter(prefix=prefix).first() if prefix.isalnum() else None
    if token is None or not token.opens_with(secret) or not token.owner_stays:
        return None
    return token
