"""The benchmark of reports runs, and sums and rows say the same; no time is judged."""

import importlib
import sys
from pathlib import Path

import pytest
from django.db import connection

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def reports(monkeypatch):
    """The benchmark's module, found as when it is run as a file."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    before = set(sys.modules)
    yield importlib.import_module("reports")
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {"reports", "ground"}:
            del sys.modules[name]


@pytest.mark.django_db(transaction=True)
def test_sums_and_rows_say_the_same_of_many_leads(reports, capsys, monkeypatch):
    kind = connection.vendor
    monkeypatch.setattr("leads.actions.rolling.SLICE", 150)
    from ground import many_facts

    monkeypatch.setattr(many_facts, "LAST", many_facts.BEGAN)

    goals = list(reports.measure(kind, 400, rounds=1, desks=0))

    said = capsys.readouterr().out
    assert "400 leads, the same figures from sums and rows, 3 times" in said
    assert [goal.name for goal in goals] == [
        f"{kind}-reports-{name}{which}-over-{other}"
        for which in ("", "-first")
        for name in ("sums", "page", "review", "cohort", "coverage")
        for other in ("statement", "records")
    ]
