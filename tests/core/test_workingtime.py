"""When a promise is due, by examples: openings, closings, clock changes, refusals."""

import doctest
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla.core import workingtime
from sla.core.workingtime import (
    WorkingCalendar,
    add,
    between,
    is_open,
    next_open,
    openings,
    previous_open,
    subtract,
)
from tests.core.calendars import (
    ALWAYS,
    NEW_YORK_NIGHTS,
    NINE_TO_FIVE,
    TICK,
    H,
    calendar_json,
    make_calendar,
    utc,
)

MONDAY_NINE = utc("2026-03-02 09:00")
ONCE = make_calendar(days=(), special={"2026-03-02": [["09:00", "17:00"]]})


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        pytest.param("2026-03-02 09:00", 4 * H, "2026-03-02 13:00", id="within one day"),
        pytest.param("2026-03-06 16:00", 4 * H, "2026-03-09 12:00", id="over the weekend"),
        pytest.param("2026-03-02 16:00", 1 * H, "2026-03-02 17:00", id="due at closing"),
        pytest.param(
            "2026-03-02 09:00", 16 * H, "2026-03-03 17:00", id="due at a later closing"
        ),
        pytest.param(
            "2026-03-02 16:00", H + TICK, "2026-03-03 09:00:00.000001", id="a tick more"
        ),
        pytest.param("2026-03-02 07:00", 1 * H, "2026-03-02 10:00", id="before opening"),
        pytest.param("2026-03-02 17:00", 1 * H, "2026-03-03 10:00", id="start at closing"),
        pytest.param("2026-03-07 12:00", 1 * H, "2026-03-09 10:00", id="start on a closed day"),
        pytest.param("2026-03-02 10:00", 0 * H, "2026-03-02 10:00", id="nothing, while open"),
        pytest.param("2026-03-02 09:00", 0 * H, "2026-03-02 09:00", id="nothing, at opening"),
        pytest.param("2026-03-02 17:00", 0 * H, "2026-03-03 09:00", id="nothing, at closing"),
    ],
)
def test_add_gives_the_earliest_instant_with_that_much_open_time(start, amount, due):
    assert add(NINE_TO_FIVE, utc(start), amount) == utc(due)


@pytest.mark.parametrize(
    ("end", "amount", "begun"),
    [
        pytest.param("2026-03-02 13:00", 4 * H, "2026-03-02 09:00", id="to the opening"),
        pytest.param(
            "2026-03-02 17:00", 16 * H, "2026-02-27 09:00", id="to an earlier opening"
        ),
        pytest.param("2026-03-09 12:00", 4 * H, "2026-03-06 16:00", id="over the weekend"),
        pytest.param("2026-03-07 12:00", 1 * H, "2026-03-06 16:00", id="from a closed day"),
        pytest.param("2026-03-07 12:00", 0 * H, "2026-03-07 12:00", id="nothing at all"),
    ],
)
def test_subtract_gives_the_latest_instant_with_that_much_open_time(end, amount, begun):
    assert subtract(NINE_TO_FIVE, utc(end), amount) == utc(begun)


@pytest.mark.parametrize(
    ("start", "end", "amount"),
    [
        pytest.param("2026-03-02 10:00", "2026-03-02 12:30", 2.5 * H, id="within one day"),
        pytest.param("2026-03-06 16:00", "2026-03-09 10:00", 2 * H, id="over the weekend"),
        pytest.param("2026-03-09 10:00", "2026-03-06 16:00", -2 * H, id="backwards"),
        pytest.param("2026-03-07 10:00", "2026-03-08 10:00", 0 * H, id="all closed"),
        pytest.param("2026-03-02 17:00", "2026-03-03 09:00", 0 * H, id="closing to opening"),
    ],
)
def test_between_counts_the_open_time_and_is_negative_backwards(start, end, amount):
    assert between(NINE_TO_FIVE, utc(start), utc(end)) == amount


@pytest.mark.parametrize(
    ("at", "open_now", "following", "preceding"),
    [
        ("2026-03-02 08:59", False, "2026-03-02 09:00", "2026-02-27 17:00"),
        ("2026-03-02 09:00", True, "2026-03-02 09:00", "2026-02-27 17:00"),
        ("2026-03-02 12:00", True, "2026-03-02 12:00", "2026-03-02 12:00"),
        ("2026-03-02 17:00", False, "2026-03-03 09:00", "2026-03-02 17:00"),
        ("2026-03-07 12:00", False, "2026-03-09 09:00", "2026-03-06 17:00"),
    ],
)
def test_an_opening_is_open_and_a_closing_is_not(at, open_now, following, preceding):
    assert is_open(NINE_TO_FIVE, utc(at)) is open_now
    assert next_open(NINE_TO_FIVE, utc(at)) == utc(following)
    assert previous_open(NINE_TO_FIVE, utc(at)) == utc(preceding)


