"""Handing over in a real browser: checked while one writes, told in place, done by two keys."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from leads.actions.handing import handoffs, returns
from leads.models import Handoff, Lead
from tests.browser.conftest import time_from
from tests.factories import (
    MONDAY_NINE,
    make_company,
    make_handoff,
    make_lead,
    make_team,
    make_user,
)
from tests.leads.test_offer import ready_for_outside

pytestmark = pytest.mark.django_db(transaction=True)
SOON = MONDAY_NINE + timedelta(minutes=5)
PLAIN = {"java_script_enabled": False}


@pytest.fixture(autouse=True)
def morning():
    """It is five past nine in Berlin, and time goes on."""
    with time_from(SOON):
        yield


def state(handoff: Handoff) -> str:
    return Handoff.objects.get(pk=handoff.pk).state


def test_what_an_offer_lacks_goes_away_while_one_types(open_page):
    lead, seller = ready_for_outside()
    Lead.objects.filter(pk=lead.pk).update(phone="")
    page = open_page(f"/leads/{lead.pk}/offer/?kind=to_outside_sales", user=seller)
    page.evaluate("window.same = true")
    expect(
        page.get_by_role("status").get_by_text("part of the package is missing")
    ).to_be_visible()

    page.get_by_label("Phone number").fill("+49 30 555")
    expect(page.get_by_role("status").get_by_text("Nothing is missing")).to_be_visible()
    in_place = page.evaluate("window.same === true")
    page.get_by_role("button", name="Offer it").click()
    page.wait_for_url(f"**/leads/{lead.pk}/")

    assert in_place
    assert Handoff.objects.get(lead=lead, kind="to_outside_sales").state == "offered"
    assert page.complaints == []


def test_who_comes_second_reads_who_was_quicker_where_they_are(open_page):
    handoff = make_handoff(name="Ines Moreau", at=MONDAY_NINE)
    manager = make_team("inside-sales").manager
    page = open_page(f"/handoffs/{handoff.pk}/", user=manager)
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=SOON)

    page.get_by_role("button", name="Accept").click()

    alert = page.get_by_role("alert").filter(has_text=f"{handoff.receiver} accepted this")
    expect(alert).to_be_visible()
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)
    assert [one for one in page.complaints if "409" not in one] == []


def test_a_lead_goes_back_with_one_digit(open_page):
    handoff = make_handoff(name="Ines Moreau", at=MONDAY_NINE)
    page = open_page(f"/handoffs/{handoff.pk}/return/?from=desk", user=handoff.receiver)

    page.keyboard.press("2")
    page.wait_for_url("**/desk/")

    handoff.refresh_from_db()
    assert (handoff.state, handoff.return_reason) == ("returned", "too_small")


def test_without_script_many_returns_are_corrected_seen_and_offered_again(open_page):
    marketer = make_user("Mara Keter", team="demand-generation")
    found = []
    for name in ("Ines Moreau", "Hugo Blanc"):
        lead = make_lead(
            name, marketer=marketer, campaign="Bearings", company=make_company(country="DE")
        )
        handoff = make_handoff(lead=lead, at=MONDAY_NINE)
        returns.give_back(
            handoff_id=handoff.pk, by=handoff.receiver, at=MONDAY_NINE,
            reason="country_not_served",
        )  # fmt: skip
        found.append(handoff)
    page = open_page("/returns/", user=marketer, **PLAIN)

    page.get_by_role("link", name="Answer the 2 that wait").click()
    page.get_by_label("The same for all that are chosen").fill("FR")
    page.get_by_role("button", name="See what would happen").click()
    previewed = {state(one) for one in found}
    page.get_by_role("button", name="Do it for 2").click()

    assert previewed == {"returned"}
    assert page.get_by_role("heading", name="2 are answered").is_visible()
    assert {state(one) for one in found} == {"offered"}
