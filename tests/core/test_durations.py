"""Durations of the terms: read from ISO 8601, counted in working days, said in words."""

import doctest
from datetime import timedelta

import pytest

from sla.core import durations
from sla.core.durations import Duration, elapsed, in_words, parse, working, written
from tests.core.calendars import NINE_TO_FIVE, H


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT15M", Duration(time=timedelta(minutes=15))),
        ("PT1H30M10S", Duration(time=timedelta(hours=1, minutes=30, seconds=10))),
        ("P2D", Duration(days=2)),
        ("P1DT4H", Duration(days=1, time=4 * H)),
        ("P3W", Duration(weeks=3)),
        ("PT0S", Duration()),
        ("P0D", Duration()),
    ],
)
def test_a_duration_is_read_from_iso_8601(text, duration):
    assert parse(text) == duration


@pytest.mark.parametrize(
    "text",
    [
        *("", "P", "PT", "P1DT", "15M", "P15", "PT15", "pt15m", " PT15M", "PT15M\n"),
        *("P1M", "P1Y", "P1W2D", "PT1.5H", "PT1,5H", "-PT1H", "PT-1H", "PT1M1H", "P1H"),
        *("P1000000D", "PT\u0661H"),
    ],
)
def test_what_has_no_fixed_length_or_another_form_is_refused(text):
    with pytest.raises(ValueError, match="is not a duration in weeks, days, hours"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "of_work", "of_time"),
    [
        ("PT4H", 4 * H, 4 * H),
        ("P2D", 16 * H, 48 * H),
        ("P1DT4H", 12 * H, 28 * H),
        ("P1W", 40 * H, 168 * H),
    ],
)
def test_a_day_is_a_working_day_of_the_calendar_or_24_hours(text, of_work, of_time):
    assert working(text, NINE_TO_FIVE) == working(parse(text), NINE_TO_FIVE) == of_work
    assert elapsed(text) == elapsed(parse(text)) == of_time


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PT15M", "15 minutes"),
        ("PT1M", "1 minute"),
        ("PT90M", "1 hour 30 minutes"),
        ("PT26H", "26 hours"),
        ("PT45S", "45 seconds"),
        ("P1D", "1 working day"),
        ("P2DT4H", "2 working days 4 hours"),
        ("P2W", "2 working weeks"),
        ("PT0S", "0 minutes"),
    ],
)
def test_a_duration_is_said_as_people_say_it(text, words):
    assert in_words(text) == words


def test_days_that_pass_anyway_are_not_called_working_days():
    assert in_words("P14D", of_work=False) == "14 days"


@pytest.mark.parametrize("text", ["PT0S", "PT15M", "PT7H30M", "PT24H", "PT1H1S"])
def test_a_length_of_time_is_written_as_it_was_read(text):
    assert written(parse(text).time) == text


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(durations)

    assert (result.failed, result.attempted) == (0, 3)
