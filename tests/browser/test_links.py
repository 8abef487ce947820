"""A one-time link in a browser: what opens the portal is in no address that is asked for."""

import pytest

from portal.accounts.actions import inviting
from portal.accounts.models import Invitation
from tests.browser.conftest import time_from
from tests.factories import MONDAY_NINE, make_operations, make_user

pytestmark = pytest.mark.django_db(transaction=True)
CHOOSE = "Choose a password"


@pytest.fixture
def link(live_server, settings):
    settings.BASE_URL = live_server.url
    anna, olga = make_user("Anna Berg"), make_operations("Olga")
    with time_from(MONDAY_NINE):
        yield inviting.invite(people=[anna], by=olga, at=MONDAY_NINE)[0].link


def test_a_link_opens_by_itself_and_its_secret_leaves_the_address(link, open_page, live_server):
    path, _, secret = link.removeprefix(live_server.url).partition("#")
    page = open_page(f"{path}#{secret}")

    page.get_by_label(CHOOSE).fill("kettle-orbit-29")
    assert page.url == live_server.url + path
    assert [one.url for one in page.loaded if secret in one.url] == []
    page.get_by_role("button", name="Come in").click()
    page.wait_for_url(live_server.url + "/**", wait_until="load")

    assert Invitation.objects.get().used_at is not None
    assert page.complaints == []


def test_without_script_the_link_is_pasted(link, open_page, live_server):
    page = open_page(link.removeprefix(live_server.url), java_script_enabled=False)

    page.get_by_label("Link").fill(link)
    page.get_by_role("button", name="Open it").click()
    page.get_by_label(CHOOSE).wait_for()

    assert "#" not in page.url
