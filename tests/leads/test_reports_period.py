"""Periods: half-open, from midnight to midnight where the agreement lives."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from leads.reports.period import Filters, Period

BERLIN, NEW_YORK, KIRITIMATI = map(
    ZoneInfo, ("Europe/Berlin", "America/New_York", "Pacific/Kiritimati")
)


@pytest.mark.parametrize(
    ("length", "day", "first", "last"),
    [
        ("week", date(2026, 3, 4), date(2026, 3, 2), date(2026, 3, 8)),
        ("week", date(2026, 1, 1), date(2025, 12, 29), date(2026, 1, 4)),
        ("month", date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 11, 5), date(2026, 10, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 3, 31), date(2026, 1, 1), date(2026, 3, 31)),
    ],
)
def test_a_day_lies_in_its_week_month_and_quarter(length, day, first, last):
    found = Period.around(day, length, BERLIN)

    assert (found.first, found.last) == (first, last)
    assert found.before.after == found.first
    assert found.next.first == found.after


@pytest.mark.parametrize(
    ("zone", "day", "start", "hours"),
    [
        (BERLIN, date(2026, 3, 29), "2026-03-22T23:00:00+00:00", 167),
        (BERLIN, date(2026, 10, 25), "2026-10-18T22:00:00+00:00", 169),
        (NEW_YORK, date(2026, 3, 8), "2026-03-02T05:00:00+00:00", 167),
        (KIRITIMATI, date(2026, 3, 8), "2026-03-01T10:00:00+00:00", 168),
    ],
)
def test_a_week_in_which_the_clocks_change_is_an_hour_shorter_or_longer(
    zone, day, start, hours
):
    week = Period.around(day, "week", zone)

    assert week.start.isoformat() == start
    assert (week.end - week.start).total_seconds() == hours * 3600
    assert week.end == week.next.start


def test_how_many_days_have_begun():
    month = Period.around(date(2026, 3, 10), "month", BERLIN)

    assert month.days_until(datetime(2026, 2, 1, tzinfo=UTC)) == 0
    assert month.days_until(datetime(2026, 2, 28, 23, tzinfo=UTC)) == 1
    assert month.days_until(datetime(2026, 3, 10, 22, 59, tzinfo=UTC)) == 10
    assert month.days_until(datetime(2026, 3, 10, 23, tzinfo=UTC)) == 11
    assert month.days_until(datetime(2026, 5, 1, tzinfo=UTC)) == 31


@pytest.mark.parametrize(
    "query",
    [
        {}, {"period": "decade"}, {"on": "soon"}, {"on": "0001-01-01"}, {"on": "9999-12-31"},
        {"on": "2026-02-30"}, {"on": "20260302"}, {"period": "", "on": ""},
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_this_month(query):
    at = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)  # 1 March, 00:30 in Berlin

    found = Filters.from_query(query, at, BERLIN)

    if query.get("on") != "20260302":
        assert found.period == Period("month", date(2026, 3, 1), BERLIN)
    assert found.period.length == "month"


def test_an_address_shows_the_same_again():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    query = {"period": "week", "on": "2026-03-02", "team": "inside-sales", "source": "a b&c"}

    found = Filters.from_query(query, at, BERLIN)

    assert found.query == "period=week&on=2026-03-02&team=inside-sales&source=a+b%26c"
