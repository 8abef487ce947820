"""The benchmark of a whole backtest runs, and every side counts the same; no time is judged."""

import importlib
import sys
from pathlib import Path

import pytest
from django.db import connection

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def whole(monkeypatch, settings, tmp_path):
    """The benchmark's module, found as when it is run as a file; columns of few are kept."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr("leads.reports.backtest.columns.memory.LARGE", 100)
    monkeypatch.setattr("leads.reports.backtest.columns.memory.MANY", 100)
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    before = set(sys.modules)
    yield importlib.import_module("backtest_columns")
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {"backtest_columns", "ground"}:
            del sys.modules[name]


@pytest.mark.django_db(transaction=True)
def test_cold_warm_and_another_process_count_the_same_of_handoffs(whole, capsys, tmp_path):
    kind = connection.vendor

    goals = list(whole.measure(kind, 400, rounds=2))

    said = capsys.readouterr().out
    assert "400 handoffs, the same counts on each side: (400, (('accept', 400" in said
    assert [goal.name for goal in goals] == [
        f"{kind}-backtest-{name}-over-fetch" for name in ("cold", "warm", "another")
    ]
    assert len(list((tmp_path / "columns").iterdir())) == 1
