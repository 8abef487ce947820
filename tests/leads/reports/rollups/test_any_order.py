"""After any sequence of actions, sums rolled up at any moments of it are those of the rows."""

import pytest
from hypothesis.stateful import initialize, invariant, rule

from leads.actions import rolling
from tests.leads.reports.rollups.counted import assert_alike, filters_of, rolled_up
from tests.leads.test_handoff_machine import Handing
from tests.machines import run_machine


class Summed(Handing):
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
        for query in ({}, {"period": "week"}, {"team": "inside-sales"}):
            assert_alike(self.row.version, filters_of(self.now, **query), self.now)


@pytest.mark.django_db
def test_sums_are_those_of_the_rows_in_any_order_of_actions():
    run_machine(Summed, examples=4, steps=15)


@pytest.mark.slow
@pytest.mark.django_db
def test_sums_are_those_of_the_rows_in_very_many_orders(record_property):
    run_machine(Summed, examples=100, steps=50)
    record_property("orders", 100)
    record_property("steps in each", 50)
