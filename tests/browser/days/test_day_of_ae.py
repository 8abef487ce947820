"""Greta Holm stands in a corridor with her phone: one lead, three things to do with it."""

from playwright.sync_api import expect

from tests.browser.days.test_day_of_sdr import name_of, rows_with


def test_day_of_ae(be):
    page = be("ae", width=390, has_touch=True, is_mobile=True)
    be.look(page, "desk")
    row = rows_with(page, "Accept").first
    name = name_of(row)
    row.get_by_role("button", name="Accept").first.click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()

    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    be.look(page, "lead")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390  # nothing is cut off, nothing scrolls sideways

    other = be("sales manager")  # her manager reads that it is taken
    be.find(other, name)
    expect(other.get_by_text("Greta Holm accepted it").first).to_be_attached()
