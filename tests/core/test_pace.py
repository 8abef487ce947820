"""The pace of a volume: when it is looked at, and what it asks for by then."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.core.watching import pace

MARCH, APRIL, JULY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 7, 1)
DAY = timedelta(days=1)


def test_a_month_is_looked_at_after_each_of_its_weeks_and_at_its_end():
    days = list(pace.look_days(MARCH, APRIL))

    assert days == [
        date(2026, 3, 8),
        date(2026, 3, 15),
        date(2026, 3, 22),
        date(2026, 3, 29),
        APRIL,
    ]


def test_a_february_of_four_weeks_is_looked_at_four_times():
    assert len(list(pace.look_days(date(2026, 2, 1), MARCH))) == 4


def test_a_quarter_is_looked_at_every_week_and_at_its_end():
    days = list(pace.look_days(APRIL, JULY))

    assert (len(days), days[0], days[-1]) == (13, date(2026, 4, 8), JULY)


def test_a_week_is_looked_at_each_day_from_its_second_on():
    monday = date(2026, 3, 2)

    days = list(pace.look_days(monday, monday + 7 * DAY))

    assert days == [monday + n * DAY for n in (2, 3, 4, 5, 6, 7)]


@pytest.mark.parametrize(
    ("done", "wanted", "is_behind"),
    [(90, 91, False), (82, 91, False), (81, 91, True), (0, 91, True), (400, 91, False)],
)
def test_it_is_behind_under_the_agreed_share_of_its_pace(done, wanted, is_behind):
    """400 a month: after 7 of 31 days the pace is 90.3, and 90 % of it 81.3."""
    found = pace.of_count(done=done, agreed=400, passed=7, whole=31, below=90)

    assert (found.wanted, found.is_behind) == (wanted, is_behind)


@pytest.mark.parametrize(
    ("kept", "due", "is_behind"),
    [(9, 10, False), (89, 100, True), (90, 100, False), (0, 4, False), (0, 5, True)],
)
def test_a_share_is_behind_under_its_part_of_what_was_agreed_and_never_of_a_few(
    kept, due, is_behind
):
    assert pace.of_share(kept=kept, due=due, percent=100, below=90).is_behind == is_behind


@given(
    st.integers(0, 500), st.integers(1, 500), st.integers(1, 92), st.integers(1, 92),
    st.integers(1, 100),
)  # fmt: skip
def test_whoever_did_what_the_pace_asks_for_is_not_behind(extra, agreed, one, other, below):
    passed, whole = min(one, other), max(one, other)
    wanted = pace.of_count(
        done=0, agreed=agreed, passed=passed, whole=whole, below=below
    ).wanted

    done = wanted + extra
    found = pace.of_count(done=done, agreed=agreed, passed=passed, whole=whole, below=below)

    assert not found.is_behind


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sampled_from([7, 28, 30, 31, 90, 92]))
def test_looks_rise_and_the_last_is_the_end(first, days):
    looks = list(pace.look_days(first, first + days * DAY))

    assert all(a < b for a, b in pairwise([first, *looks]))
    assert looks[-1] == first + days * DAY
