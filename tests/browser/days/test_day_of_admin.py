"""Tove Lindgren gives a new colleague a place, and sees no lead while doing so."""

import re

from playwright.sync_api import expect

WORDS = "a long enough first password 7"


def test_day_of_admin(be, demo):
    page = be("admin")
    be.look(page, "first-page")
    expect(page).to_have_url(re.compile("/admin/"))
    page.locator("a[href='/admin/accounts/user/add/']").first.click()
    page.get_by_label("Name").fill("Ingrid Solberg")
    page.get_by_label("E-mail").fill("ingrid.solberg@halden.example")
    page.get_by_label("Role").select_option("Member")
    page.get_by_label("Department").select_option("Sales")
    page.get_by_label("Password:").fill(WORDS)
    page.get_by_label("Password confirmation").fill(WORDS)
    be.look(page, "new-user")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert page.request.get(f"{demo.url}/leads/").status == 404

    other = be.stranger()
    other.get_by_label("Work e-mail").fill("ingrid.solberg@halden.example")
    other.get_by_label("Password").fill(WORDS)
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.get_by_role("status").filter(has_text="Ingrid Solberg")).to_be_visible()
    be.look(other, "first-day")
