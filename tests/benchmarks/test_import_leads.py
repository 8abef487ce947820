"""The benchmark of the import runs on a small file, and every side takes all of it; no time
is judged."""

import importlib
import sys
from pathlib import Path

import pytest
from django.db import connection

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def importing(monkeypatch):
    """The benchmark's module, found as when it is run as a file."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    before = set(sys.modules)
    yield importlib.import_module("import_leads")
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {"import_leads", "ground", "limits", "peers"}:
            del sys.modules[name]


@pytest.mark.django_db(transaction=True)
def test_every_side_of_the_import_takes_the_whole_file(importing, tmp_path, capsys):
    kind = connection.vendor

    goals = list(importing.measure(kind, 40, rounds=1, folder=tmp_path, peers=False))

    assert [goal.name for goal in goals] == [
        f"{kind}-import-rows-times-bulk-create",
        f"{kind}-import-rows-over-limit",
    ]
    said = capsys.readouterr().out
    assert f"{kind} shares of whole leads: " in said
    assert "the same again: " in said
