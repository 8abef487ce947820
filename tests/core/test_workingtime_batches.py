"""Many instants at once: equal to one at a time, on the 15-minute grid and off it."""

import numpy as np
import pytest

from sla.core.openings.grid import BLOCK, CELL, Grid
from sla.core.workingtime import add, add_many, between, between_many, instant, microseconds
from tests.core.calendars import NINE_TO_FIVE, TICK, H, make_calendar, utc

HOUR = H // TICK
MONDAY_NINE = microseconds(utc("2026-03-02 09:00"))
ON_THE_GRID = make_calendar("Asia/Kathmandu", [["09:00", "12:15"], ["13:00", "17:30"]])
OFF_THE_GRID = make_calendar("Asia/Kathmandu", [["09:07", "12:15"], ["13:00", "17:30"]])
ONCE = make_calendar(days=(), special={"2026-03-02": [["09:00", "17:00"]]})


def starts(rows=2 * BLOCK + 100):
    return MONDAY_NINE + np.random.default_rng(3).integers(0, 10**14, rows)


@pytest.mark.parametrize("calendar", [ON_THE_GRID, OFF_THE_GRID], ids=["on grid", "off grid"])
def test_a_batch_answers_as_single_calls_do(calendar):
    begun = starts()
    amounts = np.random.default_rng(4).integers(0, 50 * HOUR, begun.size)
    amounts[::7] = 0

    due, worked = (
        add_many(calendar, begun, amounts),
        between_many(calendar, begun, begun + amounts),
    )

    for k in range(0, begun.size, 50):
        start, amount = instant(int(begun[k])), int(amounts[k]) * TICK
        assert instant(int(due[k])) == add(calendar, start, amount)
        assert int(worked[k]) * TICK == between(calendar, start, start + amount)


def test_one_amount_may_serve_all_starts():
    begun = starts(1_000)

    each = add_many(NINE_TO_FIVE, begun, np.full(1_000, 4 * HOUR))

    assert (add_many(NINE_TO_FIVE, begun, 4 * HOUR) == each).all()


def test_no_amount_leads_to_the_next_opening():
    at = np.array([MONDAY_NINE - HOUR, MONDAY_NINE + HOUR, MONDAY_NINE + 8 * HOUR])

    due = add_many(NINE_TO_FIVE, at, 0)

    assert due.tolist() == [MONDAY_NINE, MONDAY_NINE + HOUR, MONDAY_NINE + 24 * HOUR]


@pytest.mark.parametrize("opens", ["09:00", "09:07"], ids=["on grid", "off grid"])
def test_what_runs_out_at_closing_time_is_due_then_and_not_at_the_next_opening(opens):
    calendar = make_calendar(daily=[[opens, "12:00"], ["13:00", "17:00"]])
    morning = microseconds(utc(f"2026-03-02 {opens}"))
    noon = microseconds(utc("2026-03-02 12:00"))

    due = add_many(calendar, np.array([morning, morning]), np.array([0, 1]) + noon - morning)

    assert due.tolist() == [noon, noon + HOUR + 1]


def test_a_batch_of_nothing_is_nothing():
    none = np.empty(0, np.int64)

    assert add_many(NINE_TO_FIVE, none, 1).size == 0
    assert between_many(NINE_TO_FIVE, none, none).size == 0


def test_a_batch_reaches_as_many_years_as_it_needs():
    fresh = make_calendar(daily=[["09:00", "16:45"]])
    begun = np.array([MONDAY_NINE, MONDAY_NINE])

    due = add_many(fresh, begun, np.array([HOUR, 365 * 8 * 8 * HOUR]))

    assert [instant(int(at)).year for at in due] == [2026, 2034]


def test_an_early_start_may_use_up_all_that_a_calendar_opens():
    at = np.array([MONDAY_NINE, MONDAY_NINE + HOUR])

    due = add_many(ONCE, at, np.array([8 * HOUR, 0]))

    assert due.tolist() == [MONDAY_NINE + 8 * HOUR, MONDAY_NINE + HOUR]


@pytest.mark.parametrize(
    ("start", "amount"), [(MONDAY_NINE + HOUR, 8 * HOUR), (MONDAY_NINE + 9 * HOUR, 0)]
)
def test_a_batch_that_asks_for_more_than_a_calendar_opens_is_refused(start, amount):
    with pytest.raises(ValueError, match="does not open for so long"):
        add_many(ONCE, np.array([start]), amount)


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        pytest.param(
            lambda at: add_many(NINE_TO_FIVE, at, -1), "must not be negative", id="negative"
        ),
        pytest.param(
            lambda at: add_many(NINE_TO_FIVE, at.astype(float), 1), "not float64", id="floats"
        ),
        pytest.param(
            lambda at: add_many(NINE_TO_FIVE, at, at[1:]),
            "3 starts and 2 amounts",
            id="amounts",
        ),
        pytest.param(
            lambda at: between_many(NINE_TO_FIVE, at, at[1:]), "3 starts and 2 ends", id="ends"
        ),
    ],
)
def test_a_batch_that_cannot_be_meant_is_refused(ask, why):
    with pytest.raises(ValueError, match=why):
        ask(starts(3))


@pytest.mark.parametrize("off", [0, 1], ids=["on grid", "off grid"])
def test_a_table_gives_all_of_its_time_and_not_a_microsecond_more(off):
    """Two openings of an hour, with an hour between them; the table begins with the first."""
    opens = [8 * CELL + off, 16 * CELL + off]
    grid = Grid(opens, [one + 4 * CELL for one in opens], 24 * CELL)
    begin, end = np.array([opens[0]]), np.array([opens[1] + 4 * CELL])
    none = np.array([0])

    assert grid.positions(begin + 5).tolist() == [5]
    assert grid.positions(begin + 4 * CELL + 5).tolist() == [4 * CELL]
    assert grid.earliest(np.array([1, 4 * CELL, 4 * CELL + 1, 8 * CELL])).tolist() == [
        opens[0] + 1, opens[0] + 4 * CELL, opens[1] + 1, end[0],
    ]  # fmt: skip
    assert grid.add(begin, np.array([8 * CELL])).tolist() == end.tolist()
    assert grid.add(end - 1, none).tolist() == [end[0] - 1]
    assert grid.add(begin + 4 * CELL, none).tolist() == [opens[1]]
    with pytest.raises(ValueError, match="does not open"):
        grid.add(begin, np.array([8 * CELL + 1]))
    with pytest.raises(ValueError, match="does not open"):
        grid.add(end, none)
