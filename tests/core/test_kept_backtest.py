"""What a backtest says is kept with what is signed, and read again as it was."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import rfc8785

from sla.core.backtest import FEW, Backtest, Tried

ROW = Tried("accept", "Accept", n=40, late=10, before=4, newly=7, spared=1, attainment=90)
KEPT = Backtest(
    since=datetime(2025, 3, 1, tzinfo=UTC), until=datetime(2026, 3, 1, tzinfo=UTC),
    base=3, handoffs=52, rows=(ROW, Tried("answer", "Answer", n=0, late=0, unseen=9)), same=9,
)  # fmt: skip


@pytest.mark.parametrize("said", [KEPT, replace(KEPT, base=None, rows=(), cut=True)])
def test_it_is_read_again_as_it_was_kept(said):
    assert Backtest.from_json(said.as_json()) == said
    assert rfc8785.dumps(said.as_json())


def test_the_share_that_was_kept_is_of_those_that_were_judged():
    assert ROW.kept == 0.75
    assert KEPT.rows[1].kept is None


@pytest.mark.parametrize(("n", "few"), [(FEW - 1, True), (FEW, False)])
def test_few_cases_are_said_to_be_few(n, few):
    assert replace(ROW, n=n).few is few


def test_an_obligation_that_ends_as_before_has_no_row():
    assert KEPT.of("accept") is ROW
    assert KEPT.of("cadence") is None
