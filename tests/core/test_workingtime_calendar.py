"""The working calendar in the terms: what it holds, and what is refused, by path and reason."""

import json
from datetime import date, timedelta

import pytest

from sla.core.workingtime import WorkingCalendar
from tests.core.calendars import WEEKDAYS, calendar_json, make_calendar

IN_FULL = {
    "name": "Berlin office",
    "zone": "Europe/Berlin",
    "weekly": {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in WEEKDAYS[:5]}
    | {"sat": [["18:00", "24:00"]], "sun": []},
    "closed": ["2026-12-25", "2026-01-01"],
    "special": {"2026-12-24": [["09:00", "12:00"]], "2026-12-31": []},
    "breaks": {"2026-03-02": [["10:00", "11:30"]]},
    "day": "PT7H30M",
    "valid_through": "2027-12-31",
    "tz_version": "2026c",
}


def test_a_calendar_comes_back_as_it_was_written():
    assert WorkingCalendar.from_json(json.loads(json.dumps(IN_FULL))).to_json() == IN_FULL


def test_a_calendar_holds_minutes_dates_and_the_length_of_a_day():
    calendar = WorkingCalendar.from_json(IN_FULL)

    assert calendar.weekly[0] == ((540, 720), (780, 1020))
    assert calendar.weekly[5] == ((1080, 1440),)
    assert calendar.closed == (date(2026, 12, 25), date(2026, 1, 1))
    assert calendar.day == timedelta(hours=7, minutes=30)
    assert calendar.valid_through == date(2027, 12, 31)
    assert calendar.days_a_week == 6


def test_what_is_left_out_is_empty():
    calendar = WorkingCalendar.from_json(calendar_json(days=["mon"]))

    assert calendar.to_json() == calendar_json(
        weekly={day: [["09:00", "17:00"]] if day == "mon" else [] for day in WEEKDAYS},
        closed=[],
        special={},
        breaks={},
    )


def test_the_hours_of_a_date_are_those_of_its_weekday_unless_the_date_has_its_own():
    calendar = WorkingCalendar.from_json(IN_FULL)

    assert calendar.hours_on(date(2026, 12, 23)) == ((540, 720), (780, 1020))
    assert calendar.hours_on(date(2026, 12, 24)) == ((540, 720),)
    assert calendar.hours_on(date(2026, 12, 25)) == ()


def test_equal_calendars_are_one_key():
    assert {WorkingCalendar.from_json(IN_FULL): 1}[WorkingCalendar.from_json(IN_FULL)] == 1


def test_a_calendar_may_open_on_special_dates_only():
    assert make_calendar(days=(), special={"2026-03-02": [["09:00", "17:00"]]}).days_a_week == 0


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({}, id="no hours at all"),
        pytest.param({"special": {"2026-03-02": []}}, id="a date without hours"),
        pytest.param(
            {"special": {"2026-03-02": [["09:00", "17:00"]]}, "closed": ["2026-03-02"]},
            id="a date that is closed",
        ),
        pytest.param(
            {
                "special": {"2026-03-02": [["09:00", "17:00"]]},
                "breaks": {"2026-03-02": [["08:00", "18:00"]]},
            },
            id="a date that is one break",
        ),
        pytest.param(
            {"zone": "America/New_York", "special": {"2026-03-08": [["02:00", "03:00"]]}},
            id="an hour that the clocks skip",
        ),
    ],
)
def test_a_calendar_that_never_opens_is_refused(more):
    with pytest.raises(ValueError, match="calendar 'test' never opens"):
        make_calendar(days=(), **more)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (
            {"zone": "Mars/Olympus"},
            "zone: 'Mars/Olympus' is not in the IANA time zone database",
        ),
        ({"zone": "localtime"}, "zone: 'localtime' is not in the IANA time zone database"),
        ({"zone": ""}, "zone: '' is not a text"),
        ({"name": 7}, "name: 7 is not a text"),
        ({"holidays": []}, "holidays: not a part of a calendar"),
        ({"weekly": []}, "weekly: [] is not an object"),
        ({"weekly": {"monday": []}}, "weekly.monday: not a weekday; they are mon, tue, wed"),
        ({"weekly": {"mon": {}}}, "weekly.mon: {} is not a list"),
        ({"weekly": {"mon": ["09:00"]}}, "weekly.mon[0]: '09:00' is not a list"),
        ({"weekly": {"mon": [["09:00"]]}}, "weekly.mon[0]: an interval is [opens, closes]"),
        ({"weekly": {"mon": [["9:00", "17:00"]]}}, "weekly.mon[0][0]: '9:00' is not a time"),
        ({"weekly": {"mon": [["09:00", "24:01"]]}}, "weekly.mon[0][1]: '24:01' is not a time"),
        ({"weekly": {"mon": [["09:00", "\u0661\u0662:00"]]}}, "weekly.mon[0][1]: '"),
        (
            {"weekly": {"mon": [["17:00", "09:00"]]}},
            "weekly.mon[0]: closes at 09:00, not after",
        ),
        (
            {"weekly": {"mon": [["09:00", "09:00"]]}},
            "weekly.mon[0]: closes at 09:00, not after",
        ),
        (
            {"weekly": {"mon": [["09:00", "12:00"], ["22:00", "06:00"]]}},
            "weekly.mon[1]: closes at 06:00, not after it opens at 22:00; "
            "hours over midnight are two intervals, parted at 24:00",
        ),
        ({"closed": "2026-12-25"}, "closed: '2026-12-25' is not a list"),
        ({"closed": ["2026-12-25", "2026-02-30"]}, "closed[1]: '2026-02-30' is not a date"),
        ({"closed": ["20261225"]}, "closed[0]: '20261225' is not a date such as 2026-12-25"),
        ({"closed": ["*-12-25"]}, "closed[0]: '*-12-25' is not a date"),
        ({"special": {"soon": []}}, "special.soon: 'soon' is not a date"),
        (
            {"special": {"2026-12-24": [["12:00", "09:00"]]}},
            "special.2026-12-24[0]: closes at 09:00",
        ),
        ({"breaks": {"2026-12-24": None}}, "breaks.2026-12-24: None is not a list"),
        ({"day": 8}, "day: 8 is not a text"),
        ({"day": "8h"}, "day: '8h' is not a duration"),
        ({"day": "P1D"}, "day: 'P1D' is not more than no hours and at most PT24H"),
        ({"day": "PT0S"}, "day: 'PT0S' is not more than no hours"),
        ({"day": "PT25H"}, "day: 'PT25H' is not more than no hours and at most PT24H"),
        ({"valid_through": "2027"}, "valid_through: '2027' is not a date"),
        ({"tz_version": ""}, "tz_version: '' is not a text"),
    ],
)
def test_what_is_wrong_is_named_by_path_and_reason(more, why):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the whole text is compared
        make_calendar(**more)

    assert str(refusal.value).startswith(why)


@pytest.mark.parametrize("part", ["name", "zone", "weekly", "day"])
def test_a_calendar_without_a_part_it_needs_is_refused(part):
    data = calendar_json()
    del data[part]

    with pytest.raises(ValueError, match=f"{part}: missing"):
        WorkingCalendar.from_json(data)


def test_a_calendar_is_an_object():
    with pytest.raises(ValueError, match="calendar: 'Berlin' is not an object"):
        WorkingCalendar.from_json("Berlin")
