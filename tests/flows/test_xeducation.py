"""9,240 real leads with many columns: criteria count what a few lines of Python count."""

import os
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
from tests.flows import mapping, pictures, xeducation

FOLDER = os.environ.get("CONCORD_DATA", "")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER, reason="CONCORD_DATA names no folder of real data"),
]
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
SAMPLE = 16  # of so many leads one, unless the whole is asked for

MAPPING = mapping("xeducation")


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
    rows = xeducation.rows(path)
    refused: list = []

    run = imports.import_file(path=path, mapping=MAPPING, at=AT, by=None, refuse=refused.append)

    assert (run.new, run.records, refused) == (len(rows), len(rows), [])
    assert len(rows) == 9_240 or not whole
    known = [facts_of(lead, AT) for lead in Lead.objects.select_related("company")]
    told, leads = xeducation.counted(path)
    for name, (raw, _counts) in xeducation.CASES.items():
        tree, expected = parse_criteria(raw), told[name]
        assert Lead.objects.meeting(tree, AT).count() == expected, name
        one_by_one = sum(criteria.evaluate(tree, facts, AT).met for facts in known)
        assert one_by_one == expected, name
        assert 0 < expected < len(rows)
        record_property(name, expected)
    record_property("leads", leads)
    if leads == 9_240:
        pictures.same_as_kept("xeducation-criteria", pictures.of_criteria(told, leads))
