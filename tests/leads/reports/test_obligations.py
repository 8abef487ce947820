"""Obligations: which clocks a figure counts, and when it says kept or below."""

from datetime import timedelta

import pytest

from leads.models import Clock
from leads.reports import figures
from leads.reports.scorecard import scorecard
from tests.factories import make_handoff
from tests.leads.reports.scenes import DAY, LATER, a_month

pytestmark = pytest.mark.django_db


def test_every_clock_of_the_period_is_in_one_outcome_and_in_one_only(month):
    filters = a_month()
    of = figures.conditions(LATER)

    counted = [figures.clocks(filters).filter(of[name]).count() for name in figures.OUTCOMES]

    assert sum(counted) == figures.clocks(filters).count()
    assert all(counted[: figures.OUTCOMES.index("excused")])


def test_attainment_is_met_of_met_and_late_and_nothing_else(month):
    tally = next(t for t in figures.tallies(a_month(), LATER) if t.obligation == "accept")

    # Of six on Monday one was accepted late, and one never; those that were returned were
    # accepted first, the won one on Wednesday. One was withdrawn. In New York one was
    # accepted by its call before the office opened, and one is open.
    assert (tally.met, tally.late, tally.never) == (6, 2, 1)
    assert (tally.cancelled, tally.open) == (1, 1)
    assert tally.due == 8


def test_a_paused_clock_is_open_and_never_late_meanwhile(month):
    paused = Clock.objects.get(paused_at__isnull=False)

    for at in (LATER, paused.due_at + DAY):
        assert paused not in Clock.objects.filter(figures.conditions(at)["late"])
        assert paused in Clock.objects.filter(figures.conditions(at)["open"])


def test_due_exactly_now_is_still_in_time():
    clock = make_handoff().clocks.get(kind="accept")
    late = figures.conditions(clock.due_at)["late"]

    assert clock not in Clock.objects.filter(late)
    after = figures.conditions(clock.due_at + timedelta(microseconds=1))["late"]
    assert clock in Clock.objects.filter(after)


def test_a_clock_belongs_to_the_period_that_its_due_instant_lies_in():
    clock = make_handoff().clocks.get(kind="accept")
    march = a_month(on="2026-03-01").period
    for due, inside in ((march.start, True), (march.end, False)):
        Clock.objects.filter(pk=clock.pk).update(started_at=march.start - DAY, due_at=due)

        assert figures.clocks(a_month()).filter(pk=clock.pk).exists() == inside


def test_what_both_owe_and_what_each_owes_stand_in_the_column_of_who_owes_it(month):
    card = scorecard(month.version, a_month(), LATER)

    for side in card.sides:
        assert {p.tally.party for p in side.promises} <= {side.department}
    assert {p.tally.obligation for p in card.marketing.promises} >= {"answer"}
    assert {p.tally.obligation for p in card.sales.promises} >= {"accept", "first_attempt"}


def test_time_is_counted_on_the_calendar_that_the_clock_is_pinned_to(month):
    """The call in New York came before the office there opened: no working time had run."""
    card = scorecard(month.version, a_month(), LATER)
    promise = next(p for p in card.sales.promises if p.tally.obligation == "first_attempt")

    assert sorted(promise.times) == [0, 20 * 60]


def test_what_was_never_done_has_no_time_and_is_counted_apart(month):
    card = scorecard(month.version, a_month(), LATER)
    promise = next(p for p in card.sales.promises if p.tally.obligation == "accept")

    assert len(promise.times) == promise.tally.due - promise.tally.never
