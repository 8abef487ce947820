"""Honest figures: intervals against published ones, ranks that were seen, bands with edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.core.statistics import Rate, bands, pace, percentile, wilson


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (score).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_one_that_was_published(hits, n, low, high):
    found = wilson(hits, n)

    assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_between_none_and_all(share):
    hits, n = share

    low, high = wilson(hits, n)

    assert 0 <= low <= hits / n <= high <= 1
    assert wilson(n - hits, n) == (pytest.approx(1 - high), pytest.approx(1 - low))


@pytest.mark.parametrize(("hits", "n"), [(-1, 5), (6, 5), (0, 0)])
def test_what_is_no_share_is_refused(hits, n):
    with pytest.raises(ValueError, match="no share"):
        wilson(hits, n)


@pytest.mark.parametrize(
    ("hits", "n", "agreed", "verdict"),
    [
        (20, 100, 0.10, "yes"),
        (5, 100, 0.20, "no"),
        (10, 100, 0.10, "few"),
        (0, 0, 0.10, "few"),
        (20, 100, None, "none"),
    ],
)
def test_a_verdict_needs_the_whole_interval_on_one_side(hits, n, agreed, verdict):
    assert Rate(hits, n).against(agreed) == verdict


def test_a_rate_of_nothing_is_no_number():
    assert (Rate(0, 0).share, Rate(0, 0).interval) == (None, None)


@pytest.mark.parametrize(
    ("share", "value"), [(0.5, 3), (0.9, 5), (0.2, 1), (0.21, 2), (1.0, 5), (0.001, 1)]
)
def test_a_percentile_is_a_value_that_was_seen(share, value):
    assert percentile([5, 1, 4, 2, 3], share) == value


def test_a_percentile_of_nothing_is_nothing_and_of_no_share_is_refused():
    assert percentile([], 0.5) is None
    for share in (0, 1.01):
        with pytest.raises(ValueError, match="share"):
            percentile([1], share)


@given(st.lists(st.integers(0, 10_000), min_size=1), st.floats(0.01, 1))
def test_at_least_the_share_does_not_exceed_its_percentile(values, share):
    found = percentile(values, share)

    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert sum(value < found for value in values) < share * len(values) + 1e-9


def test_the_bands_hold_their_upper_edge():
    minute = 60
    seconds = [0, 5 * minute, 5 * minute + 1, 15 * minute, 60 * minute, 60 * minute + 1]

    assert bands(seconds) == (2, 2, 1, 1)
    assert bands([]) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("done", "passed", "whole", "ends"),
    [(100, 10, 30, 300), (0, 10, 30, 0), (7, 30, 30, 7), (7, 40, 30, 7), (5, 0, 30, None)],
)
def test_a_pace_is_what_the_period_would_end_with(done, passed, whole, ends):
    assert pace(done, passed, whole) == ends
