"""The laws of working time, on calendars, instants and amounts of any kind."""

from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.core.workingtime import (
    WorkingCalendar,
    add,
    add_many,
    between,
    between_many,
    instant,
    is_open,
    microseconds,
    next_open,
    openings,
    previous_open,
    subtract,
)
from tests.core.calendars import (
    ALWAYS,
    AMOUNTS,
    CALENDARS,
    INSTANTS,
    SOME_TIME,
    TICK,
    calendars_json,
    make_calendar,
    utc,
)
from tests.many import examples

ALWAYS_OPEN = make_calendar("America/New_York", ALWAYS)
ANY = settings(max_examples=examples(40, few=15))


@ANY
@given(CALENDARS, INSTANTS, AMOUNTS)
def test_between_a_start_and_its_due_instant_lies_the_amount(calendar, start, amount):
    assert between(calendar, start, add(calendar, start, amount)) == amount


@ANY
@given(CALENDARS, INSTANTS, SOME_TIME)
def test_no_earlier_instant_is_due(calendar, start, amount):
    due = add(calendar, start, amount)

    assert between(calendar, start, due - TICK) == amount - TICK


@ANY
@given(CALENDARS, INSTANTS, SOME_TIME)
def test_subtract_gives_the_latest_instant_from_which_the_amount_leads_here(
    calendar, end, amount
):
    begun = subtract(calendar, end, amount)

    assert between(calendar, begun, end) == amount
    assert between(calendar, begun + TICK, end) == amount - TICK


@ANY
@given(CALENDARS, INSTANTS, INSTANTS, INSTANTS)
def test_parts_add_up_to_the_whole(calendar, a, b, c):
    assert between(calendar, a, b) + between(calendar, b, c) == between(calendar, a, c)
    assert between(calendar, b, a) == -between(calendar, a, b)


@ANY
@given(CALENDARS, INSTANTS, INSTANTS, AMOUNTS, AMOUNTS)
def test_starting_later_or_asking_for_more_is_never_due_earlier(calendar, a, b, less, more):
    a, b = min(a, b), max(a, b)
    less, more = min(less, more), max(less, more)

    assert add(calendar, a, less) <= add(calendar, b, less)
    assert add(calendar, a, less) <= add(calendar, a, more)
    assert subtract(calendar, a, less) <= subtract(calendar, b, less)
    assert subtract(calendar, a, less) >= subtract(calendar, a, more)
    assert timedelta(0) <= between(calendar, a, b) <= b - a


@ANY
@given(CALENDARS, INSTANTS, AMOUNTS, AMOUNTS)
def test_two_amounts_one_after_the_other_are_their_sum(calendar, start, one, other):
    in_two_steps = add(calendar, add(calendar, start, one), other + TICK)

    assert in_two_steps == add(calendar, start, one + other + TICK)


@ANY
@given(INSTANTS, INSTANTS, AMOUNTS)
def test_round_the_clock_is_plain_arithmetic(a, b, amount):
    assert add(ALWAYS_OPEN, a, amount) == a + amount
    assert subtract(ALWAYS_OPEN, a, amount) == a - amount
    assert between(ALWAYS_OPEN, a, b) == b - a
    assert is_open(ALWAYS_OPEN, a)
    assert next_open(ALWAYS_OPEN, a) == previous_open(ALWAYS_OPEN, a) == a


@ANY
@given(CALENDARS, INSTANTS, INSTANTS)
def test_openings_are_apart_and_hold_all_the_open_time(calendar, a, b):
    found = list(openings(calendar, a, b))
    ends = [end for opening in found for end in opening]

    assert ends == sorted(set(ends))
    assert sum((closes - opens for opens, closes in found), timedelta(0)) == max(
        between(calendar, a, b), timedelta(0)
    )
    assert all(is_open(calendar, opens) for opens, _ in found)


@ANY
@given(CALENDARS, INSTANTS)
def test_the_next_opening_and_the_last_closing_enclose_no_open_time(calendar, at):
    following, preceding = next_open(calendar, at), previous_open(calendar, at)

    assert is_open(calendar, following)
    assert between(calendar, at, following) == timedelta(0)
    assert between(calendar, preceding, at) == timedelta(0)
    assert between(calendar, preceding - TICK, preceding) == TICK


@ANY
@given(CALENDARS, INSTANTS, INSTANTS, AMOUNTS)
def test_a_batch_answers_as_a_call_does(calendar, a, b, amount):
    starts, ends = np.array([microseconds(a)]), np.array([microseconds(b)])

    assert add_many(calendar, starts, amount // TICK) == microseconds(add(calendar, a, amount))
    assert between_many(calendar, starts, ends) == between(calendar, a, b) // TICK


@ANY
@given(calendars_json(), INSTANTS, INSTANTS)
def test_a_break_never_opens_anything(data, a, b):
    broken = WorkingCalendar.from_json(data)
    whole = WorkingCalendar.from_json(data | {"breaks": {}})

    assert abs(between(broken, a, b)) <= abs(between(whole, a, b))


@settings(max_examples=examples(500))
@given(
    st.integers(
        microseconds(utc("1900-01-01 00:00")), microseconds(utc("2200-01-01 00:00")) - 1
    )
)
def test_no_microsecond_is_lost_between_an_instant_and_its_number(number):
    assert microseconds(instant(number)) == number


@ANY
@given(CALENDARS)
def test_a_calendar_survives_json(calendar):
    assert WorkingCalendar.from_json(calendar.to_json()) == calendar
