"""Whom a visitor of the demo may be, and that a real portal offers nobody."""

import pytest
from django.urls import reverse

from portal import ledger
from portal.demo.personas import personas
from tests.factories import MONDAY_NINE, make_operations, make_signatory, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.SIMULATION_ALLOWED = True
    ledger.open_ledger(simulated=True, at=MONDAY_NINE)


def test_one_of_each_kind_is_offered_members_first_and_both_sides_in_turn(demo):
    make_operations("Olga Petrova")
    make_signatory("sales")
    make_user("Lena Brandt", team="demand-generation")
    make_user("Anna Keller", email="anna@concord.test")
    make_user("Yusuf Demir")

    offered = [(one.name, one.department) for one in personas()]

    assert ("Yusuf Demir", "sales") not in offered
    assert offered.index(("Head of sales", "sales")) < offered.index(("Olga Petrova", ""))
    assert [side for _name, side in offered[:2]] == ["sales", "marketing"]


def test_nobody_who_may_open_the_admin_is_offered(demo):
    make_user("Sigrid Admin", team=None, role="admin", is_staff=True)

    assert personas() == []


def test_a_real_portal_offers_nobody(settings):
    settings.SIMULATION_ALLOWED = True
    make_user()

    assert personas() == []


def test_a_card_of_the_login_page_lets_its_person_in(demo, client):
    anna = make_user("Anna Keller", email="anna@concord.test")

    cards = client.get(reverse("account_login")).text
    client.post(reverse("demo-login"), {"as": "anna@concord.test"})

    assert "Be somebody" in cards
    assert client.session["_auth_user_id"] == str(anna.pk)
