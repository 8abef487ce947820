"""Public holidays by country and region, from a library that knows them; read once, then the
terms hold the dates themselves, so that no update of the library changes a signed text."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache

import holidays
from holidays.registry import COUNTRIES

FIRST_YEAR, LAST_YEAR, MOST_YEARS = 1990, 2100, 12


@cache
def countries() -> list[tuple[str, str]]:
    """The countries that are known, as (code, name), by name."""
    named = [(names[1], _spaced(names[0])) for names in COUNTRIES.values()]
    return sorted(named, key=lambda one: one[1])


def regions(country: str) -> list[tuple[str, str]]:
    """The regions of a country that have holidays of their own, as (code, name)."""
    if country not in dict(countries()):
        return []
    known = holidays.country_holidays(country)
    names = {code: name for name, code in known.subdivisions_aliases.items()}
    return [(code, names.get(code, code)) for code in known.subdivisions]


def days(country: str, region: str, years: Iterable[int]) -> dict[date, str]:
    """The holidays of those years with their names; {} for a country that is not known."""
    if country not in dict(countries()):
        return {}
    subdivision = region if region in dict(regions(country)) else None
    found = holidays.country_holidays(country, subdiv=subdivision, years=list(years))
    return dict(sorted(found.items()))


def years_of(text: str) -> list[int] | None:
    """The years that a text such as "2027" or "2027–2029" names; None if it names none.

    >>> years_of("2027–2029"), years_of("2027, 2029"), years_of("soon")
    ([2027, 2028, 2029], [2027, 2029], None)
    """
    found: list[int] = []
    for piece in filter(None, re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "–", text.strip()))):
        ends = re.fullmatch(r"([0-9]{4})(?:–([0-9]{4}))?", piece, re.ASCII)
        if ends is None:
            return None
        found += range(int(ends[1]), int(ends[2] or ends[1]) + 1)
    fits = all(FIRST_YEAR <= year <= LAST_YEAR for year in found)
    return found if found and fits and len(found) <= MOST_YEARS else None


def _spaced(name: str) -> str:
    """`UnitedStates` as people write it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