def test_openings_are_cut_to_what_was_asked():
    found = list(openings(NINE_TO_FIVE, utc("2026-03-02 16:00"), utc("2026-03-04 10:00")))

    assert found == [
        (utc("2026-03-02 16:00"), utc("2026-03-02 17:00")),
        (utc("2026-03-03 09:00"), utc("2026-03-03 17:00")),
        (utc("2026-03-04 09:00"), utc("2026-03-04 10:00")),
    ]
    assert list(openings(NINE_TO_FIVE, MONDAY_NINE, MONDAY_NINE)) == []


def test_an_instant_may_come_in_any_zone_and_leaves_in_utc():
    in_tokyo = MONDAY_NINE.astimezone(ZoneInfo("Asia/Tokyo"))

    due = add(NINE_TO_FIVE, in_tokyo, H)

    assert (due, str(due.tzinfo)) == (utc("2026-03-02 10:00"), "UTC")


@pytest.mark.parametrize(
    ("hours", "day", "amount"),
    [
        pytest.param(["00:00", "06:00"], "2026-06-07", 6 * H, id="a plain day"),
        pytest.param(["00:00", "06:00"], "2026-03-08", 5 * H, id="an hour that is skipped"),
        pytest.param(["00:00", "06:00"], "2026-11-01", 7 * H, id="an hour that comes twice"),
        pytest.param(
            ["02:30", "10:00"], "2026-03-08", 6.5 * H, id="02:30 is read as 03:30 EDT"
        ),
        pytest.param(["00:00", "01:30"], "2026-11-01", 1.5 * H, id="the first 01:30 closes"),
        pytest.param(["01:30", "03:00"], "2026-11-01", 2.5 * H, id="the first 01:30 opens"),
        pytest.param(["02:30", "03:15"], "2026-03-08", 0 * H, id="closes before it opens"),
        pytest.param(["02:00", "03:00"], "2026-03-08", 0 * H, id="an hour that never is"),
        pytest.param(["22:00", "24:00"], "2026-06-08", 2 * H, id="up to 24:00"),
    ],
)
def test_hours_are_really_lived_also_when_the_clocks_change(hours, day, amount):
    calendar = make_calendar("America/New_York", [hours])
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("America/New_York"))

    assert between(calendar, midnight, midnight + timedelta(days=1)) == amount


def test_a_night_shift_is_two_intervals_that_touch_at_midnight():
    calendar = make_calendar("Europe/Berlin", [["00:00", "06:00"], ["22:00", "24:00"]])

    assert between(calendar, utc("2026-06-08 20:00"), utc("2026-06-09 04:00")) == 8 * H
    assert list(openings(calendar, utc("2026-06-08 12:00"), utc("2026-06-09 12:00"))) == [
        (utc("2026-06-08 20:00"), utc("2026-06-09 04:00"))
    ]


def test_a_promise_runs_over_the_hour_that_the_clocks_skip():
    start = utc("2026-03-08 04:00")  # Saturday 23:00 in New York

    assert add(NEW_YORK_NIGHTS, start, 4 * H) == utc("2026-03-08 09:00")  # 05:00 EDT


def test_intervals_that_the_clocks_push_over_each_other_count_once():
    calendar = make_calendar("America/New_York", [["02:00", "03:00"], ["03:00", "04:00"]])
    midnight = utc("2026-03-08 05:00")

    assert between(calendar, midnight, midnight + 10 * H) == 1 * H


def test_a_date_that_a_zone_jumps_over_is_read_with_the_offset_before_the_jump():
    calendar = make_calendar("Pacific/Apia", days=["fri"])  # no Friday 30 December 2011

    found = list(openings(calendar, utc("2011-12-28 00:00"), utc("2012-01-02 00:00")))

    assert found == [(utc("2011-12-30 19:00"), utc("2011-12-31 03:00"))]  # on the Saturday


def test_a_date_jumped_over_at_new_year_opens_in_the_new_year():
    calendar = make_calendar("Pacific/Kiritimati", days=["sat"])  # no 31 December 1994

    found = list(openings(calendar, utc("1994-12-30 00:00"), utc("1995-01-03 00:00")))

    assert found == [(utc("1994-12-31 19:00"), utc("1995-01-01 03:00"))]  # the Sunday


