"""Marta Silva decides a dispute, and signs what Marketing has signed already."""

from playwright.sync_api import expect

from tests.browser.days.codes import code

PASSWORD = "halden instruments demo"  # the terminal prints it


def test_day_of_sales_manager(be, demo):
    page = be("sales manager")
    page.get_by_role("link", name="My desk").first.click()
    asked = page.get_by_role(
        "heading", name="Inbound leads, version 3 waits for your signature"
    )
    expect(asked).to_be_visible()
    be.look(page, "desk")

    page.locator("a[href$='/versions/3/sign/']").first.click()
    expect(page.get_by_role("heading", name="Sign version 3 for Sales")).to_be_visible()
    be.look(page, "sign")
    for box in page.locator("[name=acknowledged]").all():
        box.check()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(code(demo.secret_of("sales manager")))
    page.get_by_role("button", name="Sign with code").click()
    expect(
        page.get_by_text("version 3 governs every handoff first offered since")
    ).to_be_visible()
    be.look(page, "in-force")

    other = be("marketer")  # Marketing reads who signed, and what holds now
    other.get_by_role("link", name="Agreement", exact=True).first.click()
    expect(other.get_by_text("version 3 governs every handoff")).to_be_visible()
    expect(other.locator(".sig .name", has_text="Marta Silva")).to_be_visible()
