"""After any sequence of actions, sums rolled up at any moments of it are those of the rows."""

import pytest
from hypothesis.stateful import initialize, invariant, rule

from leads.actions import rolling
from tests.leads.reports.rollups.counted import assert_alike, filters_of, rolled_up
from tests.leads.test_handoff_machine import Handing
from tests.machines import run_machine

QUERIES = ({}, {"period": "week"}, {"team": "inside-sales"})


class Summed(Handing):
    """Each step is looked at in one way, the next one in another."""

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
        query = QUERIES[self.turn % len(QUERIES)]
        assert_alike(self.row.version, filters_of(self.now, **query), self.now)


@pytest.mark.django_db
def test_sums_are_those_of_the_rows_in_some_orders_of_actions():
    run_machine(Summed, examples=2, steps=8)


@pytest.mark.first
@pytest.mark.thorough
@pytest.mark.django_db
def test_sums_are_those_of_the_rows_in_any_order_of_actions():
    run_machine(Summed, examples=8, steps=15)


@pytest.mark.slow
@pytest.mark.django_db
def test_sums_are_those_of_the_rows_in_very_many_orders(record_property):
    run_machine(Summed, examples=25, steps=40)
    record_property("orders", 25)
    record_property("steps in each", 40)
