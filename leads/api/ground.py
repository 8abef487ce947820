"""What the calls of leads share: tokens, what is taken, how a write is done."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query

from leads.actions.handing.transitions import lock_lead
from leads.actions.sweeping.once_more import once_more
from portal import rest, wallclock
from portal.accounts.api import Token, TokenRequest
from portal.accounts.models import Scope, User
from portal.rest import GREATEST, MOST_ROWS, Answer, Problem, Refusal, Word
from portal.rest.kept import Seen

reads, brings, acts = Token(Scope.READ), Token(Scope.INTAKE), Token(Scope.ACT)

READING: dict[Any, Any] = dict.fromkeys((401, 403, 404, 422, 429), Refusal)
WRITING: dict[Any, Any] = {**dict.fromkeys((400, 409, 412, 413, 415), Refusal), **READING}
After = Annotated[int | None, Query(None, ge=0, le=GREATEST)]
Limit = Annotated[int, Query(50, ge=1, le=MOST_ROWS)]
Number = Annotated[int | None, Query(None, ge=1, le=GREATEST)]
Words = Annotated[Word, Query("")]

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same call with the same key is done once and answered alike.",
    "schema": {"type": "string", "maxLength": 255},
}
_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that you read; another state is 412, and nothing is done.",
    "schema": {"type": "string"},
}
KEYED: dict[str, Any] = {"parameters": [_KEY]}
MATCHED: dict[str, Any] = {"parameters": [_KEY, _MATCH]}


def write(
    request: TokenRequest,
    act: Callable[[datetime], Answer],
    seen: Seen | None = None,
) -> HttpResponse:
    """Do what was asked, once; where an alert overtook it, with the new time."""
    return once_more(
        lambda at: rest.write(request, lambda: act(at), at=at, seen=seen), now=wallclock.now
    )


def under_lock(lead_id: int, read: Callable[[], Any]) -> Seen:
    """What the caller may have read, as it stands while nobody else changes the lead."""

    def seen() -> Any:
        lock_lead(lead_id)
        return read()

    return seen


def person(user_id: int, path: str) -> User:
    """An active person by number. Raises Problem 422 with the path of the field."""
    found = User.objects.active().select_related("team").filter(pk=user_id).first()
    if found is None:
        raise Problem(
            422, "There is no such person.", kind="invalid", errors=[(path, "nobody active")]
        )
    return found
