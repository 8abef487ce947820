"""A program of the company that speaks SCIM, and what it left in the ledger."""

import json
from datetime import timedelta

from django.test import Client

from portal.accounts.actions import tokens
from portal.ledger.models import LedgerEntry
from tests.factories import (
    MONDAY_NINE,
)

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def token_of(owner, *scopes):
    ends = MONDAY_NINE + timedelta(days=30)
    return tokens.make(by=owner, name="x", scopes=scopes, expires_at=ends, at=MONDAY_NINE)[1]


class Directory:
    """A program of the company that speaks SCIM."""

    def __init__(self, secret):
        self.client, self.secret = Client(), secret

    def __call__(self, method, path, body=None, **headers):
        sent = {"data": json.dumps(body)} if body is not None else {}
        return self.client.generic(
            method, f"/scim/v2/{path}", content_type="application/scim+json",
            headers={"Authorization": f"Bearer {self.secret}"} | headers, **sent,
        )  # fmt: skip

    def make(self, mail="nina@concord.test", **more):
        body = {"schemas": [USER], "userName": mail, "active": True} | more
        return self("POST", "Users", body)

    def patch(self, path, *operations, **headers):
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return self("PATCH", path, body, **headers)


def fields_of(user):
    entries = LedgerEntry.objects.about(("user", user.pk)).filter(kind="account_changed")
    return [entry.clear["fields"] for entry in entries.order_by("seq")]
