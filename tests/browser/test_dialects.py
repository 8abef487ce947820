"""The real files, each in its dialect, from the form to the report, in a real browser: a few
records of each; all of them where the large counts are run."""

import csv
import os
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import expect

from leads.models import ImportRun, LeadSource
from portal.jobs import runner
from tests.browser.conftest import time_from
from tests.factories import MONDAY_NINE
from tests.leads.imports.bringing import make_company

FOLDER = os.environ.get("CONCORD_DATA", "")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FOLDER, reason="CONCORD_DATA names no folder of real data"),
]
LEADS = "olist_marketing_qualified_leads_dataset.csv"
DIALECTS = {  # the file, whose it is, the column of its ids, what the page says of its dates
    "years first": (f"olist/{LEADS}", "olist", "mql_id", "year"),
    "days first": (f"olist_dmy/{LEADS}", "olist", "mql_id", "a day above 12"),
    "a column without a name": ("xeducation/Leads.csv", "x", "Prospect ID", "means nothing"),
}
FEW, PATIENCE = 400, 60_000  # of so many records one; milliseconds


def read(name, every):
    """The bytes of a file with one of `every` records, and its records by Python's reader."""
    raw = (Path(FOLDER) / name).read_bytes()
    end = b"\r\n" if b"\r\n" in raw[:5000] else b"\n"
    lines = raw.split(end)
    body = end.join([lines[0], *filter(None, lines[1::every])]) + end
    return body, list(csv.DictReader(StringIO(body.decode(), newline="")))


@pytest.mark.parametrize(
    "every", [FEW, pytest.param(1, marks=pytest.mark.slow)], ids=["few", "all"]
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_of_a_real_file_is_lost(open_page, settings, tmp_path, dialect, every):
    settings.FILES_DIR = tmp_path / "files"
    name, system, key, said = DIALECTS[dialect]
    body, records = read(name, every)
    with time_from(MONDAY_NINE):
        page = open_page("/imports/", user=make_company())
        file = {"name": Path(name).name, "mimeType": "text/csv", "buffer": body}
        page.get_by_label("CSV or Excel file").set_input_files(file)
        page.get_by_role("button", name="Look at the file").click()
        expect(page.get_by_text(said).first).to_be_visible(timeout=PATIENCE)
        page.get_by_label("Comes from").fill(system)
        page.get_by_role("button", name="Show what would come of it").click()
        page.wait_for_url("**/jobs/**", timeout=PATIENCE)
        runner.run_all(now=lambda: MONDAY_NINE)
        page.get_by_role("button", name=f"Import {len(records):,} records").click(
            timeout=PATIENCE
        )
        page.wait_for_url("**/jobs/**", timeout=PATIENCE)
        runner.run_all(now=lambda: MONDAY_NINE)
        told = page.get_by_text(f"{len(records):,} records, all of them accounted for")
        expect(told).to_be_visible(timeout=PATIENCE)

    run = ImportRun.objects.get()
    assert (run.new, run.records) == (len(records), len(records))
    ids = set(LeadSource.objects.values_list("external_id", flat=True))
    assert ids == {one[key] for one in records}
    assert page.complaints == []
