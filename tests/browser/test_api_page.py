"""The page of the API in a real browser: calls are tried under the strict policy."""

from datetime import timedelta

import pytest
from django.test import Client

from leads.models import Lead
from portal import wallclock
from tests.factories import make_agreement, make_team, make_user
from tests.leads.api.programs import ALL
from tests.sla.programs import a_token

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def marketer():
    make_agreement(), make_team("inside-sales")
    return make_user("Mara Keter", team="demand-generation")


@pytest.fixture
def secret(marketer):
    now = wallclock.now()
    return a_token(marketer, *ALL, at=now - DAY, ends=now + DAY)[1]


def test_a_call_is_tried_and_its_whole_answer_is_shown(open_page, violations, marketer, secret):
    page = open_page("/api/v1/", user=marketer)
    page.locator("#call-bring_lead > summary").click()
    page.locator("#call-bring_lead").get_by_role("button", name="Try it").click()
    page.locator("#try-token").fill(secret)
    page.get_by_label("Idempotency-Key").fill("try-1")
    page.get_by_label("Body, as JSON").fill('{"name": "Ana Lima", "email": "ana@lima.example"}')
    page.get_by_role("button", name="Send").click()

    page.get_by_role("heading", name="201").wait_for()

    assert '"outcome": "new"' in page.locator("#try-body").inner_text()
    page.locator("#try-answer summary").first.click()
    assert "ratelimit-remaining: 599" in page.locator("#try-headers").inner_text()
    assert Lead.objects.get().name == "Ana Lima"
    assert secret not in page.locator("#try-answer").inner_html()
    assert violations(page) == []
    assert page.complaints == []


def test_a_refusal_is_shown_as_it_comes(open_page, marketer, secret):
    page = open_page("/api/v1/", user=marketer, width=390)
    page.get_by_label("The call", exact=True).select_option("lead")
    page.locator("#try-token").fill(secret)
    page.get_by_label("lead_id").fill("987654")
    page.get_by_role("button", name="Send").click()

    page.get_by_role("heading", name="404").wait_for()

    assert "There is nothing at this address." in page.locator("#try-body").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_javascript_every_call_is_read(open_page, marketer):
    page = open_page("/api/v1/", user=marketer, java_script_enabled=False)

    page.locator("#call-accept_handoff > summary").click()

    assert page.locator("#tryout").is_hidden()
    assert page.get_by_text("Take the lead on").is_visible()
    assert page.get_by_text("send them with curl").is_visible()


def test_no_part_of_the_page_is_a_script_of_its_own(marketer):
    client = Client()
    client.force_login(marketer)

    page = client.get("/api/v1/")

    assert "<script>" not in page.text
    assert " style=" not in page.text
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
