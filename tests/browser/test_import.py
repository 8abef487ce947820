"""A file of leads from the form to its report, in a real browser, and without script."""

import pytest
from playwright.sync_api import Page, expect

from leads.models import Lead
from portal.jobs import runner
from tests.browser.conftest import time_from
from tests.factories import MONDAY_NINE
from tests.leads.imports.bringing import make_company

pytestmark = pytest.mark.django_db(transaction=True)
BODY = (
    b"Id,Name,Email,Created,Score\n"
    b"1,Ana Lima,ana@acme.example,13/02/2026,5\n"
    b"2,Ben Ott,ben@brick.example,01/02/2026,many\n"
)
PATIENCE = 30_000  # milliseconds; the steps are real work
FILE = {"name": "leads.csv", "mimeType": "text/csv", "buffer": BODY}


@pytest.fixture(autouse=True)
def morning(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    with time_from(MONDAY_NINE):
        yield


@pytest.fixture
def operator():
    return make_company()


def bring(page: Page) -> None:
    page.get_by_label("CSV or Excel file").set_input_files(FILE)
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_text("1 value has a day above 12")).to_be_visible(timeout=PATIENCE)
    page.get_by_label("Comes from").fill("crm")
    page.get_by_role("button", name="Show what would come of it").click()


def work() -> None:
    runner.run_all(now=lambda: MONDAY_NINE)


def test_a_file_goes_from_choosing_it_to_its_report(open_page, operator):
    page = open_page("/imports/", user=operator)
    bring(page)
    expect(page.get_by_role("heading", name="Waits for its turn")).to_be_visible(
        timeout=PATIENCE
    )

    work()  # the page asks for itself every other second, and leads on
    expect(page.get_by_role("heading", name="What would come of it")).to_be_visible(
        timeout=PATIENCE
    )
    expect(page.get_by_text("is not a whole number")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Import 2 records").click()
    expect(page.get_by_role("heading", name="Waits for its turn")).to_be_visible(
        timeout=PATIENCE
    )
    work()

    expect(page.get_by_text("2 records, all of them accounted for")).to_be_visible(
        timeout=PATIENCE
    )
    with page.expect_download() as download:
        page.get_by_role("link", name="1 refused record, with its reason").click()
    assert "Ben Ott" in download.value.path().read_text()
    assert Lead.objects.get().name == "Ana Lima"
    assert page.complaints == []


def test_the_same_works_without_script(open_page, operator):
    page = open_page("/imports/", user=operator, java_script_enabled=False)
    bring(page)
    work()
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("button", name="Import 2 records").click()
    work()
    page.get_by_role("link", name="Look again").click()

    expect(page.get_by_text("2 records, all of them accounted for")).to_be_visible(
        timeout=PATIENCE
    )
