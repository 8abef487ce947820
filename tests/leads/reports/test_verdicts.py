"""When a figure is kept or below, and what it is beside another period."""

import pytest

from leads.models import Clock
from leads.reports.scorecard import scorecard
from sla.models import Version
from tests.factories import MONDAY_NINE, make_accepted, make_handoff, make_user
from tests.leads.clockwork import MINUTE
from tests.leads.reports.scenes import DAY, LATER, a_month

pytestmark = pytest.mark.django_db


def test_a_promise_says_kept_or_below_only_of_enough():
    sdr = make_user()
    for _ in range(4):
        make_accepted(by=sdr, at=MONDAY_NINE + MINUTE)
    version = Version.objects.get()

    def verdict():
        card = scorecard(version, a_month(), LATER)
        return next(p for p in card.sales.promises if p.tally.obligation == "accept").verdict

    assert verdict() == "few"
    make_accepted(by=sdr, at=MONDAY_NINE + MINUTE)
    assert verdict() == "kept"
    make_handoff(receiver=sdr, at=MONDAY_NINE)
    assert verdict() == "below"


def test_another_period_stands_beside_with_its_own_number():
    sdr = make_user()
    accepted = [make_accepted(by=sdr, at=MONDAY_NINE + MINUTE) for _ in range(3)]
    clock = accepted[0].clocks.get(kind="accept")
    long_ago = {"started_at": MONDAY_NINE - 30 * DAY, "due_at": MONDAY_NINE - 29 * DAY}
    Clock.objects.filter(pk=clock.pk).update(outcome="late", **long_ago)

    card = scorecard(Version.objects.get(), a_month(beside="2026-02-10"), LATER)

    (now,) = [p.tally for p in card.sales.promises if p.tally.obligation == "accept"]
    before = card.before.tallies["accept", "sales"]
    assert (now.met, now.due) == (2, 2)
    assert (before.met, before.due) == (0, 1)
    assert card.before.filters.period.first.isoformat() == "2026-02-01"


def test_a_period_is_not_compared_with_itself():
    card = scorecard(None, a_month(beside="2026-03-31"), LATER)

    assert card.before is None
