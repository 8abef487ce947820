"""Who the directory closes is out with the next request, and signs nothing when back."""

import pytest
from django.test import Client

from leads.actions.handing import handoffs
from portal.accounts.models import ApiToken, Role, Scope, User
from tests.factories import (
    MONDAY_NINE,
    make_handoff,
    make_signatory,
    make_user,
)
from tests.portal.scim.directory import token_of

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]


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
