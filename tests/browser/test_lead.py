"""The page of a lead in a real browser: two keys, a phone, and no script at all."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from leads.models import Touch
from tests.browser.conftest import time_from
from tests.factories import MONDAY_NINE, make_accepted, make_handoff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def morning():
    """It is five past nine in Berlin, and time goes on."""
    with time_from(MONDAY_NINE + timedelta(minutes=5)):
        yield


@pytest.fixture
def handoff():
    return make_accepted(name="Ines Moreau", at=MONDAY_NINE)


def path(handoff):
    return f"/leads/{handoff.lead_id}/"


def test_a_touch_is_logged_in_two_keys_and_with_words_in_between(open_page, handoff):
    page = open_page(path(handoff), user=handoff.receiver)
    page.keyboard.press("v")
    expect(page.get_by_label("In a few words").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Noted.")).to_be_visible()

    page.keyboard.press("e")
    expect(page.get_by_label("In a few words").first).to_be_focused()
    page.keyboard.type("Sent our hours")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Personal mail: Sent our hours")).to_be_visible()

    kinds = (
        Touch.objects.filter(lead=handoff.lead).order_by("pk").values_list("kind", flat=True)
    )
    assert list(kinds)[-2:] == ["voicemail", "personal_mail"]
    assert page.complaints == []


def test_a_phone_gets_the_upright_journey_and_a_desk_the_wide_one(open_page, handoff):
    page = open_page(path(handoff), user=handoff.receiver)
    drawings = page.get_by_role("img", name="Journey of Ines Moreau")

    expect(drawings).to_have_count(1)  # the other one is not there for anybody
    wide = drawings.bounding_box()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(drawings).to_have_count(1)
    tall = drawings.bounding_box()

    assert wide["width"] > wide["height"] * 2
    assert tall["width"] < 390 < tall["x"] + 400
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_list_is_read_and_opened_by_keyboard_alone(open_page, handoff):
    page = open_page(path(handoff), user=handoff.receiver)
    page.get_by_role("link", name="Read it as a list").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#all")).to_be_focused()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # folds the newest stage

    expect(page.locator("details.chapter").first).not_to_have_attribute("open", "")


def test_without_script_a_touch_is_logged_and_a_fact_vouched_for(open_page, handoff):
    page = open_page(path(handoff), user=handoff.receiver, java_script_enabled=False)
    page.get_by_label("Meeting booked").check()
    page.get_by_role("button", name="Log it").first.click()
    page.get_by_text("Vouch for it: Budget confirmed").click()
    page.get_by_role("button", name="Vouch", exact=True).locator("visible=true").click()

    assert Touch.objects.filter(lead=handoff.lead, kind="meeting").exists()
    assert handoff.lead.attestations.get().fact == "budget_confirmed"


def test_an_offer_is_accepted_and_taken_back_in_place(open_page):
    offered = make_handoff(name="Ines Moreau", at=MONDAY_NINE)
    page = open_page(path(offered), user=offered.receiver)
    page.evaluate("window.same = true")

    page.keyboard.press("a")
    expect(page.get_by_text("It can be taken back until")).to_be_visible()
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Accept")).to_be_visible()

    assert page.evaluate("window.same")
    assert page.complaints == []
