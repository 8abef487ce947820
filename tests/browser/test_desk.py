"""The desk in a real browser: several rows at once, what is new, dialogs over it, keys."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from leads.actions.handing import handoffs
from leads.models import Handoff
from portal.accounts.models import Absence
from tests.browser.conftest import time_from
from tests.factories import MONDAY_NINE, make_handoff, make_lead, make_team, make_user

pytestmark = pytest.mark.django_db(transaction=True)
SOON = MONDAY_NINE + timedelta(minutes=5)
PLAIN = {"java_script_enabled": False}


@pytest.fixture(autouse=True)
def morning():
    """It is five past nine in Berlin, and time goes on."""
    with time_from(SOON):
        yield


@pytest.fixture
def rep():
    return make_user("Anna Keller", team="inside-sales")


@pytest.fixture
def two(rep):
    return [offer(rep, name) for name in ("Ines Moreau", "Marek Hulk")]


def offer(rep, name):
    return make_handoff(lead=make_lead(name=name, at=MONDAY_NINE), receiver=rep, at=MONDAY_NINE)


def state(handoff: Handoff) -> str:
    return Handoff.objects.get(pk=handoff.pk).state


def marked(page: Page) -> str:
    return page.locator("form.row.on h3 a").inner_text()


def test_two_rows_are_chosen_looked_at_and_accepted(open_page, violations, rep, two):
    page = open_page("/desk/", user=rep)
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.get_by_role("checkbox", name="Choose Marek Hulk").check()
    chosen = violations(page)

    page.locator("#bulk").get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="Accept several leads")).to_be_visible()
    before, previewed = [state(one) for one in two], violations(page)
    page.get_by_role("button", name="Accept 2").click()
    expect(page.get_by_role("heading", name="Accepted: 2")).to_be_visible()

    assert before == ["offered", "offered"]
    assert [state(one) for one in two] == ["accepted", "accepted"]
    assert (chosen, previewed, violations(page), page.complaints) == ([], [], [], [])


def test_without_script_several_rows_are_done_as_well(open_page, rep, two):
    page = open_page("/desk/", user=rep, **PLAIN)
    page.get_by_role("checkbox", name="Choose Ines Moreau").check()

    page.locator("#bulk").get_by_role("button", name="Accept").click()
    page.get_by_role("button", name="Accept 1").click()

    assert [state(one) for one in two] == ["accepted", "offered"]


def test_a_return_is_given_in_a_dialog_over_the_desk(open_page, violations, rep, two):
    page = open_page("/desk/", user=rep)
    page.evaluate("window.same = true")
    page.keyboard.press("r")
    dialog = page.locator("#over")
    expect(dialog).to_be_visible()
    found = violations(page)

    dialog.get_by_role("button", name="Country we do not serve").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()

    assert page.evaluate("window.same") is True
    assert sorted(state(one) for one in two) == ["offered", "returned"]
    assert (found, page.complaints) == ([], [])


def test_what_is_new_is_told_and_moves_nothing_until_it_is_shown(open_page, rep, two):
    page = open_page("/desk/", user=rep, fake_time=True)
    row = page.locator("form.row").first
    before = row.bounding_box()
    offer(rep, "Nils Berg")

    page.clock.fast_forward(16_000)
    expect(page.locator("#news")).to_contain_text("1 new", timeout=20_000)
    told, shown = row.bounding_box(), page.get_by_role("link", name="Nils Berg").count()

    assert told == before
    assert shown == 0
    assert page.complaints == []


def test_a_row_that_another_took_says_so_in_its_place(open_page, rep, two):
    page = open_page("/desk/", user=rep, fake_time=True)
    row = page.locator("form.row").filter(has_text="Ines Moreau")
    before = row.bounding_box()
    jana = make_user("Jana Kos", team="inside-sales")
    Absence.objects.create(
        user=rep, deputy=jana, starts_at=MONDAY_NINE, ends_at=SOON + timedelta(days=1)
    )
    handoffs.accept(handoff_id=two[0].pk, by=jana, at=SOON)

    page.clock.fast_forward(16_000)

    expect(row).to_contain_text("Jana Kos accepted this", timeout=20_000)
    assert row.get_by_role("button").count() == 0
    now = row.bounding_box()
    assert {side: round(now[side]) for side in now} == {
        side: round(before[side]) for side in before
    }


def test_the_row_below_is_marked_once_one_is_done(open_page, rep, two):
    offer(rep, "Nils Berg")
    page = open_page("/desk/", user=rep)
    first = marked(page)
    page.keyboard.press("j")
    second = marked(page)

    page.keyboard.press("ArrowUp")

    assert first != second
    assert marked(page) == first


def test_filters_search_and_views_are_links_that_can_be_shared(open_page, rep, two):
    page = open_page("/desk/", user=rep)
    page.get_by_text("Filter", exact=True).click()
    page.get_by_placeholder("Name, company, address").fill("moreau")
    page.get_by_role("button", name="Show", exact=True).click()
    address = page.url
    page.get_by_text("Save this view").click()
    page.get_by_label("Name of the view").fill("Moreau")
    page.get_by_role("button", name="Save", exact=True).click()

    page.get_by_role("link", name="Moreau", exact=True).first.click()

    assert "q=moreau" in address
    assert page.locator("form.row").count() == 1


def test_the_team_is_shown_and_work_given_to_whom_the_rules_choose(
    open_page, violations, rep, two
):
    make_user("Jana Kos", team="inside-sales")
    page = open_page("/desk/team/", user=make_team("inside-sales").manager)
    found = violations(page)
    page.get_by_role("link", name="Anna Keller").click()
    page.get_by_role("link", name="Give to another").first.click()
    expect(page.get_by_text("would get it")).to_be_visible()

    page.get_by_role("button", name="Give 1 over").click()
    expect(page.get_by_role("heading", name="Given over: 1")).to_be_visible()

    holders = sorted(str(Handoff.objects.get(pk=one.pk).receiver) for one in two)
    assert holders != ["Anna Keller", "Anna Keller"]
    assert (found, page.complaints) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_the_way_a_handoff_is_accepted_with_the_thumb(
    open_page, violations, rep, two, scheme
):
    page = open_page(f"/h/{two[0].pk}/", user=rep, width=390, scheme=scheme)
    before = violations(page)

    page.get_by_role("button", name="Accept").click()
    page.get_by_text("Ask Marketing for a comparison").click()
    page.get_by_label("With whom, about what?").fill("Vibrex")
    page.get_by_role("button", name="Ask for it").click()

    expect(page.get_by_text("Marketing owes it by a clock.")).to_be_visible()
    assert (before, violations(page), page.complaints) == ([], [], [])


def test_on_a_phone_what_one_came_to_do_stands_before_the_files(open_page, rep, two):
    page = open_page("/desk/", user=rep, width=390)
    act, file = (page.get_by_role("link", name=name) for name in ("New lead", "CSV"))

    first, then = act.bounding_box(), file.bounding_box()

    assert first is not None
    assert then is not None
    assert (first["y"], first["x"]) < (then["y"], then["x"])
