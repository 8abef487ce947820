"""The company's directory keeps people here, in SCIM's words and no others."""

import pytest

from portal.accounts.models import User
from portal.ledger.models import LedgerEntry
from tests.factories import (
    MONDAY_NINE,
)

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]


def test_a_person_is_made_without_a_place_and_without_a_password(scim, boss):
    response = scim.make(
        name={"givenName": "Nina", "familyName": "Nord"}, externalId="0815", title="SDR"
    )

    made = User.objects.get(email="nina@concord.test")
    body = response.json()
    assert response.status_code == 201
    assert response.headers["Location"] == body["meta"]["location"]
    assert response.headers["Content-Type"] == "application/scim+json"
    assert (body["id"], body["externalId"]) == (str(made.pk), "0815")
    assert (made.name, made.title) == ("Nina Nord", "SDR")
    assert (made.department_id, made.role, made.is_signatory) == (None, "member", False)
    assert not made.has_usable_password()
    assert LedgerEntry.objects.about(("user", made.pk)).first().actor_id == boss.pk


@pytest.mark.parametrize("more", [{}, {"externalId": "7"}])
def test_two_people_cannot_have_one_address(scim, more):
    scim.make()

    again = scim.make(**more)

    assert again.status_code == 409
    assert again.json()["scimType"] == "uniqueness"


def test_two_people_cannot_have_one_id(scim):
    scim.make(externalId="7")

    assert scim.make("otto@concord.test", externalId="7").status_code == 409
    assert not User.objects.filter(email="otto@concord.test").exists()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({}, "invalidValue"),
        ({"userName": "no address"}, "invalidValue"),
        ({"userName": 7}, "invalidValue"),
        ({"userName": "a\x00@b.test"}, "invalidValue"),
        ({"userName": "a@b.test", "active": "perhaps"}, "invalidValue"),
        ([], "invalidSyntax"),
    ],
)
def test_a_person_that_makes_no_sense_is_refused_in_words(scim, body, kind):
    people = User.objects.count()

    response = scim("POST", "Users", body)

    told = response.json()
    assert (response.status_code, told["status"], told["scimType"]) == (400, "400", kind)
    assert told["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert User.objects.count() == people


def test_they_are_found_by_name_and_by_the_directory_s_own_id(scim):
    made = scim.make(externalId="0815").json()

    for text in ('userName eq "NINA@concord.test"', 'externalId eq "0815"'):
        found = scim("GET", f"Users?filter={text}").json()
        assert [one["id"] for one in found["Resources"]] == [made["id"]]
    assert scim("GET", 'Users?filter=userName eq "x@y.z"').json()["totalResults"] == 0


@pytest.mark.parametrize(
    "text",
    ["userName sw x", 'password eq "x"', 'userName eq "x" or id eq "1"', "(", "x" * 2000],
)
def test_other_filters_are_refused(scim, text):
    response = scim("GET", f"Users?filter={text}")

    assert response.status_code == 400
    assert response.json()["scimType"] == "invalidFilter"


def test_a_list_comes_in_pages_counted_from_one(scim):
    for name in "abc":
        scim.make(f"{name}@concord.test")
    whole = scim("GET", "Users").json()

    second = scim("GET", "Users?startIndex=2&count=2").json()

    assert second["totalResults"] == whole["totalResults"] == len(whole["Resources"])
    assert second["itemsPerPage"] == 2
    assert second["Resources"] == whole["Resources"][1:3]
    assert scim("GET", "Users?count=0").json()["Resources"] == []
    assert scim("GET", "Users?count=x").status_code == 400


def test_a_person_is_replaced(scim):
    made = scim.make(title="SDR").json()

    body = {"userName": "nina.n@concord.test", "displayName": "Nina N.", "active": True}
    changed = scim("PUT", f"Users/{made['id']}", body).json()

    assert (changed["userName"], changed["displayName"]) == ("nina.n@concord.test", "Nina N.")


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Replace", "path": "displayName", "value": "Nina N."},
        {"op": "replace", "value": {"displayName": "Nina N."}},
        {"op": "add", "path": "name.formatted", "value": "Nina N."},
        {"op": "replace", "value": {"name": {"formatted": "Nina N."}}},
        {"op": "replace", "path": "name", "value": {"givenName": "Nina", "familyName": "N."}},
    ],
)
def test_a_person_is_patched_as_directories_do_it(scim, operation):
    made = scim.make().json()

    changed = scim.patch(f"Users/{made['id']}", operation)

    assert changed.status_code == 200
    assert changed.json()["displayName"] == "Nina N."


@pytest.mark.parametrize(
    "operations",
    [[], [{"op": "copy", "path": "title"}], [{"op": "replace", "value": "x"}], "x", [7]],
)
def test_a_patch_that_makes_no_sense_changes_nothing(scim, operations):
    made = scim.make().json()

    response = scim("PATCH", f"Users/{made['id']}", {"Operations": operations})

    assert response.status_code == 400
    assert scim("GET", f"Users/{made['id']}").json() == made


def test_a_write_over_a_state_that_was_not_seen_is_refused(scim):
    made = scim.make()
    path, tag = f"Users/{made.json()['id']}", made.headers["ETag"]
    scim.patch(path, {"op": "replace", "path": "title", "value": "AE"}, **{"If-Match": tag})

    late = scim.patch(
        path, {"op": "replace", "path": "title", "value": "SDR"}, **{"If-Match": tag}
    )

    assert late.status_code == 412
    assert scim("GET", path).json()["title"] == "AE"
