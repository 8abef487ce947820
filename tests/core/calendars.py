"""Working calendars for the tests of working time: fixed, by chance, and by Hypothesis."""

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from sla.core.workingtime import WorkingCalendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = [["00:00", "24:00"]]
H = timedelta(hours=1)
TICK = timedelta(microseconds=1)


def calendar_json(
    zone: str = "UTC",
    daily: list[list[str]] | None = None,
    days: Iterable[str] = WEEKDAYS,
    **more: Any,
) -> dict[str, Any]:
    """A calendar with the same hours on each of `days`; `more` replaces or adds parts."""
    hours = [["09:00", "17:00"]] if daily is None else daily
    weekly = dict.fromkeys(days, hours)
    return {"name": "test", "zone": zone, "weekly": weekly, "day": "PT8H"} | more


def make_calendar(*args: Any, **kwargs: Any) -> WorkingCalendar:
    return WorkingCalendar.from_json(calendar_json(*args, **kwargs))


NINE_TO_FIVE = make_calendar(days=WEEKDAYS[:5])
NEW_YORK_NIGHTS = make_calendar("America/New_York", [["00:00", "06:00"]])


def utc(text: str) -> datetime:
    """`2026-03-02 09:00` as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


# ---------- by chance, for the oracle ----------


def chance_hours(chance: random.Random, step: int) -> list[list[str]]:
    """Up to three intervals of a day on multiples of `step` minutes; some may overlap."""
    ends = [sorted(chance.sample(range(0, 1440 + step, step), 2)) for _ in range(3)]
    return [[clock(opens), clock(closes)] for opens, closes in ends[: chance.randrange(4)]]


def chance_calendar(
    chance: random.Random, zone: str, years: range, changes: list[date], step: int
) -> dict[str, Any]:
    """Any hours, with exceptions on the dates on which clocks change and on others."""
    first = date(years.start, 1, 1)
    others = [first + timedelta(days=chance.randrange(365 * len(years))) for _ in range(300)]
    dates = sorted({day.isoformat() for day in (*changes, *others)})
    chance.shuffle(dates)
    part = len(dates) // 4
    return calendar_json(
        zone,
        weekly={day: chance_hours(chance, step) for day in WEEKDAYS} | {"wed": ALWAYS},
        closed=dates[:part],
        special={day: chance_hours(chance, step) for day in dates[part : 2 * part]},
        breaks={day: chance_hours(chance, step) for day in dates[part // 2 : 3 * part]},
    )


# ---------- by Hypothesis, for the laws ----------

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
)
DATES = st.dates(date(2016, 1, 1), date(2018, 12, 31)).map(date.isoformat)
CHANGES = [
    *("2016-03-13 07:00", "2016-11-06 06:00", "2017-03-26 01:00", "2017-10-29 01:00"),
    *("2016-10-16 03:00", "2017-02-19 02:00", "2016-10-01 15:30", "2017-04-01 15:00"),
    *("2016-06-05 02:00", "2016-07-10 02:00"),
]
NEAR_A_CHANGE = st.tuples(
    st.sampled_from([utc(text) for text in CHANGES]),
    st.timedeltas(timedelta(days=-2), timedelta(days=2)),
).map(lambda pair: pair[0] + pair[1])
ANY_TIME = st.integers(0, 3 * 365 * 86_400 * 10**6).map(lambda n: utc("2016-01-01") + n * TICK)
INSTANTS = NEAR_A_CHANGE | ANY_TIME
AMOUNTS = st.timedeltas(timedelta(0), timedelta(days=40))
SOME_TIME = st.timedeltas(TICK, timedelta(days=40))


@st.composite
def hours(draw: st.DrawFn, at_least: int = 0) -> list[list[str]]:
    ends = st.lists(st.integers(0, 1440), min_size=2, max_size=2, unique=True)
    spans = draw(st.lists(ends, min_size=at_least, max_size=3))
    return [[clock(min(span)), clock(max(span))] for span in spans]


@st.composite
def calendars_json(draw: st.DrawFn) -> dict[str, Any]:
    weekly = {day: draw(hours()) for day in WEEKDAYS}
    weekly[draw(st.sampled_from(WEEKDAYS))] = draw(hours(at_least=1))
    return calendar_json(
        draw(st.sampled_from(ZONES)),
        weekly=weekly,
        closed=draw(st.lists(DATES, max_size=5, unique=True)),
        special=draw(st.dictionaries(DATES, hours(), max_size=5)),
        breaks=draw(st.dictionaries(DATES, hours(), max_size=5)),
    )


CALENDARS = calendars_json().map(WorkingCalendar.from_json)
