"""Very many hostile records, by the command, in a process of its own: nothing breaks, every
record is counted once, each refused one with its line and reason, in little memory."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from leads.models import Lead
from tests.leads.imports.bringing import make_company
from tests.leads.imports.mutators import ENCODINGS, MAPPING, MUTATORS, write

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[3]
MEGABYTES = 300
ALONE = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("import_leads", sys.argv[1], "--mapping", sys.argv[2])
with open("/proc/self/status") as told:
    print("peak", next(line for line in told if line.startswith("VmHWM")).split()[1])
"""


def alone(path, folder):
    """Import a file by the command; its figures, and the most memory it had, in megabytes."""
    mapping = folder / "mapping.json"
    mapping.write_text(json.dumps(MAPPING))
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.test", "DATABASE_URL": address(),
    }  # fmt: skip
    command = [sys.executable, "-c", ALONE, str(path), str(mapping)]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    figures = re.search(
        r"(\d+) records: (\d+) new, (\d+) updated, (\d+) duplicate, (\d+) rejected", done.stdout
    )
    return [int(one) for one in figures.groups()], int(done.stdout.split()[-1]) // 1024


def address():
    """The database of this test, as another process finds it."""
    here = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{here['NAME']}"
    user = f"{here['USER']}:{here['PASSWORD']}".rstrip(":")
    return f"postgresql://{user}@{here['HOST']}:{here['PORT']}/{here['NAME']}"


def refused(path):
    with path.with_name(f"{path.name}.rejects.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_accounted_for(path, folder, records, hopeless):
    figures, peak = alone(path, folder)
    told = refused(path)
    assert figures[0] == sum(figures[1:]) == records
    assert figures[4] == len(told) == hopeless
    assert len({row["line"] for row in told}) == hopeless
    assert all(row["reason"] for row in told)
    assert Lead.objects.count() == figures[1]
    assert peak < MEGABYTES
    return figures


def test_there_are_thirty_ways_to_spoil_a_record():
    assert len(MUTATORS) == 30


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_twelve_thousand_hostile_records_of_each_encoding_are_accounted_for(tmp_path, encoding):
    make_company()
    path, records = tmp_path / "hostile.csv", 12_500
    hopeless = write(path, records, encoding=encoding, seed=ENCODINGS.index(encoding))

    figures = is_accounted_for(path, tmp_path, records, hopeless)

    assert min(figures) > 0


@pytest.mark.slow
def test_a_million_hostile_records_are_accounted_for(tmp_path):
    make_company()
    path = tmp_path / "hostile.csv"
    hopeless = write(path, 1_000_000)

    is_accounted_for(path, tmp_path, 1_000_000, hopeless)


@pytest.mark.parametrize("begins", ["", '1,"'], ids=["bare", "in quotation marks"])
def test_a_line_of_sixty_megabytes_costs_its_own_record_and_little_memory(tmp_path, begins):
    make_company()
    path = tmp_path / "bomb.csv"
    path.write_text(f"Id,Name,Email,Company,Score,Seen\n{begins}{'x' * (60 << 20)}")

    is_accounted_for(path, tmp_path, 1, 1)
