"""The benchmark of the backtest runs, and its sides agree; no time is judged."""

import importlib
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def backtesting(monkeypatch):
    """The benchmark's module, found as when it is run as a file."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    before = set(sys.modules)
    yield importlib.import_module("backtest")
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {"backtest", "ground", "limits"}:
            del sys.modules[name]


def test_both_sides_of_the_backtest_agree_and_say_what_it_took(backtesting, capsys):
    goals = list(backtesting.measure(400, rounds=1, peer=False))

    assert "400 handoffs, 0 due instants differ" in capsys.readouterr().out
    assert [goal.name for goal in goals] == [
        "backtest-times-row-by-row",
        "backtest-times-of-limit",
    ]
