"""The time zone of a country, where it has but one."""

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

FORTNIGHTS = 26


@cache
def only_one(country: str, year: int) -> str:
    """The zone of a country, by its two letters; of several that show the same time all year
    the most populous. "" for a country that is not known or has several times.
    """
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text()
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    named = [row[2].strip() for row in rows if row[0] == country]
    shown = {_shows(zone, year) for zone in named}
    return named[0] if len(shown) == 1 else ""


def _shows(zone: str, year: int) -> tuple[timedelta | None, ...]:
    first = datetime(year, 1, 1, 12, tzinfo=UTC)
    days = (first + timedelta(days=14 * n) for n in range(FORTNIGHTS))
    return tuple(day.astimezone(ZoneInfo(zone)).utcoffset() for day in days)
