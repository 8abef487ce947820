"""Olga Petrova brings a file of leads in, and everybody finds them."""

from playwright.sync_api import Locator, Page, expect

MOST_LOOKS = 500

FILE = """Name,Email,Company,Country,Source
Ida Nordahl,ida@nordahl-mills.example,Nordahl Mills,Norway,webinar
Per Strand,per@strand-kraft.example,Strand Kraft,Norway,webinar
,nobody,Nameless,Norway,webinar
"""


def worked(page: Page, done: Locator) -> None:
    """Look again until it is done, where the page does not do so by itself."""
    again = page.get_by_role("link", name="Look again")
    for _time in range(MOST_LOOKS):
        if done.count() or page.evaluate("'htmx' in window"):
            break
        again.click()
    expect(done).to_be_visible()


def test_day_of_operations(be, tmp_path):
    page = be("operations")
    be.look(page, "first-page")
    file = tmp_path / "norway.csv"
    file.write_text(FILE)
    page.get_by_role("link", name="Leads", exact=True).first.click()
    page.get_by_role("link", name="Import").first.click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Look at the file").click()
    be.look(page, "mapping")
    page.get_by_role("button", name="Show what would come of it").click()
    worked(page, page.get_by_role("button", name="Import 3 records"))
    be.look(page, "dry-run")
    page.get_by_role("button", name="Import 3 records").click()
    worked(page, page.get_by_text("3 records, all of them accounted for."))
    expect(page.get_by_text("1 refused record, with its reason")).to_be_visible()
    be.look(page, "running")

    other = be("marketer")  # Marketing finds who came in
    be.find(other, "Ida Nordahl")
    expect(other.get_by_role("heading", name="Ida Nordahl")).to_be_visible()
    be.look(other, "what-marketing-finds")
