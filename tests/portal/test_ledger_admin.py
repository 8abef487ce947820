"""The admin reads the ledger; nobody writes it there, superusers included."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from portal import ledger
from portal.ledger.kinds import Kind
from portal.ledger.models import Head, LedgerEntry, Salt

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def request_of_a_superuser():
    request = RequestFactory().get("/")
    request.user = get_user_model()(is_superuser=True, is_staff=True, is_active=True)
    return request


@pytest.mark.parametrize("model", [LedgerEntry, Head])
def test_a_superuser_may_look_and_nothing_else(request_of_a_superuser, model):
    page = admin.site.get_model_admin(model)

    allowed = page.get_model_perms(request_of_a_superuser)

    assert allowed == {"add": False, "change": False, "delete": False, "view": True}
    assert page.get_actions(request_of_a_superuser) == {}


def test_salts_are_not_in_the_admin():
    assert not admin.site.is_registered(Salt)


@pytest.mark.django_db
def test_the_list_shows_the_newest_entry_first(request_of_a_superuser):
    with ledger.recording(at=NINE):
        for number in (1, 2):
            ledger.append(Kind.OUTAGE, subject=("portal", number))

    page = admin.site.get_model_admin(LedgerEntry)
    shown = page.get_changelist_instance(request_of_a_superuser).result_list

    assert [entry.seq for entry in shown] == [2, 1]
