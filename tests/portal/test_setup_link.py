"""The one-time link with which an empty portal gets its first administrator."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from portal.accounts.models import User
from portal.demo import setup
from portal.demo.models import SetupLink
from portal.demo.setup import LinkIsSpent
from portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANNA = {"name": "Anna", "email": "anna@example.org", "password": "kettle-orbit-29"}


URL = "/setup/first/"


def link() -> str:
    token = setup.issue_link(at=NINE)
    assert token is not None
    return token


def opened(client, token, **fields):
    """By the link alone, or with what was written on the page to which it led."""
    return client.post(URL, {"link": token, **fields})


def test_the_link_makes_one_administrator_who_can_log_in(client):
    token = link()

    assert opened(client, token).status_code == 200
    assert opened(client, token, **ANNA).headers["Location"] == "/setup/"

    anna = User.objects.get()
    assert (anna.role, anna.is_superuser, anna.is_signatory) == ("admin", True, False)
    assert LedgerEntry.objects.get().subject_id == anna.pk
    assert client.login(email=ANNA["email"], password=ANNA["password"])


def test_who_sets_a_small_company_up_alone_is_of_operations_too_and_never_signs(client):
    opened(client, link(), **ANNA, operates="on")

    anna = User.objects.get()
    assert (anna.role, anna.is_superuser, anna.is_signatory) == ("operations", True, False)
    assert client.get("/setup/").status_code == 200


def test_a_used_link_is_gone_and_says_so(client):
    token = link()
    opened(client, token, **ANNA)

    gone = opened(client, token)

    assert gone.status_code == 410
    assert "This link has made its account" in gone.text
    assert opened(client, token, **ANNA | {"email": "eve@example.org"}).status_code == 410
    assert User.objects.count() == 1


def test_two_who_use_the_link_at_once_make_one_administrator():
    token = link()
    setup.make_first_admin(token=token, at=NINE, **ANNA)

    with pytest.raises(LinkIsSpent):
        setup.make_first_admin(token=token, at=NINE, **ANNA | {"email": "eve@example.org"})
    assert User.objects.count() == 1


def test_only_the_newest_link_works(client):
    older, newest = link(), link()

    replaced = opened(client, older)
    assert replaced.status_code == 404
    assert "take the newest from the terminal" in replaced.text
    assert opened(client, newest).status_code == 200


def test_a_guessed_link_does_not_exist(client):
    link()

    assert opened(client, "guess").status_code == 404
    assert opened(client, "guess", **ANNA).status_code == 404
    assert not User.objects.exists()


def test_a_portal_with_people_issues_no_link():
    User.objects.create_user("anna@example.org", name="Anna")

    assert setup.issue_link(at=NINE) is None


def test_a_weak_password_is_refused_and_the_link_stays_open(client):
    token = link()

    response = opened(client, token, **ANNA | {"password": "anna"})

    assert response.status_code == 422
    assert not User.objects.exists()
    assert opened(client, token).status_code == 200


def test_the_database_holds_no_usable_link():
    token = link()

    assert token not in SetupLink.objects.get().digest


def test_an_empty_company_says_in_its_first_entry_that_its_time_is_real(capsys, settings):
    settings.BASE_URL = "https://concord.example.org"

    call_command("setup_link")

    assert capsys.readouterr().out.startswith("https://concord.example.org/setup/first/#")
    assert LedgerEntry.objects.get(kind="genesis").clear["simulated"] is False
