"""After any sequence of actions, sums rolled up at any moments of it are those of the rows."""

import pytest
from hypothesis.stateful import initialize, invariant, rule

from leads.actions import rolling
from tests.leads.reports.rollups.counted import assert_alike, filters_of, rolled_up
from tests.leads.test_handoff_machine import Handing
from tests.machines import run_machine

QUERIES = ({}, {"period": "week"}, {"team": "inside-sales"})


class Summed(Handing):
    looks = len(QUERIES)
    turn = 0

    @initialize()
    def offer(self):
        super().offer()
        rolled_up(self.now)

    @rule()
    def roll(self):
        rolling.roll(at=self.now)

    @invariant()
    def sums_are_those_of_the_rows(self):
        if not hasattr(self, "row"):
            return
        self.turn += 1
        for query in (QUERIES + QUERIES)[self.turn % len(QUERIES) :][: self.looks]:
            assert_alike(self.row.version, filters_of(self.now, **query), self.now)


class InTurn(Summed):
    """Each step is looked at in one way, the next one in another."""

    looks = 1


@pytest.mark.django_db
def test_sums_are_those_of_the_rows_in_an_order_of_actions():
    run_machine(InTurn, examples=2, steps=8)


@pytest.mark.thorough
@pytest.mark.django_db
def test_sums_are_those_of_the_rows_in_any_order_of_actions():
    run_machine(Summed, examples=4, steps=15)


@pytest.mark.slow
@pytest.mark.django_db
def test_sums_are_those_of_the_rows_in_very_many_orders(record_property):
    run_machine(InTurn, examples=50, steps=30)
    record_property("orders", 50)
    record_property("steps in each", 30)
