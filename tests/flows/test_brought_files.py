"""The real files through the browser's doors, in all their dialects, with nothing lost."""

import csv
import os
from io import StringIO
from pathlib import Path

import pytest
from django.urls import reverse

from leads.models import Lead, LeadSource
from tests.factories import MONDAY_NINE
from tests.leads.imports.bringing import figures, make_company, through_the_pages

FOLDER = os.environ.get("CONCORD_DATA", "")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.now(MONDAY_NINE),
    pytest.mark.skipif(not FOLDER, reason="CONCORD_DATA names no folder of real data"),
]
LEADS = "olist_marketing_qualified_leads_dataset.csv"
DEALS = "olist_closed_deals_dataset.csv"
TOO_EARLY = "b91cf8812365f50ff4bda4bcd6206b05"  # won two days before first contact
SAMPLE = 80  # of so many records one, unless the whole is asked for
OLIST = {"source": "olist", "zone": "America/Sao_Paulo"}
DEAL = {"source": "olist", "zone": "UTC", "only_known": "on"}


@pytest.fixture
def operator(client, settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    person = make_company()
    client.force_login(person)
    return person


@pytest.fixture
def read(whole):
    """A file of the real data: its bytes, and its records by Python's own reader."""

    def open_one(folder, name, *, kept=None):
        raw = (Path(FOLDER) / folder / name).read_bytes()
        end = b"\r\n" if b"\r\n" in raw[:5000] else b"\n"
        lines = raw.split(end)
        if kept is not None:
            body = [line for line in lines[1:] if line.split(b",")[0].decode() in kept]
            lines = [lines[0], *body]
        elif not whole:
            lines = [lines[0], *lines[1::SAMPLE]]
        body = end.join(line for line in lines if line) + end
        return body, list(csv.DictReader(StringIO(body.decode(), newline="")))

    return open_one


def accounted(told, run, records):
    """The dry run said what came, and every record is under exactly one outcome."""
    assert dict(told) == figures(run)
    assert run.records == len(records) == sum(told.values())
    lines = [row[0] for some in run.slices.all() for row in some.outcomes]
    assert len(lines) == len(set(lines)) == len(records)


def test_leads_and_deals_of_olist_and_their_spoiled_copy(client, operator, read, whole):
    body, records = read("olist", LEADS)
    told, run = through_the_pages(client, body, **OLIST)
    accounted(told, run, records)
    assert run.new == len(records)
    ids = {one["mql_id"] for one in records}
    assert set(LeadSource.objects.values_list("external_id", flat=True)) == ids

    kept = None if whole else ids | {TOO_EARLY}
    body, records = read("olist", DEALS, kept=kept)
    told, run = through_the_pages(client, body, **DEAL)
    accounted(told, run, records)
    too_early = sum(one["mql_id"] == TOO_EARLY for one in records)
    assert (run.updated, run.rejected) == (len(records) - too_early, too_early)
    assert Lead.objects.filter(closed_as="won").count() == run.updated

    body, records = read("olist_dmy", LEADS)
    told, run = through_the_pages(client, body, **OLIST)
    accounted(told, run, records)
    assert run.duplicate == len(records)
    assert "day first" in run.found["dates"][0]

    body, records = read("olist_dmy", DEALS, kept=kept)
    told, run = through_the_pages(client, body, **DEAL)
    accounted(told, run, records)
    assert run.rejected == too_early
    assert (run.new, run.duplicate + run.updated) == (0, len(records) - too_early)


def test_leads_of_x_education_with_their_untouched_drop_downs(client, operator, read):
    body, records = read("xeducation", "Leads.csv")
    city = {f"to_{list(records[0]).index('City')}": "attributes.city"}

    told, run = through_the_pages(client, body, source="xeducation", **city)

    accounted(told, run, records)
    assert run.new == len(records)
    page = client.get(reverse("leads:import-check", args=[run.upload_id])).content.decode()
    assert "a word that means nothing" in page
    blank = sum(one["Country"] in ("", "unknown") for one in records)
    assert Lead.objects.filter(country="").count() == blank
    told = [one["City"] for one in records if one["City"] not in ("", "Select")]
    assert Lead.objects.filter(attributes__has_key="city").count() == len(told)
