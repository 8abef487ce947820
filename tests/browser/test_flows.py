"""What people do on the pages, in a real browser: by mouse, by key, and without script."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from leads.actions.handing import handoffs
from leads.actions.sweeping import sweep
from leads.models import Handoff, Lead, Touch
from tests.browser.conftest import time_from
from tests.factories import MONDAY_NINE, make_handoff

pytestmark = pytest.mark.django_db(transaction=True)
SOON = MONDAY_NINE + timedelta(minutes=5)
PLAIN = {"java_script_enabled": False}


@pytest.fixture(autouse=True)
def morning():
    """It is five past nine in Berlin, and time goes on."""
    with time_from(SOON):
        yield


@pytest.fixture
def handoff():
    return make_handoff(name="Ines Moreau", at=MONDAY_NINE)


@pytest.fixture
def desk(open_page, handoff):
    """The receiver's desk; `window.same` is gone once another page was loaded."""
    page = open_page("/desk/", user=handoff.receiver)
    page.evaluate("window.same = true")
    return page


def state(handoff: Handoff) -> str:
    return Handoff.objects.get(pk=handoff.pk).state


def stays(page: Page) -> bool:
    return bool(page.evaluate("window.same === true"))


def test_a_lead_is_accepted_in_place_and_the_act_is_taken_back(desk, handoff):
    desk.get_by_role("button", name="Accept").click()
    undo = desk.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    accepted, in_place = state(handoff), stays(desk)

    undo.click()
    expect(desk.get_by_role("button", name="Accept")).to_be_visible()

    assert (accepted, in_place) == ("accepted", True)
    assert state(handoff) == "offered"
    assert desk.complaints == []


def test_a_lead_is_accepted_and_the_act_taken_back_by_keys(desk, handoff):
    desk.keyboard.press("a")
    expect(desk.get_by_role("button", name="Undo")).to_be_visible()
    accepted = state(handoff)

    desk.keyboard.press("u")
    expect(desk.get_by_role("button", name="Accept")).to_be_visible()

    assert accepted == "accepted"
    assert state(handoff) == "offered"


def test_an_attempt_is_logged_by_one_key_and_accepts_the_lead(desk, handoff):
    desk.keyboard.press("v")
    expect(desk.get_by_text("Last: voicemail")).to_be_visible()

    assert Touch.objects.get(lead=handoff.lead).kind == "voicemail"
    assert state(handoff) == "accepted"
    assert stays(desk)


def test_a_lead_is_returned_with_a_reason_from_its_row(desk, handoff):
    desk.keyboard.press("r")
    desk.get_by_label("What should be fixed?").fill("The number is not in use")
    desk.get_by_role("button", name="Wrong data").click()

    expect(desk.get_by_role("button", name="Undo")).to_be_visible()
    assert desk.url.endswith("/desk/")
    assert state(handoff) == "returned"


def test_the_second_of_two_is_told_who_was_quicker(desk, handoff):
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver_team.manager, at=SOON)

    desk.get_by_role("button", name="Accept").click()

    said = desk.get_by_role("alert").filter(has_text="accepted this")
    expect(said).to_be_visible()
    assert "Nothing of yours was lost." in said.inner_text()


def test_a_new_lead_is_typed_in(open_page, handoff):
    page = open_page("/leads/new/", user=handoff.receiver)
    page.get_by_label("Name", exact=True).fill("Oliver Grant")
    page.get_by_role("button", name="Take the lead in").click()
    expect(page.get_by_text("Give an e-mail address or a phone number.")).to_be_visible()

    page.get_by_label("Phone").fill("+44 191 555 0134")
    page.get_by_role("button", name="Take the lead in").click()

    expect(page.get_by_role("heading", name="Oliver Grant")).to_be_visible()
    assert Lead.objects.filter(name="Oliver Grant").exists()


def test_the_bell_rings_by_itself_when_an_alert_is_raised(open_page, handoff):
    page = open_page("/leads/new/", user=handoff.receiver, fake_time=True)
    page.get_by_label("Name", exact=True).fill("typed meanwhile")
    before = page.locator("#bell").inner_text()
    due = handoff.clocks.get(kind="accept").due_at
    sweep.raise_all(at=due)

    page.clock.fast_forward(31_000)

    expect(page.locator("#bell")).not_to_have_text(before, use_inner_text=True)
    assert page.get_by_label("Name", exact=True).input_value() == "typed meanwhile"


def test_without_script_a_lead_is_accepted_and_the_act_is_taken_back(open_page, handoff):
    page = open_page("/desk/", user=handoff.receiver, **PLAIN)

    page.get_by_role("button", name="Accept").click()
    accepted = state(handoff)
    page.get_by_role("button", name="Undo").click()

    assert accepted == "accepted"
    assert state(handoff) == "offered"
    assert page.url.endswith("/desk/")


def test_without_script_an_attempt_is_logged_and_the_lead_returned(open_page, handoff):
    page = open_page("/desk/", user=handoff.receiver, **PLAIN)
    page.get_by_text("More for Ines Moreau").locator("..").click()
    page.locator("details.more").get_by_role("button", name="Voicemail left").click()
    logged = state(handoff)

    page.goto(page.url.replace("/desk/", f"/handoffs/{handoff.pk}/return/"))
    page.get_by_role("button", name="Country we do not serve").click()

    assert logged == "accepted"
    assert state(handoff) == "returned"
    assert page.get_by_role("heading", name="Ines Moreau").is_visible()
