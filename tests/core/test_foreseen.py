"""What is likely to be late, by what became of promises like it; in plain arithmetic."""

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from leads.core.foreseen.calibration import Lived, bins, told
from leads.core.foreseen.chance import FEW, Past, chance, records
from leads.core.foreseen.closing import closing, week_end
from tests.core.calendars import make_calendar

OFFICE = make_calendar(
    "Europe/Berlin",
    [["09:00", "12:00"], ["13:00", "17:00"]],
    ("mon", "tue", "wed", "thu", "fri"),
    closed=["2026-04-03"],
)


def test_the_chance_is_the_share_that_broke_of_those_still_unkept_at_that_age():
    past = [Past("call", took) for took in range(30)] + [Past("call", None)] * 10

    found = chance(records(past), "call", age=9)

    assert (found.late, found.n) == (10, 30)
    assert found.share == pytest.approx(1 / 3)


def test_the_chance_is_what_counting_one_by_one_says():
    draw = random.Random(7)
    past = [
        Past(draw.choice("ab"), draw.choice([None, draw.randrange(100)])) for _ in range(400)
    ]
    known = records(past)
    for age in range(0, 110, 7):
        like = [one for one in past if one.like == "a"]
        unkept = [one for one in like if one.took is None or one.took > age]
        found = chance(known, "a", age)
        assert found.n == len(unkept)
        assert found.late == sum(one.took is None for one in unkept)


@pytest.mark.parametrize("number", [0, 1, FEW - 1])
def test_of_few_nothing_is_said(number):
    found = chance(records([Past("call", None)] * number), "call", age=0)

    assert found.share is None
    assert found.n == number


def test_of_something_unheard_of_nothing_is_said():
    assert chance({}, "call", age=0).share is None


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        ("2026-03-02T10:00", "2026-03-02T17:00"),  # in the morning
        ("2026-03-02T12:30", "2026-03-02T17:00"),  # at lunch
        ("2026-03-02T17:00", "2026-03-03T17:00"),  # closed: the next working day
        ("2026-03-07T10:00", "2026-03-09T17:00"),  # on a Saturday
        ("2026-04-02T18:00", "2026-04-06T17:00"),  # over a holiday and a weekend
        ("2026-03-29T01:30", "2026-03-30T17:00"),  # over a clock change
    ],
)
def test_the_closing_is_that_of_the_day_under_way_or_the_next(at, ends):
    assert closing(OFFICE, berlin(at)) == berlin(ends)


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        ("2026-03-02T10:00", "2026-03-06T17:00"),
        ("2026-03-06T17:00", "2026-03-13T17:00"),  # the week is over
        ("2026-03-30T10:00", "2026-04-02T17:00"),  # Friday is a holiday
    ],
)
def test_the_weekend_begins_with_the_last_closing_of_the_week(at, ends):
    assert week_end(OFFICE, berlin(at)) == berlin(ends)


def berlin(text: str) -> datetime:
    return (
        datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    )


def a_life(began: int, due: int, took: int | None) -> Lived:
    return Lived("call", began, due, target=10, took=took)


def test_only_what_had_fallen_due_by_then_is_known():
    """The last began while one was still to fall due, and knows FEW less one."""
    past = [a_life(0, 5, None) for _ in range(FEW - 1)]
    assert list(told([*past, a_life(0, 50, None), a_life(40, 60, 3)], 1_000, 0)) == []

    assert list(told([*past, a_life(0, 30, None), a_life(40, 60, 3)], 1_000, 0)) == [(1, False)]


@pytest.mark.parametrize("took", [None, 3])
def test_what_lies_too_far_back_is_forgotten_whether_it_was_late_or_kept(took):
    past = [a_life(0, 5, took) for _ in range(FEW)]

    assert list(told([*past, a_life(40, 60, 3)], 30, 0)) == []
    assert len(list(told([*past, a_life(40, 60, 3)], 35, 0))) == 1


def test_what_was_kept_before_that_age_is_not_asked_about():
    past = [a_life(0, 5, None) for _ in range(FEW)]

    assert list(told([*past, a_life(40, 60, 5)], 1_000, 0.5)) == []
    assert len(list(told([*past, a_life(40, 60, 6)], 1_000, 0.5))) == 1


def test_bins_hold_every_chance_once_with_what_came_true():
    named = [(0.0, False), (0.09, True), (0.95, True), (1.0, True)]

    first, last = bins(named)

    assert (first.low, first.n, first.late, first.happened) == (0, 2, 1, 0.5)
    assert first.named == pytest.approx(0.045)
    assert (last.low, last.n, last.late) == (0.9, 2, 2)


def test_promises_that_break_by_chance_come_true_as_often_as_was_said():
    """Broken at random, a third of each kind: every tenth holds what it says."""
    draw = random.Random(11)
    lives = [
        a_life(n, n + 5, None if draw.random() < 1 / 3 else draw.randrange(10))
        for n in range(4_000)
    ]
    for one in bins(told(lives, 100_000, 0)):
        if one.n > 300:
            assert abs(one.named - one.happened) < 0.05
