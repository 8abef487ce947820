"""Tokens of the API: who may call, and one's own page of them."""

import hashlib
import json

import pytest
from django.test import Client

from portal.accounts.actions import tokens
from portal.accounts.models import ApiToken, Role, Scope
from portal.ledger.models import LedgerEntry
from sla.models import Version
from tests.factories import PASSWORD, make_user
from tests.sla.programs import DAY, a_token, calls, path, problem, send
from tests.sla.versions import (
    HOUR,
    NINE,
    a_draft,
)

pytestmark = [pytest.mark.django_db, pytest.mark.now(NINE + HOUR)]


def test_only_a_digest_of_a_token_is_kept_and_its_making_is_in_the_ledger():
    made, secret = a_token()

    row = ApiToken.objects.values().get()
    assert secret not in json.dumps(row, default=str)
    assert row["digest"] == hashlib.sha256(secret.encode()).hexdigest()
    entry = LedgerEntry.objects.about(("token", made.pk)).get()
    assert entry.kind == "token_made"
    assert made.prefix not in json.dumps(entry.clear)


def test_a_token_says_whom_it_acts_for():
    answer = calls().get("/api/v1/token")

    assert answer.json()["department"] == "marketing"
    assert answer.json()["scopes"] == ["draft", "read"]


def test_its_use_is_noted_once_a_minute(django_assert_num_queries):
    made, secret = a_token()
    program = calls(secret)

    program.get("/api/v1/token")

    made.refresh_from_db()
    assert made.last_used_at == NINE + HOUR
    with django_assert_num_queries(2):  # the token, and a write that finds nothing to do
        program.get("/api/v1/token")


@pytest.mark.parametrize(
    "shown",
    ["", "Bearer ", "Bearer nonsense", "Bearer concord_00000000_x", "Basic abc", "Token {}",
     "Bearer {}x", "Bearer  {}"],
)  # fmt: skip
def test_anything_else_than_a_whole_token_is_nobody(shown):
    _, secret = a_token()
    client = Client(headers={"Authorization": shown.format(secret)})

    answer = client.get("/api/v1/agreements")

    problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_in_the_address_or_in_a_cookie_opens_nothing():
    _, secret = a_token()
    client = Client()
    client.cookies["token"] = secret
    client.force_login(make_user())

    for address in ("/api/v1/agreements", f"/api/v1/agreements?token={secret}"):
        problem(client.get(address), 401)


def test_a_revoked_token_fails_with_its_next_call():
    made, secret = a_token()
    program = calls(secret)
    assert program.get("/api/v1/agreements").status_code == 200

    tokens.revoke(token_id=made.pk, by=made.user, at=NINE)

    problem(program.get("/api/v1/agreements"), 401)
    assert LedgerEntry.objects.about(("token", made.pk)).count() == 2


def test_a_token_ends_at_its_instant():
    program = calls(a_token(ends=NINE + HOUR)[1])

    problem(program.get("/api/v1/agreements"), 401)


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"department_id": "sales"}, {"role": Role.AUDITOR}],
    ids=["left", "moved", "became an auditor"],
)  # fmt: skip
def test_a_token_is_dead_once_its_owner_is_somebody_else(change):
    made, secret = a_token()
    owner = made.user
    owner.team = None
    owner.department_id = None if "role" in change else owner.department_id
    for name, value in change.items():
        setattr(owner, name, value)
    owner.save()

    problem(calls(secret).get("/api/v1/agreements"), 401)


def test_a_token_that_may_only_read_drafts_nothing():
    version = a_draft()
    program = calls(a_token(None, Scope.READ)[1])

    said = [
        problem(send(program, "POST", path(version, "/propose")), 403),
        problem(send(program, "PUT", path(version, "/terms"), {}), 403),
        problem(send(program, "POST", "/api/v1/agreements/inbound/versions", {}), 403),
    ]

    assert all("draft" in one["detail"] for one in said)
    assert Version.objects.count() == 1


def test_auditors_and_administrators_have_no_tokens():
    for role in (Role.AUDITOR, Role.ADMIN):
        with pytest.raises(tokens.MayNotHoldTokens):
            a_token(make_user(team=None, role=role))


def test_a_person_has_twenty_tokens_at_most():
    owner = make_user()
    for _ in range(tokens.MOST):
        a_token(owner)

    with pytest.raises(tokens.TooManyTokens):
        a_token(owner)


def test_a_token_lives_a_year_at_most():
    made, _ = a_token(ends=NINE + 9999 * DAY)

    assert made.expires_at == NINE + tokens.LONGEST


def test_a_token_is_shown_once_on_ones_own_page(client):
    person = make_user()
    client.force_login(person)

    made = client.post("/tokens/", {"name": "Wiki", "scopes": ["read"], "days": "30"})
    later = client.get("/tokens/")

    token = ApiToken.objects.get()
    assert f"concord_{token.prefix}_" in made.text
    assert "no-store" in made.headers["Cache-Control"]
    assert f"concord_{token.prefix}_" not in later.text
    assert token.expires_at == NINE + HOUR + 30 * DAY


def test_who_makes_a_token_proves_first_who_they_are_and_goes_on(client):
    person = make_user(password=PASSWORD)
    client.force_login(person)

    asked = client.post("/tokens/", {"name": "Wiki", "scopes": ["read"], "days": "30"})
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not ApiToken.objects.exists()
    refused = client.post(asked.headers["Location"], {"password": "a guess"})
    assert refused.status_code in {200, 422}
    assert not ApiToken.objects.exists()
    made = client.post(asked.headers["Location"], {"password": PASSWORD})

    token = ApiToken.objects.get()
    assert (token.user, token.name) == (person, "Wiki")
    assert f"concord_{token.prefix}_" in made.text
    # It is answered where the proof was asked for: the next form goes to its own address.
    assert '<form method="post" action="/tokens/"' in made.text


def test_another_persons_token_is_not_there(client):
    made, secret = a_token()
    client.force_login(make_user())

    assert client.post(f"/tokens/{made.pk}/revoke/").status_code == 404
    assert made.name not in client.get("/tokens/").text
    assert calls(secret).get("/api/v1/token").status_code == 200


def test_ones_own_token_is_revoked_on_the_page(client):
    made, secret = a_token()
    client.force_login(made.user)

    client.post(f"/tokens/{made.pk}/revoke/")

    problem(calls(secret).get("/api/v1/token"), 401)


@pytest.mark.parametrize("data", [{}, {"name": "x", "scopes": "sign", "days": "30"}])
def test_a_token_without_a_purpose_or_with_a_scope_that_is_none_is_not_made(client, data):
    client.force_login(make_user())

    assert client.post("/tokens/", data).status_code == 422
    assert not ApiToken.objects.exists()
