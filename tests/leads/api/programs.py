"""Programs that act on leads: each shows a token of a person, with the scopes that it needs."""

from portal.accounts.models import Scope
from tests.factories import MONDAY_NINE
from tests.sla.programs import DAY, a_token, calls, problem, send

__all__ = ["API", "DAY", "get", "post", "problem", "program", "send"]
API = "/api/v1"
ALL = tuple(scope for scope in Scope if scope != Scope.DIRECTORY)  # that is an admin's


def program(owner, *scopes):
    """A client that shows a token of `owner`'s; with every scope, if none is named."""
    _, secret = a_token(
        owner, *(scopes or ALL), at=MONDAY_NINE - DAY, ends=MONDAY_NINE + 300 * DAY
    )
    return calls(secret)


def get(who, path, status=200, **headers):
    answer = who.get(f"{API}{path}", headers=headers or None)
    assert answer.status_code == status, answer.content
    return answer.json()


def post(who, path, body=None, status=200, **headers):
    answer = send(who, "POST", f"{API}{path}", body, **headers)
    assert answer.status_code == status, (answer.status_code, answer.content)
    return answer.json()
