"""Public holidays by country and region, from a library that knows them; read once, then the
terms hold the dates themselves, so that no update of the library changes a signed text."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

import holidays
from holidays.registry import COUNTRIES

from sla.forms.tree import Group
from sla.forms.tree.branches import Errors
from sla.forms.tree.leaves import Steps
from sla.forms.tree.spans import read_date

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


class Office(Group):
    """A calendar. Behind a closed date, in its field, stands what the date is called."""

    def shown(self, value: Any) -> dict[str, Any]:
        said, names = super().shown(value), (value or {}).get("closed_names") or {}
        lines = [f"{day} {names.get(day, '')}".strip() for day in said["closed"].splitlines()]
        return {**said, "closed": "\n".join(lines)}

    def read(self, said: dict[str, Any], path: str, errors: Errors) -> Any:
        result = super().read(said, path, errors)
        names = {} if f"{path}-closed" in errors else names_of(said["closed"])
        if names or "closed_names" in said["as_"].split():
            result["closed_names"] = names
        return result

    def locate(self, said: dict[str, Any], steps: Steps, path: str) -> str:
        named = steps[:1] == ["closed_names"]
        return super().locate(said, ["closed", *steps[1:]] if named else steps, path)


def names_of(lines: str) -> dict[str, str]:
    """What the dates are called behind which something stands, each date once.

    >>> names_of("24.12.2026\\n25.12.2026  Christmas Day")
    {'2026-12-25': 'Christmas Day'}
    """
    found: dict[str, str] = {}
    for line in lines.splitlines():
        day, *name = line.split(maxsplit=1) or [""]
        if name:
            found.setdefault(read_date(day), name[0].strip())
    return found
