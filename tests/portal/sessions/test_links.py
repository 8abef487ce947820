"""The secret of a one-time link is in no address: it stands behind a `#`, and is posted."""

import re

import pytest
from django.test import Client

from portal.accounts.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
KEY = "/accounts/password/reset/key/"
NEW = "another-kettle-30"


@pytest.fixture
def link(mailoutbox, settings):
    """What somebody finds in the mail who forgot their password."""
    settings.BASE_URL = "https://concord.example.org"
    anna = make_user("Anna Berg", password=PASSWORD)
    Client().post("/accounts/password/reset/", {"email": anna.email}, HTTP_HOST="localhost")
    return re.search(r"https://\S+", mailoutbox[0].body)[0]


def test_the_link_of_a_forgotten_password_is_of_the_portal_and_sends_nothing(link):
    before, _, secret = link.partition("#")

    assert before == f"https://concord.example.org{KEY}"
    assert re.fullmatch(r"[0-9a-z]+-[0-9a-z]+-[0-9a-f]{32,}", secret)


def test_it_sets_a_password_once_by_pages_whose_addresses_hold_no_secret(link):
    anna, browser = User.objects.get(name="Anna Berg"), Client()
    asked = browser.post(KEY, {"link": link})
    page = browser.get(asked.url)
    form = {"password1": NEW, "password2": NEW}
    browser.post(page.context["action_url"], form)

    assert link.partition("-")[2] not in asked.url + page.context["action_url"] + page.text
    anna.refresh_from_db()
    assert anna.check_password(NEW)
    again = Client().post(KEY, {"link": link})
    assert (again.status_code, "This link is used up" in again.text) == (404, True)


def test_an_address_that_holds_the_secret_opens_nothing(link):
    secret = link.partition("#")[2]

    assert Client().get(f"{KEY}{secret}/").status_code == 404
    assert Client().get(f"{KEY}?link={secret}").context.get("form") is None
    assert Client().get(f"/welcome/{secret}/").status_code == 404
    assert User.objects.get(name="Anna Berg").check_password(PASSWORD)


@pytest.mark.parametrize("path", [KEY, "/welcome/", "/setup/first/"])
def test_who_comes_without_script_pastes_the_link(path):
    page = Client().get(path)

    assert (page.status_code, 'name="link"' in page.text) == (200, True)
    assert Client().post(path, {"link": ""}).status_code == 422
    assert Client().post(path, {"link": "https://x.example/#guess"}).status_code == 404
    assert Client().post(path, {"link": "é" * 600}).status_code == 404
