"""Priya Nair sees what Marketing owes, asks for a slower promise; Sales is asked to sign."""

from playwright.sync_api import expect


def test_day_of_marketing_manager(be, manner):
    page = be("marketing manager")
    be.look(page, "first-page")
    page.get_by_role("link", name="Scorecard").first.click()
    page.locator(".vs a").first.click()
    expect(page.get_by_role("heading", name="row")).to_be_visible()

    page.get_by_role("link", name="Agreement", exact=True).first.click()
    page.get_by_role("button", name="Propose a change").click()
    page.get_by_role("link", name="Obligations").first.click()
    be.look(page, "editor")
    page.locator("#row-obligations-0 > details > summary").click()
    page.locator("#e-obligations-0-targets-0-within").fill("45 min")
    page.locator("#e-obligations-0-targets-0-within").press("Tab")
    if manner == "plain":
        page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Saved, number 2")).to_be_visible()
    page.get_by_role("link", name="Overview").click()
    be.look(page, "what-it-changes")
    page.get_by_role("link", name="Propose").click()
    page.get_by_role("button", name="Propose to both").click()
    expect(page.get_by_text("Both departments were asked to sign.")).to_be_visible()
    be.look(page, "proposed")

    other = be("sales manager")  # Sales is asked on the desk, and reads the difference
    other.get_by_role("link", name="My desk").first.click()
    expect(other.get_by_text("waits for your signature").first).to_be_visible()
    other.get_by_role("link", name="Read it and sign").last.click()
    expect(other.get_by_text("45 minutes").first).to_be_visible()
    be.look(other, "what-sales-reads")
