"""The company's directory keeps people and groups here, in SCIM's words and no others."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from leads.actions.handing import handoffs
from portal.accounts.actions import tokens
from portal.accounts.errors import MayNotHoldTokens
from portal.accounts.models import ApiToken, GroupPlace, Role, Scope, User
from portal.ledger.models import LedgerEntry
from tests.factories import (
    MONDAY_NINE,
    PASSWORD,
    make_handoff,
    make_signatory,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@pytest.fixture
def boss():
    return make_user("Ada Admin", team=None, role=Role.ADMIN, is_staff=True)


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


@pytest.fixture
def scim(boss):
    return Directory(token_of(boss, Scope.DIRECTORY))


def fields_of(user):
    entries = LedgerEntry.objects.about(("user", user.pk)).filter(kind="account_changed")
    return [entry.clear["fields"] for entry in entries.order_by("seq")]


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


# --- leaving


@pytest.fixture
def seller():
    person = make_user("Sven Seller", password=PASSWORD)
    make_user("Rita Rest", team=person.team)
    return person


@pytest.mark.parametrize("said", [False, "False"])
def test_who_is_deactivated_is_out_within_one_request(scim, seller, said):
    browser, program = Client(), Client()
    browser.force_login(seller)
    secret = token_of(seller, Scope.READ)
    shown = {"headers": {"Authorization": f"Bearer {secret}"}}
    assert browser.get("/me/hours/").status_code == 200
    assert program.get("/api/v1/token", **shown).status_code == 200

    scim.patch(f"Users/{seller.pk}", {"op": "Replace", "path": "active", "value": said})

    assert "/accounts/login/" in browser.get("/me/hours/").headers["Location"]
    assert browser.get("/me/hours/", headers={"HX-Request": "true"}).status_code == 401
    assert program.get("/api/v1/token", **shown).status_code == 401


def test_what_they_had_in_hand_is_handed_on(scim):
    handoff = make_handoff()
    seller = handoff.receiver or make_user("Sven Seller")
    if handoff.receiver is None:
        handoffs.accept(handoff_id=handoff.pk, by=seller, at=MONDAY_NINE)
    make_user("Rita Rest", team=seller.team)

    scim("DELETE", f"Users/{seller.pk}")

    handoff.refresh_from_db()
    assert handoff.receiver_id not in {None, seller.pk}
    assert handoff.receiver.is_active


def test_who_comes_back_finds_neither_their_sessions_nor_their_tokens(scim, seller):
    browser = Client()
    browser.force_login(seller)
    token_of(seller, Scope.READ)
    path = f"Users/{seller.pk}"
    for active in (False, True):
        scim.patch(path, {"op": "replace", "path": "active", "value": active})

    seller.refresh_from_db()
    assert seller.is_active
    assert not seller.has_usable_password()
    assert browser.get("/me/hours/").status_code == 302
    assert not ApiToken.objects.filter(user=seller, revoked_at=None).exists()


def test_who_was_removed_is_not_there_and_may_be_made_again(scim):
    made = scim.make(externalId="1").json()
    path = f"Users/{made['id']}"

    assert scim("DELETE", path).status_code == 204
    assert scim("GET", path).status_code == 404
    again = scim.make(externalId="2")

    assert again.status_code == 201
    assert again.json()["id"] == made["id"]
    assert User.objects.get(pk=made["id"]).is_active


def test_who_comes_back_does_not_sign_before_somebody_says_so(scim):
    head = make_signatory("marketing")
    for active in (False, True):
        scim.patch(f"Users/{head.pk}", {"op": "replace", "path": "active", "value": active})

    head.refresh_from_db()
    assert head.is_active
    assert not head.is_signatory


@pytest.mark.parametrize("fields", [{"is_staff": True}, {"is_superuser": True}])
def test_an_administrator_is_changed_in_the_admin_alone(scim, fields):
    other = make_user(team=None, role=Role.ADMIN, **fields)

    tried = [
        scim.patch(
            f"Users/{other.pk}", {"op": "replace", "path": "userName", "value": "a@b.test"}
        ),
        scim.patch(f"Users/{other.pk}", {"op": "replace", "path": "active", "value": False}),
        scim("DELETE", f"Users/{other.pk}"),
    ]

    assert [one.status_code for one in tried] == [403, 403, 403]
    assert User.objects.get(pk=other.pk).is_active


def test_nothing_that_the_directory_says_makes_a_signatory_or_an_administrator(scim):
    made = scim.make(
        roles=[{"value": "admin"}], is_superuser=True, is_staff=True, isSignatory=True,
        role="admin", is_signatory=True,
    ).json()  # fmt: skip

    person = User.objects.get(pk=made["id"])
    assert (person.role, person.is_staff, person.is_superuser) == ("member", False, False)
    assert not person.is_signatory


# --- groups


@pytest.fixture
def reps():
    team = make_team("inside-sales")
    return GroupPlace.objects.create(group="Sales reps", department=team.department, team=team)


def members(*ids):
    return [{"value": str(one)} for one in ids]


def test_a_group_puts_its_people_where_it_belongs(scim, reps):
    nina = scim.make().json()

    made = scim("POST", "Groups", {"displayName": "Sales reps", "members": members(nina["id"])})

    person = User.objects.get(pk=nina["id"])
    assert made.status_code == 201
    assert (person.department_id, person.team) == ("sales", reps.team)
    assert fields_of(person)[-1] == ["department", "team"]
    seen = scim("GET", f"Users/{nina['id']}").json()["groups"]
    assert [one["display"] for one in seen] == ["Sales reps"]


def test_members_come_and_go_as_directories_say_it(scim, reps):
    nina, otto = scim.make().json()["id"], scim.make("otto@concord.test").json()["id"]
    path = f"Groups/{scim('POST', 'Groups', {'displayName': 'Sales reps'}).json()['id']}"

    def inside():
        return {one["value"] for one in scim("GET", path).json()["members"]}

    scim.patch(path, {"op": "Add", "path": "members", "value": members(nina, otto)})
    assert inside() == {nina, otto}
    scim.patch(path, {"op": "Remove", "path": f'members[value eq "{nina}"]'})
    assert inside() == {otto}
    scim.patch(path, {"op": "replace", "value": {"members": members(nina)}})
    assert inside() == {nina}
    scim.patch(path, {"op": "remove", "path": "members", "value": members(nina)})
    assert inside() == set()
    assert User.objects.get(pk=otto).team == reps.team


def test_a_group_that_is_renamed_into_a_place_gives_it(scim, reps):
    nina = scim.make().json()["id"]
    made = scim("POST", "Groups", {"displayName": "Reps", "members": members(nina)}).json()

    scim.patch(
        f"Groups/{made['id']}", {"op": "replace", "path": "displayName", "value": "Sales reps"}
    )

    assert User.objects.get(pk=nina).team == reps.team


def test_groups_are_found_replaced_and_dropped(scim):
    made = scim("POST", "Groups", {"displayName": "Reps", "externalId": "g1"}).json()
    path = f"Groups/{made['id']}"

    found = scim("GET", 'Groups?filter=displayName eq "Reps"&excludedAttributes=members').json()
    replaced = scim("PUT", path, {"displayName": "All reps"}).json()
    dropped = scim("DELETE", path)

    assert found["totalResults"] == 1
    assert "members" not in found["Resources"][0]
    assert replaced["displayName"] == "All reps"
    assert dropped.status_code == 204
    assert scim("GET", path).status_code == 404


@pytest.mark.parametrize("value", [[{"value": "999999"}], [{"value": "x"}], ["' or 1"], 7.5])
def test_a_member_who_is_nobody_is_refused(scim, value):
    response = scim("POST", "Groups", {"displayName": "Reps", "members": value})

    assert response.status_code == 400
    assert response.json()["scimType"] == "invalidValue"


# --- the door


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
