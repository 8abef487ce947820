"""Anna Keller has ninety seconds between calls: she accepts, calls, and sends one back."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.days.hands import opened


def rows_with(page: Page, control: str) -> Locator:
    """Rows of the desk on which `control` can be pressed."""
    return page.locator("form.row").filter(has=page.get_by_role("button", name=control))


def name_of(row: Locator) -> str:
    return row.get_by_role("heading").get_by_role("link").inner_text()


def row_of(page: Page, name: str) -> Locator:
    return page.locator("form.row").filter(has=page.get_by_role("link", name=name, exact=True))


def called(page: Page, row: Locator, manner: str) -> None:
    """One key where there are keys, else the button that says the same."""
    if manner in {"mouse", "keyboard"}:
        row.get_by_role("heading").get_by_role("link").focus()
        page.keyboard.press("c")
    else:
        row.get_by_role("button", name="call").first.click()


def given_back(row: Locator, manner: str) -> None:
    """From the row itself; on a phone from its menu."""
    if manner == "phone":
        row.locator("details.more > summary").click()
    row.get_by_role("link", name="Return with a reason").first.click()


def test_day_of_sdr(be, manner):
    page = be("sdr")
    page.evaluate("window.same = true")
    be.look(page, "desk")

    accepted = name_of(rows_with(page, "Accept").first)
    row_of(page, accepted).get_by_role("button", name="Accept").first.click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    be.look(page, "accepted")

    called(page, row_of(page, accepted).first, manner)
    expect(row_of(page, accepted).get_by_text("Last: call").first).to_be_visible()

    # A demo request waits each morning; how many rows say Accept is the day's own.
    returned = "Ines Moreau"
    given_back(row_of(page, returned), manner)
    be.look(page, "return-dialog")
    opened(page).get_by_role("button", name="Wrong data").click()
    expect(row_of(page, returned)).to_have_count(0)
    in_place = page.evaluate("window.same === true")
    assert in_place or manner == "plain"  # no page was lost
    be.look(page, "returned")

    other = be("marketer")  # the other side reads why, at once
    be.find(other, returned)
    expect(other.get_by_text("Anna Keller returned it: Wrong data").first).to_be_attached()
    be.look(other, "what-marketing-reads")
