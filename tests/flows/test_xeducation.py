"""9,240 real leads with many columns: criteria count what a few lines of Python count."""

import csv
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from leads.actions import imports
from leads.actions.journeys.facts import facts_of
from leads.models import Lead
from sla.core import criteria
from sla.core.terms import parse_criteria
from tests.factories import make_agreement, make_team, make_user
from tests.flows import mapping

FOLDER = os.environ.get("CONCORD_DATA", "")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER, reason="CONCORD_DATA names no folder of real data"),
]
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
SAMPLE = 16  # of so many leads one, unless the whole is asked for

MAPPING = mapping("xeducation")


def said(row: dict[str, str], column: str) -> str:
    """What the row says, "" for nothing and for the untouched drop-down."""
    value = row[column].strip()
    return "" if value == "Select" else value


def visits(row: dict[str, str], least: int, most: int = 10**9) -> bool:
    return said(row, "TotalVisits") != "" and least <= int(row["TotalVisits"]) <= most


def field(name: str, op: str, value: object = None, **more: str) -> dict:
    tree = {"key": "k", "field": name, "op": op, **more}
    return tree if value is None else tree | {"value": value}


CASES: dict[str, tuple[dict, Callable[[dict[str, str]], bool]]] = {
    "came by an API": (
        field("lead.segment", "is", "API"),
        lambda row: row["Lead Origin"] == "API",
    ),
    "a source, and its case matters": (
        field("lead.source", "in", ["Google", "Direct Traffic"]),
        lambda row: row["Lead Source"] in ("Google", "Direct Traffic"),
    ),
    "no city": (field("attributes.city", "missing"), lambda row: not said(row, "City")),
    "another city, known": (
        field("attributes.city", "is_not", "Mumbai"),
        lambda row: said(row, "City") not in ("", "Mumbai"),
    ),
    "five visits": (
        field("attributes.visits", "at_least", 5, type="integer"),
        lambda row: visits(row, 5),
    ),
    "not five visits, or nobody knows": (
        {"not": field("attributes.visits", "at_least", 5, type="integer")},
        lambda row: not visits(row, 5),
    ),
    "may be mailed": (
        field("lead.consent", "is", True),
        lambda row: row["Do Not Email"] == "No",
    ),
    "became a customer": (
        field("attributes.converted", "is", True, type="boolean"),
        lambda row: row["Converted"] == "1",
    ),
    "a score between": (
        field("lead.score", "between", [14, 16]),
        lambda row: said(row, "Asymmetrique Activity Score") in ("14", "15", "16"),
    ),
    "worth a call": (
        {
            "all": [
                field("attributes.visits", "between", [2, 10], type="integer"),
                {
                    "any": [
                        field("attributes.occupation", "is", "Working Professional"),
                        field("lead.country", "in", ["India", "United States"]),
                    ]
                },
                {"not": field("lead.source", "is", "Olark Chat")},
            ]
        },
        lambda row: (
            visits(row, 2, 10)
            and (
                said(row, "What is your current occupation") == "Working Professional"
                or said(row, "Country") in ("India", "United States")
            )
            and row["Lead Source"] != "Olark Chat"
        ),
    ),
}


def file_of(whole: bool, folder: Path) -> Path:
    """The file as it is, or every sixteenth row of it."""
    source = Path(FOLDER) / "xeducation" / "Leads.csv"
    if whole and connection.vendor == "sqlite":
        return source
    header, *lines = source.read_bytes().splitlines(keepends=True)
    sample = folder / source.name
    sample.write_bytes(b"".join([header, *lines[::SAMPLE]]))
    return sample


def test_criteria_count_the_leads_that_plain_python_counts(tmp_path, whole, record_property):
    make_agreement()
    make_team("inside-sales")
    make_user("Mia", team="demand-generation")
    path = file_of(whole, tmp_path)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    refused: list = []

    run = imports.import_file(path=path, mapping=MAPPING, at=AT, by=None, refuse=refused.append)

    assert (run.new, run.records, refused) == (len(rows), len(rows), [])
    assert len(rows) == 9_240 or not whole
    known = [facts_of(lead, AT) for lead in Lead.objects.select_related("company")]
    for name, (raw, counts) in CASES.items():
        tree = parse_criteria(raw)
        expected = sum(map(counts, rows))
        assert Lead.objects.meeting(tree, AT).count() == expected, name
        one_by_one = sum(criteria.evaluate(tree, facts, AT).met for facts in known)
        assert one_by_one == expected, name
        assert 0 < expected < len(rows)
        record_property(name, expected)
    record_property("leads", len(rows))
