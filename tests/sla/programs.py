"""A program that calls the API: its token, what it sends, the problems it is told."""

import json
from datetime import timedelta

from django.test import Client

from portal.accounts.actions import tokens
from portal.accounts.models import Scope
from tests.factories import make_user
from tests.sla.versions import NINE

BOTH = (Scope.READ, Scope.DRAFT)
DAY = timedelta(days=1)


def a_token(owner=None, *scopes, ends=NINE + 30 * DAY, at=NINE):
    owner = owner or make_user(team="demand-generation")
    made, secret = tokens.make(
        by=owner, name="A script", scopes=scopes or BOTH, expires_at=ends, at=at
    )
    return made, secret


def calls(secret=None):
    """A program that shows a token; its own, if it has none yet."""
    secret = secret or a_token()[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


def path(version, rest=""):
    return f"/api/v1/agreements/{version.agreement.key}/versions/{version.number}{rest}"


def send(program, method, where, body=None, **headers):
    return program.generic(
        method, where, json.dumps(body) if body is not None else "", "application/json",
        headers=headers or None,
    )  # fmt: skip


def problem(answer, status):
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status
    assert {"type", "title", "detail", "errors"} <= set(said)
    return said
