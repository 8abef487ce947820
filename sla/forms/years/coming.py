"""Next year's holidays for calendars that run out: the same country and region as before.

A calendar names neither, so both are found again: its zone lies in a country, and of the
country's regions it is the one whose holidays the calendar already has. What was found is
shown before anything is drafted.
"""

from collections.abc import Mapping, Sequence, Set
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from sla.core.terms.parts import Calendar
from sla.forms.holidays import countries, days, regions

SATURDAY = 5


@dataclass(frozen=True)
class Coming:
    """What a calendar would learn: the days after `since` up to the end of `year`.

    `country` is empty where the zone lies in none whose holidays are known; then there are
    no `days`, and somebody fills them in.
    """

    key: str
    name: str
    since: date
    year: int
    country: str
    region: str
    days: Mapping[date, str]

    @property
    def place(self) -> str:
        """The country and the region by name, as the editor offers them."""
        country = dict(countries()).get(self.country)
        region = dict(regions(self.country)).get(self.region)
        return ", ".join(filter(None, (country, region)))


def coming(calendars: Mapping[str, Calendar]) -> Sequence[Coming]:
    """One for each calendar that says how long its holidays are known, in order of keys."""
    return [
        _coming(key, calendar, calendar.valid_through)
        for key, calendar in sorted(calendars.items())
        if calendar.valid_through is not None
    ]


def renewed(terms: Mapping[str, Any], learned: Sequence[Coming]) -> dict[str, Any]:
    """The terms with the days of those calendars added, and nothing else changed."""
    result = deepcopy(dict(terms))
    for one in learned:
        calendar = result["calendars"][one.key]
        fresh = {day.isoformat(): name[:120] for day, name in one.days.items()}
        calendar["closed"] = sorted({*calendar.get("closed", ()), *fresh})
        calendar["closed_names"] = {**calendar.get("closed_names", {}), **fresh}
        calendar["valid_through"] = f"{one.year}-12-31"
    return result


def _coming(key: str, calendar: Calendar, since: date) -> Coming:
    year = since.year + (since >= date(since.year, 12, 31))
    country = _country_of(str(calendar.zone))
    had = {day for day in calendar.closed if day <= since and day.weekday() < SATURDAY}
    region = _region_of(country, had, since)
    works = _worked(country, region, had, since)
    found = {
        day: name
        for day, name in days(country, region, [year]).items()
        if day > since and name not in works
    }
    return Coming(key, calendar.name, since, year, country, region, found)


def _region_of(country: str, had: Set[date], since: date) -> str:
    """The region that explains most of the days; the whole country if no region does more."""

    def unlike(region: str) -> tuple[int, int]:
        off = set(_off(country, region, had, since))
        return len(had - off), len(off - had) if region else -1

    return min(["", *(code for code, _name in regions(country))], key=unlike) if had else ""


def _worked(country: str, region: str, had: Set[date], since: date) -> set[str]:
    """Holidays on which this calendar was open whenever they fell on a weekday."""
    off = _off(country, region, had, since)
    return {name for day, name in off.items() if day not in had} - {
        name for day, name in off.items() if day in had
    }


def _off(country: str, region: str, had: Set[date], until: date) -> dict[date, str]:
    """The holidays on weekdays in the years of which the calendar knows anything."""
    known = days(country, region, sorted({day.year for day in had}))
    return {
        day: name for day, name in known.items() if day <= until and day.weekday() < SATURDAY
    }


@cache
def _country_of(zone: str) -> str:
    """The country in which a zone lies, as its two letters; "" if its holidays are unknown."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text()
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    found = next((row[0] for row in rows if row[2] == zone), "")
    return found if found in dict(countries()) else ""
