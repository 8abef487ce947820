"""Nothing opens the door of the directory but a token of an administrator's for it."""

import pytest
from django.test import Client

from portal.accounts.errors import MayNotHoldTokens
from portal.accounts.models import Role, Scope
from tests.factories import (
    MONDAY_NINE,
)
from tests.portal.scim.directory import Directory, token_of

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]


def test_nothing_opens_without_a_token_of_the_directory(boss, seller):
    told = [
        Directory("")("GET", "Users"),
        Directory("concord_00000000_x")("GET", "Users"),
        Directory(token_of(seller, Scope.READ, Scope.ACT))("GET", "Users"),
    ]

    assert [one.status_code for one in told] == [401, 401, 403]
    assert all(one.json()["schemas"][0].endswith(":Error") for one in told)


def test_only_an_administrator_makes_such_a_token_and_it_opens_nothing_else(boss, seller):
    with pytest.raises(MayNotHoldTokens):
        token_of(seller, Scope.DIRECTORY)
    with pytest.raises(MayNotHoldTokens):
        token_of(boss, Scope.READ)
    shown = {"Authorization": f"Bearer {token_of(boss, Scope.DIRECTORY)}"}

    assert Client().get("/api/v1/token", headers=shown).status_code == 403


def test_the_token_of_a_former_administrator_is_dead(scim, boss):
    boss.is_staff, boss.role = False, Role.AUDITOR
    boss.save()

    assert scim("GET", "Users").status_code == 401


def test_a_session_opens_nothing_here(client, boss):
    client.force_login(boss)

    assert client.get("/scim/v2/Users").status_code == 401


@pytest.mark.parametrize("path", ["ServiceProviderConfig", "Schemas", "ResourceTypes"])
def test_the_server_says_what_it_can(scim, path):
    response = scim("GET", path)

    assert response.status_code == 200
    assert response.json()["schemas"]
    assert scim("POST", path, {}).status_code == 405


def test_what_cannot_be_read_is_refused_in_scim_s_words(scim, boss):
    shown = {"Authorization": f"Bearer {scim.secret}"}
    client = Client()

    broken = client.post(
        "/scim/v2/Users", "{", content_type="application/scim+json", headers=shown
    )
    text = client.post("/scim/v2/Users", "x", content_type="text/plain", headers=shown)

    assert (broken.status_code, broken.json()["scimType"]) == (400, "invalidSyntax")
    assert text.status_code == 415
    assert scim("GET", "Nothing").status_code == 404
    assert scim("GET", "Users/999999").status_code == 404
    assert scim("PATCH", "Users", {}).headers["Allow"] == "GET, POST"
