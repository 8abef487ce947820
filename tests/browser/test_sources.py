"""A source from its making to a message that it understands, in a real browser."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from leads.models import EventSource, InboundItem
from tests.browser.conftest import time_from
from tests.factories import MONDAY_NINE, make_handoff, make_operations
from tests.leads.events.sources import a_call

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def morning():
    with time_from(MONDAY_NINE + timedelta(minutes=20)):
        yield


def make_it(page: Page, keeper: str) -> str:
    """Make a source by its form; the token that is shown once."""
    page.get_by_role("link", name="New source").click()
    page.get_by_label("Name", exact=True).fill("Dialler")
    page.get_by_label("Key", exact=True).fill("dialler")
    page.get_by_label("Begins with the mapping of").select_option("dialler")
    page.get_by_label("Kept by").select_option(label=keeper)
    page.get_by_role("button", name="Make the source").click()
    expect(page.get_by_role("heading", name="Copy these now")).to_be_visible()
    return page.locator("#token").inner_text()


def test_a_source_is_made_tried_heard_and_its_quarantine_is_mended(open_page, violations):
    olga, handoff = make_operations("Olga Perez"), make_handoff(at=MONDAY_NINE)
    page = open_page("/sources/", user=olga)
    token = make_it(page, "Olga Perez")
    call = a_call(handoff.lead, handoff.receiver.email, MONDAY_NINE + timedelta(minutes=15))

    page.get_by_role("link", name="Mapping and test").click()
    page.get_by_label("A message to try it with").fill(
        json.dumps(call | {"event": "dial.done"})
    )
    page.get_by_role("button", name="Show what it would become").click()
    expect(page.get_by_text("no rule of the mapping fits it")).to_be_visible()
    assert InboundItem.objects.count() == 0

    sent = page.request.post(
        page.url.split("/sources")[0] + "/in/dialler/",
        data=json.dumps(call | {"event": "dial.done"}),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    assert sent.json()["events"][0]["state"] == "quarantined"

    mapping = json.dumps(EventSource.objects.get().mapping).replace("call.ended", "dial.done")
    page.get_by_role("textbox", name="Mapping").fill(mapping)
    page.get_by_role("button", name="Keep the mapping").click()
    page.get_by_role("link", name="See why, and run them again").click()
    assert violations(page) == []
    page.get_by_role("button", name="Run it again").click()

    expect(page.get_by_text("1 event was taken over.")).to_be_visible()
    handoff.refresh_from_db()
    assert handoff.state == "accepted"
    page.get_by_role("link", name="Dialler").click()
    expect(page.get_by_text("counts at 09:15")).to_be_visible()
    assert violations(page) == []
