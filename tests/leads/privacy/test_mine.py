"""Everybody reads what the portal keeps of them, and of nobody else."""

import pytest
from django.urls import reverse

from leads.actions.journeys import touches
from tests.factories import MONDAY_NINE, make_lead, make_user

pytestmark = pytest.mark.django_db


def log(by):
    touches.log(lead_id=make_lead().pk, kind="call", by=by, at=MONDAY_NINE)


def test_a_member_sees_what_they_did_and_not_what_others_did(
    client, django_assert_max_num_queries
):
    ana, ben = make_user("Ana"), make_user("Ben")
    log(ana)
    log(ben)
    client.force_login(ana)

    with django_assert_max_num_queries(12):
        page = client.get(reverse("leads:my-records"))

    assert ana.email in page.text
    assert ben.email not in page.text
    assert f"under the number {ana.pk}" in page.text
    told = {str(what): n for what, n, _who in page.context["places"]}
    assert told["Touches you logged"] == 1


def test_an_administrator_has_an_account_and_no_leads(client):
    admin = make_user(team=None, department=None, role="admin")
    client.force_login(admin)

    page = client.get(reverse("leads:my-records"))

    assert page.status_code == 200
    assert "Nothing yet of:" in page.text