def test_closed_beats_special_beats_weekly_and_breaks_are_cut_last():
    day = "2026-03-02"
    special = {day: [["08:00", "12:00"]]}
    breaks = {day: [["10:00", "11:30"]]}
    midnight = utc(f"{day} 00:00")

    def worked(**more):
        return between(make_calendar(**more), midnight, midnight + 24 * H)

    assert worked() == 8 * H
    assert worked(special=special) == 4 * H
    assert worked(special=special, breaks=breaks) == 2.5 * H
    assert worked(special=special, breaks=breaks, closed=[day]) == 0 * H
    assert worked(breaks={day: [["00:00", "24:00"]]}) == 0 * H


def test_a_break_between_two_wall_times_that_never_were_opens_nothing():
    spring = {"2026-03-08": [["02:40", "03:20"]]}
    plain = make_calendar("America/New_York", [["02:30", "10:00"]])
    broken = make_calendar("America/New_York", [["02:30", "10:00"]], breaks=spring)
    midnight = utc("2026-03-08 05:00")

    assert between(broken, midnight, midnight + 10 * H) == between(
        plain, midnight, midnight + 10 * H
    )


def test_round_the_clock_is_plain_subtraction():
    calendar = make_calendar("America/New_York", ALWAYS)
    start, end = utc("2026-01-01 00:00"), utc("2027-01-01 00:00")

    assert between(calendar, start, end) == end - start
    assert list(openings(calendar, start, end)) == [(start, end)]


def test_a_long_promise_reaches_over_many_years():
    due = add(NINE_TO_FIVE, MONDAY_NINE, 52 * 40 * 8 * H)

    assert due.year == 2034
    assert subtract(NINE_TO_FIVE, due, 52 * 40 * 8 * H) == MONDAY_NINE


def test_an_answer_does_not_depend_on_what_was_asked_before():
    asked_before, fresh = (make_calendar(daily=[["08:03", "16:00"]]) for _ in range(2))
    between(asked_before, utc("1990-01-01 00:00"), utc("2100-01-01 00:00"))

    assert asked_before == fresh
    assert add(asked_before, MONDAY_NINE, 99 * H) == add(fresh, MONDAY_NINE, 99 * H)


def test_a_calendar_that_does_not_open_any_more_is_refused_not_walked():
    evening = utc("2026-03-02 17:00")

    assert add(ONCE, MONDAY_NINE, 8 * H) == evening
    for asked in (
        lambda: add(ONCE, MONDAY_NINE, 8 * H + TICK),
        lambda: next_open(ONCE, evening),
    ):
        with pytest.raises(ValueError, match="does not open for so long until 2199"):
            asked()


def test_a_calendar_that_was_not_open_before_is_refused_not_walked():
    assert subtract(ONCE, utc("2026-03-03 00:00"), 8 * H) == MONDAY_NINE
    for asked in (
        lambda: subtract(ONCE, MONDAY_NINE, TICK),
        lambda: previous_open(ONCE, MONDAY_NINE),
    ):
        with pytest.raises(ValueError, match="was not open for so long since 1900"):
            asked()


@pytest.mark.parametrize("year", [1899, 2200])
def test_an_instant_outside_the_years_of_a_calendar_is_refused(year):
    with pytest.raises(ValueError, match="from 1900 to 2199 only"):
        is_open(NINE_TO_FIVE, utc(f"{year}-06-01 12:00"))


def test_the_first_and_last_year_of_a_calendar_are_whole():
    assert is_open(NINE_TO_FIVE, utc("1900-01-01 12:00"))
    assert is_open(NINE_TO_FIVE, utc("2199-12-31 12:00"))
    assert next_open(NINE_TO_FIVE, utc("1900-01-01 00:00")) == utc("1900-01-01 09:00")


@pytest.mark.parametrize("ask", [is_open, next_open, previous_open])
def test_an_instant_without_a_zone_is_refused(ask):
    with pytest.raises(ValueError, match="not an instant with a time zone"):
        ask(NINE_TO_FIVE, MONDAY_NINE.replace(tzinfo=None))


@pytest.mark.parametrize("ask", [add, subtract])
def test_a_negative_amount_is_refused(ask):
    with pytest.raises(ValueError, match="must not be negative"):
        ask(NINE_TO_FIVE, MONDAY_NINE, -TICK)


def test_calendars_that_open_alike_share_what_was_compiled():
    ours = make_calendar(daily=[["08:07", "16:00"]], name="ours")
    theirs = WorkingCalendar.from_json(calendar_json(daily=[["08:07", "16:00"]], name="theirs"))

    assert ours != theirs
    assert ours.timetable is theirs.timetable


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(workingtime, extraglobs={"NINE_TO_FIVE": NINE_TO_FIVE})

    assert (result.failed, result.attempted) == (0, 2)
