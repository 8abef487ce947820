"""What a backtest says is kept with what is signed, and read again as it was."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import rfc8785

from sla.core.backtest import FEW, Backtest, Clause, Stage, Tried

ROW = Tried("accept", "Accept", n=40, late=10, before=4, newly=7, spared=1, attainment=90)
KEPT = Backtest(
    since=datetime(2025, 3, 1, tzinfo=UTC), until=datetime(2026, 3, 1, tzinfo=UTC),
    base=3, handoffs=52, rows=(ROW, Tried("answer", "Answer", n=0, late=0, unseen=9)), same=9,
)  # fmt: skip


WITH_CHANGES = replace(
    KEPT,
    clauses=(Clause("obligations/accept/targets", 4, 0), Clause("only_together", 2, 1)),
    stages=(Stage("exploring", "exploring", 40, 30, 32, 1, 3),),
)


@pytest.mark.parametrize(
    "said", [KEPT, replace(KEPT, base=None, rows=(), cut=True), WITH_CHANGES]
)
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


def test_what_was_kept_before_changes_had_costs_is_still_read():
    old = {name: value for name, value in KEPT.as_json().items() if name != "clauses"}
    del old["stages"]

    assert Backtest.from_json(old) == KEPT


def test_what_only_the_combination_explains_is_said_where_there_is_any():
    assert WITH_CHANGES.only_together == Clause("only_together", 2, 1)
    assert KEPT.only_together is None
    assert replace(KEPT, clauses=(Clause("only_together", 0, 0),)).only_together is None


@pytest.mark.parametrize(("leads", "few"), [(FEW - 1, True), (FEW, False)])
def test_a_stage_that_few_leads_met_is_said_to_be_so(leads, few):
    assert Stage("exploring", "exploring", leads, 3, 2, 1, 0).few is few
