"""Andrew Uhl believes nothing that he cannot follow down to the ledger."""

import re

from playwright.sync_api import expect


def test_day_of_auditor(be):
    page = be("auditor")
    expect(page.get_by_role("heading", name="Are we keeping our word?")).to_be_visible()
    be.look(page, "scorecard")

    late = page.locator(".vs a", has_text=re.compile(r"^\d+ late$")).first
    number = int(re.search(r"\d+", late.inner_text()).group())
    late.click()
    expect(page.get_by_role("heading", name=f"{number} row")).to_be_visible()
    assert page.locator("tbody tr").count() == number
    be.look(page, "rows")

    page.locator("tbody a").first.click()
    if page.get_by_role("heading", name="Why is this late?").count() == 0:
        page.locator("a[href^='/clocks/']").first.click()
    expect(page.get_by_role("heading", name=re.compile("^Why"))).to_be_visible()
    be.look(page, "clock")

    page.get_by_role("link", name="In the ledger").click()
    page.get_by_role("link", name="A clock started").last.click()
    expect(page.get_by_text("Its content gives this fingerprint")).to_be_visible()
    expect(page.get_by_text("Covered by the head at entry")).to_be_visible()
    be.look(page, "ledger-entry")
    entry = page.url

    assert page.locator("main form button").count() == 0  # he changes nothing

    other = be("sales manager")  # both departments read the same proof
    other.goto(entry)
    expect(other.get_by_text("Its content gives this fingerprint")).to_be_visible()
