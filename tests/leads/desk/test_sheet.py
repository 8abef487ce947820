"""The desk as a file: what its filters show, in the words of both departments."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from leads.models import Clock
from tests.factories import MONDAY_NINE, make_handoff, make_lead, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE + timedelta(hours=2))]


@pytest.fixture
def rep():
    return make_user("Anna Keller", team="inside-sales")


@pytest.fixture
def table(client, rep):
    def read(query=""):
        client.force_login(rep)
        answer = client.get(reverse("leads:desk-csv") + query)
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(StringIO(text)))

    return read


def offered(rep, name):
    lead = make_lead(name=name, at=MONDAY_NINE)
    return make_handoff(lead=lead, receiver=rep, at=MONDAY_NINE)


def test_both_files_say_the_same(client, table, rep):
    offered(rep, "Ines Moreau")
    client.force_login(rep)

    answer = client.get(reverse("leads:desk-xlsx"))

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    header, row = sheet.iter_rows(values_only=True)
    assert dict(zip(header, row, strict=True))["Lead"] == "Ines Moreau"
    assert list(header) == list(table()[0])


def test_a_manager_takes_the_desk_of_the_team_and_of_no_other(client, rep):
    offered(rep, "Ines Moreau")
    Clock.objects.update(owner=None)
    manager, address = make_team("inside-sales").manager, reverse("leads:desk-team")
    make_team("outside-sales")

    client.force_login(manager)
    told = b"".join(client.get(address, {"file": "csv"}).streaming_content).decode("utf-8-sig")
    client.force_login(rep)
    refused = client.get(address, {"file": "csv"})

    assert [row["Lead"] for row in csv.DictReader(StringIO(told))] == ["Ines Moreau"]
    assert refused.status_code == 404


def test_it_holds_the_rows_that_the_filters_show(table, rep):
    offered(rep, "Ines Moreau")
    offered(rep, "Marek Hulk")

    assert [row["Lead"] for row in table("?q=moreau")] == ["Ines Moreau"]
    assert len(table()) == 2


def test_a_stage_stands_in_it_by_its_name_and_by_its_old_label(table, rep):
    handoff = offered(rep, "Ines Moreau")
    stages = handoff.version.parsed.journey
    stage = next(one for one in stages if one.key == handoff.lead.stage)

    row = table()[0]

    assert row["Stage"].casefold() == stage.name.casefold()
    assert row["Old label of the stage"] == (stage.legacy or "")


def test_a_name_that_is_a_formula_is_plain_text(table, rep):
    offered(rep, '=HYPERLINK("https://evil.example")')

    assert table()[0]["Lead"].startswith("'=")


def test_a_clock_that_ran_out_stands_in_it_with_its_minutes_over(table, rep):
    offered(rep, "Ines Moreau")

    row = table()[0]

    assert row["State"] == "late"
    assert int(row["Working minutes left"]) < 0
