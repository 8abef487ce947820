"""Files made to break an import: nothing breaks, nothing is lost, every record is counted."""

import pytest

from leads.actions import imports
from leads.models import Lead
from tests.factories import MONDAY_NINE
from tests.leads.imports.bringing import (
    bring,
    figures,
    make_company,
    rehearse,
    take,
)
from tests.leads.imports.mutators import HEADER, MAPPING, write

pytestmark = pytest.mark.django_db


def test_what_the_dry_run_says_of_a_hostile_file_comes_true(tmp_path):
    operator = make_company()
    path = tmp_path / "hostile.csv"
    hopeless = write(path, 600)
    upload = bring(path.read_bytes(), operator)

    told = rehearse(upload, operator, mapping=MAPPING)
    run = take(upload, operator)

    assert told["counts"] == figures(run)
    assert run.records == sum(told["counts"].values()) == 600
    assert run.rejected == hopeless
    assert Lead.objects.count() == run.new


BOMBS = {  # what stands below the header, and how many records of it are taken and refused
    "a number of a million digits": (f"1,Ana,,,{'9' * 1_000_000},", 0, 1),
    "a number of 30,000 digits": (f"1,Ana,,,{'9' * 30_000},", 0, 1),
    "lone carriage returns": ("1,Ana,,,,\r2,Ben,,,,\r3,Cyd,,,,\r", 3, 0),
    "every kind of line end": ("1,A,,,,\r\n2,B,,,,\r3,C,,,,\n\n\r\n4,D,,,,", 4, 0),
    "a mark of byte order within": ("1,\ufeffAna\ufeff,,,,\n\ufeff2,Ben,,,,", 2, 0),
    "half of a surrogate pair": ("1,\ud800 Ana,,,,", 1, 0),
    "commas and nothing else": (",,,,,\n" * 500, 0, 500),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_costs_its_own_record(tmp_path, bomb):
    make_company()
    body, taken, hopeless = BOMBS[bomb]
    path = tmp_path / "bomb.csv"
    path.write_text(f"{HEADER}\n{body}", "utf-8", "surrogatepass", newline="")
    refused = []

    run = imports.import_file(
        path=path, mapping=MAPPING, at=MONDAY_NINE, by=None, refuse=refused.append
    )

    assert (run.records, run.new, run.rejected) == (taken + hopeless, taken, hopeless)
    assert len(refused) == hopeless
    assert all(one.reason for one in refused)
