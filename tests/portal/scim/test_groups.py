"""Groups of the directory put people where they belong, never more."""

import pytest

from portal.accounts.models import GroupPlace, User
from tests.factories import (
    MONDAY_NINE,
    make_team,
)
from tests.portal.scim.directory import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]


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
