"""The instants of an escalation ladder: when whom is told, also after pauses."""

from datetime import UTC, datetime, timedelta

import pytest

from sla.core import ladder, terms
from sla.core.durations import parse as lasting
from sla.core.terms import Person
from sla.core.workingtime import WorkingCalendar
from tests.core.agreements import changed, classic

H = timedelta(hours=1)
WEEK = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
OFFICE = WorkingCalendar.from_json(
    {"name": "Office", "zone": "UTC", "weekly": WEEK, "day": "PT8H"}
)
QUIET = terms.parse(classic()).ladder("quiet")
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
FRIDAY = MONDAY + timedelta(days=4)
NEXT_MONDAY = MONDAY + timedelta(days=7)


def at(day, hour, minute=0):
    return day + timedelta(hours=hour, minutes=minute)


def keyed(steps):
    return {step.key: step.at for step in steps}


def test_the_quiet_ladder_of_four_hours_within_a_day():
    steps = ladder.instants(QUIET, OFFICE, at(MONDAY, 9), lasting("PT4H"))

    assert keyed(steps) == {
        "warn": at(MONDAY, 12),
        "due": at(MONDAY, 13),
        "after": at(MONDAY, 17),
        "heads": at(MONDAY + timedelta(days=1), 13),
    }


def test_a_ladder_walks_over_the_weekend():
    steps = ladder.instants(QUIET, OFFICE, at(FRIDAY, 16), lasting("P1D"))

    assert keyed(steps)["warn"] == at(NEXT_MONDAY, 14)
    assert keyed(steps)["due"] == at(NEXT_MONDAY, 16)


def test_each_step_carries_whom_to_tell_through_what_and_how_often():
    named = {"whom": [{"person": "cfo@example.com"}], "digest": None}
    after = classic()["ladders"]["quiet"][2] | named
    told = changed(classic(), ["ladders", "quiet", 2], after)
    _, due, after, _ = ladder.instants(
        terms.parse(told).ladder("quiet"), OFFICE, at(MONDAY, 9), lasting("PT4H")
    )

    assert due.whom == ("acting_owner", "manager")
    assert (due.channels, due.digest) == (("in_app", "mail"), {"manager": "hourly"})
    assert after.whom == (Person("cfo@example.com"),)


@pytest.mark.parametrize(
    ("started", "target", "due"),
    [
        pytest.param(at(MONDAY, 9), "P1D", at(MONDAY, 17), id="a day is the calendar's day"),
        pytest.param(at(FRIDAY, 15), "PT2H", at(FRIDAY, 17), id="due exactly at closing"),
        pytest.param(
            at(FRIDAY, 17), "PT1H", at(NEXT_MONDAY, 10), id="a start at closing waits"
        ),
        pytest.param(at(MONDAY, 3), "PT15M", at(MONDAY, 9, 15), id="before opening"),
    ],
)
def test_due_is_the_earliest_instant_with_the_target_worked(started, target, due):
    assert ladder.due(OFFICE, started, lasting(target)) == due


def test_a_target_may_be_given_as_working_time():
    assert ladder.due(OFFICE, at(MONDAY, 9), 2 * H) == at(MONDAY, 11)


PAUSES = [
    pytest.param([], at(MONDAY, 13), id="none"),
    pytest.param([(at(MONDAY, 10), at(MONDAY, 12))], at(MONDAY, 15), id="two open hours"),
    pytest.param([(at(MONDAY, 12), at(MONDAY, 12))], at(MONDAY, 13), id="no time at all"),
    pytest.param(
        [(at(MONDAY, 16), at(NEXT_MONDAY, 10))],
        at(MONDAY, 13),
        id="it begins after the due instant",
    ),
    pytest.param(
        [(at(MONDAY, 13), at(MONDAY, 15))], at(MONDAY, 13), id="it begins at the due instant"
    ),
    pytest.param(
        [(at(MONDAY, 1), at(MONDAY, 8))], at(MONDAY, 13), id="it ended before the start"
    ),
    pytest.param(
        [(at(MONDAY, 8), at(MONDAY, 10))], at(MONDAY, 14), id="it began before the start"
    ),
    pytest.param(
        [(at(MONDAY, 12), at(MONDAY, 14)), (at(MONDAY, 10), at(MONDAY, 13))],
        at(MONDAY, 17),
        id="two that overlap count once, in any order",
    ),
    pytest.param(
        [(at(MONDAY, 12), at(MONDAY + timedelta(days=1), 10))],
        at(MONDAY + timedelta(days=1), 11),
        id="over the night only open time stands still",
    ),
]


@pytest.mark.parametrize(("pauses", "due"), PAUSES)
def test_a_pause_moves_the_due_instant_by_the_open_time_it_holds(pauses, due):
    assert ladder.due(OFFICE, at(MONDAY, 9), 4 * H, pauses) == due


def test_resuming_moves_what_was_not_reached_and_nothing_else():
    steps = ladder.instants(QUIET, OFFICE, at(MONDAY, 9), 4 * H)

    moved = ladder.resume(steps, OFFICE, at(MONDAY, 12, 30), at(MONDAY, 14, 30))

    assert keyed(moved)["warn"] == at(MONDAY, 12)
    assert keyed(moved)["due"] == at(MONDAY, 15)
    assert moved[1].whom == steps[1].whom


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="a pause ends before it begins"):
        ladder.resume([], OFFICE, at(MONDAY, 12), at(MONDAY, 11))


def test_a_pause_ends_when_its_cap_of_working_time_is_used():
    assert ladder.pause_ends(OFFICE, at(FRIDAY, 16), lasting("P1D")) == at(NEXT_MONDAY, 16)


def test_a_target_of_nothing_is_refused():
    with pytest.raises(ValueError, match="more than nothing"):
        ladder.due(OFFICE, at(MONDAY, 9), timedelta(0))


def test_the_time_of_a_clock_is_accounted_for_to_the_last_second():
    pauses = [(at(MONDAY, 16), at(MONDAY + timedelta(days=1), 10))]

    account = ladder.account(OFFICE, at(MONDAY, 8), at(MONDAY + timedelta(days=1), 12), pauses)

    assert (account.running, account.paused) == (9 * H, 2 * H)
    assert (account.closed, account.wall) == (17 * H, 28 * H)


def test_a_pause_that_has_not_ended_counts_until_now():
    pauses = [(at(MONDAY, 10), at(FRIDAY, 10)), (at(FRIDAY, 11), at(FRIDAY, 12))]

    account = ladder.account(OFFICE, at(MONDAY, 9), at(MONDAY, 12), pauses)

    assert (account.running, account.paused) == (1 * H, 2 * H)


def test_a_clock_that_has_not_begun_has_used_nothing():
    account = ladder.account(OFFICE, at(MONDAY, 9), at(MONDAY, 9))

    assert account == ladder.Account(*[timedelta(0)] * 4)
