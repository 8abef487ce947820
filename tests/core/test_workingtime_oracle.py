"""Working time against an oracle that counts minutes: 20 zones, ten years, 20,000 cases, and
100,000 others in the thorough lane."""

import random
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from sla.core import workingtime
from sla.core.workingtime import WorkingCalendar, instant, microseconds
from tests.core.calendars import TICK, calendar_json, chance_calendar, utc
from tests.core.oracle import MINUTE, Oracle, Zone

YEARS = range(2009, 2019)
ZONES = {
    "Africa/Cairo": "summer time given up and taken back, at midnight",
    "Africa/Casablanca": "four changes a year, around Ramadan",
    "America/Argentina/San_Luis": "a zone that changed its mind",
    "America/Caracas": "half an hour, twice",
    "America/Havana": "changes at midnight and at one",
    "America/Los_Angeles": "changes at two in the morning",
    "America/Santiago": "changes at midnight, on dates that moved",
    "America/Sao_Paulo": "a midnight that does not exist",
    "America/St_Johns": "changes at one minute past midnight",
    "Antarctica/Troll": "changes by two hours",
    "Asia/Amman": "changes at midnight, and a summer time that stayed a winter",
    "Asia/Gaza": "dates and hours that moved each year",
    "Asia/Kathmandu": "5 h 45 min, no changes",
    "Asia/Pyongyang": "half an hour back, and forward again",
    "Asia/Tehran": "3 h 30 min, changes at midnight",
    "Australia/Lord_Howe": "changes by half an hour",
    "Europe/Berlin": "changes at two and three",
    "Europe/Moscow": "permanent summer time, then permanent winter time",
    "Pacific/Apia": "a whole date that does not exist",
    "Pacific/Chatham": "12 h 45 min, changes at 2:45",
}


@pytest.mark.parametrize("cases", [1_000, pytest.param(5_000, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("name", ZONES)
def test_no_case_by_chance_differs_from_counting_minutes(name, cases):
    chance, zone = random.Random(name), Zone(name, YEARS)
    changes = [zone.instant(minute) for minute in zone.changes]
    dates = [instant(at).date() for at in changes]
    data = chance_calendar(chance, name, YEARS, dates, step=chance.choice((1, 5, 15)))
    calendar, oracle = WorkingCalendar.from_json(data), Oracle(data, zone)
    starts, ends, amounts = cases_by_chance(changes, cases)

    expected = (
        oracle.add(starts, amounts),
        oracle.subtract(ends, amounts),
        oracle.between(starts, ends),
        oracle.is_open(starts),
        oracle.next_open(starts),
        oracle.previous_open(starts),
    )

    wrong = [
        (instant(start), instant(end), timedelta(microseconds=amount))
        for start, end, amount, *right in rows(starts, ends, amounts, *expected)
        if right != answers(calendar, instant(start), instant(end), amount * TICK)
    ]
    assert wrong == []
    assert (workingtime.add_many(calendar, starts, amounts) == expected[0]).all()
    assert (workingtime.between_many(calendar, starts, ends) == expected[2]).all()


def rows(*columns):
    return zip(*(column.tolist() for column in columns), strict=True)


def answers(calendar, start, end, amount):
    return [
        microseconds(workingtime.add(calendar, start, amount)),
        microseconds(workingtime.subtract(calendar, end, amount)),
        workingtime.between(calendar, start, end) // TICK,
        workingtime.is_open(calendar, start),
        microseconds(workingtime.next_open(calendar, start)),
        microseconds(workingtime.previous_open(calendar, start)),
    ]


def cases_by_chance(changes, cases):
    """Starts, ends and amounts: half of them near a change of the clocks, if there is one."""
    chance = np.random.default_rng(len(changes))
    low, high = (microseconds(utc(f"{year}-06-01")) for year in (YEARS.start, YEARS.stop - 1))
    starts = chance.integers(low, high, cases)
    inside = [change for change in changes if low < change < high] or [low]
    near = chance.choice(inside, cases) + chance.integers(-3 * 1440, 1440, cases) * MINUTE
    starts = np.where(chance.random(cases) < 0.5, starts, near)
    on_the_minute = chance.random(cases) < 0.5
    starts = np.where(on_the_minute, starts - starts % MINUTE, starts)
    ends = starts + chance.integers(-4, 15, cases) * 86_400_000_000
    ends += chance.integers(0, 1440, cases) * MINUTE
    amounts = 1 + chance.integers(0, 40 * 60 * MINUTE, cases)
    return starts, ends, np.where(on_the_minute, amounts // MINUTE * MINUTE + MINUTE, amounts)


def test_the_oracle_reads_wall_times_as_the_examples_of_rfc_5545_do():
    zone = Zone("America/New_York", range(2007, 2008))

    def read(day: str, hour: int, minute: int) -> datetime:
        wall = 1440 * (date.fromisoformat(day) - zone.first.date()).days + 60 * hour + minute
        return instant(zone.instant(zone.minute_of(wall)))

    assert read("2007-11-04", 1, 30) == utc("2007-11-04 05:30")  # "1:30 A.M. EDT", the first
    assert read("2007-03-11", 2, 30) == utc("2007-03-11 07:30")  # "3:30 A.M. EDT", no 2:30


def test_the_oracle_counts_the_hours_of_a_plain_day():
    data = calendar_json("Europe/Berlin", [["09:00", "17:00"]])
    oracle = Oracle(data, Zone("Europe/Berlin", range(2026, 2027)))
    midnight = np.array([microseconds(utc("2026-06-01 22:00"))])

    assert oracle.between(midnight, midnight + 1440 * MINUTE) == 8 * 60 * MINUTE
    assert oracle.add(midnight, np.array([MINUTE])) == midnight + (9 * 60 + 1) * MINUTE
