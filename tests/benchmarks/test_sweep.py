"""The benchmark of the sweep runs, and its sides leave the same rows; no time is judged."""

import importlib
import sys
from pathlib import Path

import pytest
from django.db import connection

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def sweeping(monkeypatch):
    """The benchmark's module, found as when it is run as a file."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    before = set(sys.modules)
    yield importlib.import_module("sweep")
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {"sweep", "ground", "limits", "peers"}:
            del sys.modules[name]


@pytest.mark.django_db(transaction=True)
def test_every_side_of_the_sweep_does_its_work_and_says_what_it_took(sweeping, capsys):
    goals = list(sweeping.measure(connection.vendor, 400, rounds=1, profile=False))

    said = capsys.readouterr().out
    assert [goal.name.partition("-")[0] for goal in goals] == [connection.vendor] * len(goals)
    assert f"{connection.vendor} shares by hand: " in said
    assert f"{connection.vendor} shares ours: " in said
    assert {goal.name for goal in goals} >= {
        f"{connection.vendor}-sweep-over-hand-written-sql",
        f"{connection.vendor}-sweep-of-400-open-over-80",
        f"{connection.vendor}-idle-milliseconds",
    }
