"""The benchmark of the list runs on a small company; no time is judged."""

import importlib
import sys
from pathlib import Path

import pytest
from django.db import connection

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def listing(monkeypatch):
    """The benchmark's module, found as when it is run as a file."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    before = set(sys.modules)
    yield importlib.import_module("list_page")
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {"list_page", "ground", "limits", "peers"}:
            del sys.modules[name]


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("tests.benchmarks.limit_urls")
def test_the_list_and_its_limit_answer_over_many_leads(listing, capsys):
    kind = connection.vendor

    goals = list(listing.measure(kind, 400, rounds=1, peers=False))

    assert [goal.name for goal in goals] == [
        f"{kind}-list-rows-deep-over-first",
        f"{kind}-list-page-deep-over-first",
        f"{kind}-list-rows-over-limit",
    ]
    assert f"{kind} limit: " in capsys.readouterr().out
