"""The editor in a real browser: by keyboard alone, saved by itself, quiet under the CSP."""

import pytest

from portal import wallclock
from tests.factories import make_lead, make_terms, make_user
from tests.sla.versions import MINUTE, NINE, a_draft, a_signed_version

pytestmark = pytest.mark.django_db(transaction=True)
PARTS = (
    "words", "journey", "handoffs", "promises", "ladders", "calendars", "volumes", "returns",
    "governance",
)  # fmt: skip
SIZES = [(1440, "light"), (390, "dark")]
SCORE = "#e-journey-1-criteria-value"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: NINE + 2 * MINUTE)


@pytest.fixture
def draft():
    terms = make_terms(return_reasons=[])
    terms["journey"][1]["criteria"] = {
        "key": "warm", "field": "lead.score", "op": "at_least", "value": 20,
    }  # fmt: skip
    a_signed_version(terms=terms)
    return a_draft(at=NINE + MINUTE, terms=terms)


@pytest.fixture
def editor(draft):
    return make_user(team="demand-generation")


def address(version, part):
    return f"/agreements/{version.agreement.key}/versions/{version.number}/edit/{part}/"


def stage_names(page):
    return page.locator("#row-journey > ol > li > details > summary strong").all_inner_texts()


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_every_part_is_open_to_everybody(open_page, violations, draft, editor, width, scheme):
    page = open_page(address(draft, "words"), user=editor, width=width, scheme=scheme)

    found = {}
    for part in PARTS:
        page.goto(page.url.rsplit("/", 2)[0] + f"/{part}/")
        for row in page.locator(".panel > .list > ol > li > details > summary").all()[:2]:
            row.click()
        page.evaluate("scrollTo(0, 0)")
        found[part] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == {part: [] for part in PARTS}
    assert page.complaints == []


def test_a_criterion_is_changed_by_keyboard_and_its_count_is_seen(open_page, draft, editor):
    for score in (10, 30, 60):
        make_lead(f"Lead {score}", score=score)
    page = open_page(address(draft, "journey"), user=editor)

    page.locator("#row-journey-1 > details > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Of today’s 3 leads").wait_for()
    page.locator(SCORE).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("50")
    page.keyboard.press("Tab")
    page.get_by_text("1 that is").wait_for()

    draft.refresh_from_db()
    assert draft.terms["journey"][1]["criteria"]["value"] == 50
    assert page.locator("#meets-journey-1-criteria").inner_text() == "1 meets this"
    assert "Saved, number 2" in page.locator("#beside").inner_text()
    assert page.complaints == []


def test_a_stage_is_moved_by_keyboard_and_the_focus_goes_with_it(open_page, draft, editor):
    page = open_page(address(draft, "journey"), user=editor)
    before = stage_names(page)

    page.locator("#down-journey-4").focus()
    page.keyboard.press("Enter")
    page.locator("#down-journey-5:focus").wait_for()

    moved = [*before[:4], before[5], before[4], *before[6:]]
    assert stage_names(page) == moved
    page.get_by_text("Saved, number 2").wait_for()
    draft.refresh_from_db()
    assert [stage["name"] for stage in draft.terms["journey"]] == [
        name.partition(" (")[0] for name in moved
    ]
    assert page.complaints == []


def test_a_group_of_conditions_is_built_by_keyboard(open_page, draft, editor):
    page = open_page(address(draft, "journey"), user=editor)
    page.locator("#row-journey-1 > details > summary").press("Enter")

    page.get_by_role("button", name="Or another condition").locator("visible=true").press(
        "Enter"
    )
    what = page.locator("#e-journey-1-criteria-parts-1-what")
    what.wait_for()
    assert what.evaluate("field => field === document.activeElement")
    what.select_option("lead.segment")
    value = page.locator("#e-journey-1-criteria-parts-1-value")
    value.wait_for()
    value.fill("trial")
    page.keyboard.press("Tab")
    page.get_by_text("Saved, number 2").wait_for()

    draft.refresh_from_db()
    made = draft.terms["journey"][1]["criteria"]["any"]
    assert [one["field"] for one in made] == ["lead.score", "lead.segment"]
    assert made[1]["value"] == "trial"


def test_the_editor_works_without_script(open_page, draft, editor):
    page = open_page(address(draft, "returns"), user=editor, java_script_enabled=False)

    page.get_by_role("button", name="Add a reason").click()
    page.get_by_label("Name", exact=True).fill("Wrong trade")
    page.get_by_role("button", name="Save the draft").click()

    draft.refresh_from_db()
    assert [one["key"] for one in draft.terms["return_reasons"]] == ["wrong_trade"]
