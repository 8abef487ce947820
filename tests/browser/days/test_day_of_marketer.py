"""Lena Brandt mends a lead that came back, and hands over what Sales asked her for."""

from playwright.sync_api import expect

from tests.browser.days.hands import opened
from tests.browser.days.test_day_of_sdr import name_of


def test_day_of_marketer(be):
    page = be("marketer")
    be.look(page, "desk")
    row = page.locator("form.row").filter(has=page.get_by_role("link", name="Answer")).first
    name = name_of(row)

    row.get_by_role("link", name="Answer").click()
    place = opened(page)
    expect(place).to_be_visible()
    be.look(page, "answer-dialog")
    place.get_by_label("Fixed: offer it again").check()
    place.get_by_role("button", name="Answer").click()
    owed = page.locator("form.row").filter(has_text=name).filter(has_text="Answer the return")
    expect(owed).to_have_count(0)
    be.look(page, "answered")

    other = be("sales manager")  # Sales reads that it is offered again, with a clock of its own
    be.find(other, name)
    expect(other.locator(".seat", has_text="Lena Brandt")).to_be_visible()
    expect(other.get_by_text("round 2").locator("visible=true").first).to_be_visible()
    be.look(other, "what-sales-reads")
