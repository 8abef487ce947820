"""What a handoff costs is counted from its own actions, and a year of them is arithmetic; no
time is judged."""

import importlib
import random
import sys
from pathlib import Path

import pytest
from django.db import connection

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def costing(monkeypatch):
    """The benchmark's module, found as when it is run as a file."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    before = set(sys.modules)
    yield importlib.import_module("cost")
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {"cost", "ground"}:
            del sys.modules[name]


@pytest.mark.django_db(transaction=True)
def test_each_step_of_a_life_is_taken_and_counted(costing, capsys):
    (goal,) = costing.measure(connection.vendor, 8)

    said = capsys.readouterr().out
    rows = {line.split(" | ")[0].strip("| "): line for line in said.splitlines()}
    assert rows.keys() >= costing.LIFE.keys()
    assert rows.keys() >= {"leads_handoff", "leads_clock", "ledger_entry"}
    assert [f"{size:,}" in rows for size in costing.SIZES] == [True] * 4
    # Two clocks of each of eight offers, and two more of each of four that were accepted.
    assert rows["leads_handoff"].split(" | ")[1] == "8"
    assert rows["leads_clock"].split(" | ")[1] == "24"
    assert goal.name == f"{connection.vendor}-chain-milliseconds-for-100000000"


def test_a_year_ten_times_as_large_needs_ten_times_as_much(costing):
    steps = {name: costing.Step(name, 5, 0.01, 0.002, 3, 900, 2) for name in costing.LIFE}

    small, large = costing.year(1_000_000, steps), costing.year(10_000_000, steps)

    assert large.rows == pytest.approx(10 * small.rows)
    assert large.web_cores == pytest.approx(10 * small.web_cores)
    assert large.actions_a_second == pytest.approx(10 * small.actions_a_second)
    assert small.handoffs_a_second == pytest.approx(1_000_000 / 2_500 * 3 / 3_600)


@pytest.mark.parametrize("busy", [0.1, 0.5, 0.8])
def test_the_simulated_queue_waits_as_long_as_the_theory_says(costing, busy):
    hold = 0.002
    found = costing.waits(busy / hold, hold, chance=random.Random(7), count=200_000)

    mean = sum(found) / len(found)
    assert mean == pytest.approx(busy * hold / (2 * (1 - busy)), rel=0.05)


def test_a_chain_that_is_asked_for_too_much_is_never_caught_up(costing):
    found = costing.waits(750, 0.002, chance=random.Random(7), count=20_000)

    assert found[-1] > 5 > found[100]
