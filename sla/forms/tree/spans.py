"""Leaves of time, in the words people use: `1 day 4 h`, `09:00–12:00, 13:00–17:30`, dates."""

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from sla.forms.tree.leaves import NOTHING, Leaf, Wrong

_ISO = re.compile(r"P(?:(\d+)W|(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?)", re.ASCII)
_UNITS: dict[str, tuple[str, str]] = {
    "W": ("week", "weeks"),
    "D": ("day", "days"),
    "H": ("h", "h"),
    "M": ("min", "min"),
    "S": ("s", "s"),
}
_DIGITS = {"W": 3, "D": 4, "H": 5, "M": 6, "S": 6}
_NAMES = {
    **dict.fromkeys(["w", "wk", "wks", "week", "weeks", "woche", "wochen"], "W"),
    **dict.fromkeys(["d", "day", "days", "tag", "tage", "tagen"], "D"),
    **dict.fromkeys(["h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden"], "H"),
    **dict.fromkeys(["m", "min", "mins", "minute", "minutes", "minuten"], "M"),
    **dict.fromkeys(["s", "sec", "secs", "second", "seconds", "sekunde", "sekunden"], "S"),
}
_PIECE = re.compile(r"([0-9]+)\s*([a-z]+)\.?(?:\s+(?:and|und)\s+|[\s,]*)", re.ASCII)
_WALL = r"([0-9]{1,2})(?:[:.h]([0-9]{2}))?(?:\s*(?:h|Uhr))?"
_WINDOW = re.compile(rf"\s*{_WALL}\s*(?:-|–|—|to|bis)\s*{_WALL}\s*", re.ASCII)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")


def length_in_words(written: str) -> str:
    """An ISO 8601 duration as the field shows it; each number stays as it was written.

    >>> length_in_words("P1DT4H"), length_in_words("PT90M"), length_in_words("P2W")
    ('1 day 4 h', '90 min', '2 weeks')
    """
    found = _ISO.fullmatch(written)
    if found is None:
        return written
    said = zip(found.groups(), _UNITS.values(), strict=True)
    return " ".join(f"{number} {_unit(number, unit)}" for number, unit in said if number)


def _unit(number: str, unit: tuple[str, str]) -> str:
    return unit[int(number) != 1]


@dataclass(frozen=True, kw_only=True)
class Length(Leaf):
    """A length of time in words; its value is ISO 8601, in the units that were entered.

    `units` are those that the terms allow here.
    """

    units: str = "WDHMS"
    size: str = "s"
    hint: str = "15 min"

    def shown(self, value: Any) -> Any:
        return "" if value is None else length_in_words(value)

    def read(self, said: Any) -> Any:
        text = " ".join(said.split())
        if not text:
            return NOTHING
        if found := _ISO.fullmatch(text.upper()):
            numbers = dict(zip("WDHMS", found.groups(), strict=True))
        else:
            numbers = self._numbers(text, said)
        return self._written({unit: n for unit, n in numbers.items() if n}, said)

    def _numbers(self, text: str, said: str) -> dict[str, str | None]:
        pieces, rest = _PIECE.findall(text.casefold()), _PIECE.sub("", text.casefold())
        units = [_NAMES.get(name, "") for _, name in pieces]
        if rest or not all(units) or len(set(units)) < len(units):
            raise self._wrong(said)
        return {unit: number for unit, (number, _) in zip(units, pieces, strict=True)}

    def _written(self, numbers: dict[str, str], said: str) -> str:
        fits = all(
            unit in self.units and len(n) <= _DIGITS[unit] for unit, n in numbers.items()
        )
        if not fits or not any(int(n) for n in numbers.values()):
            raise self._wrong(said)
        if "W" in numbers:
            if len(numbers) > 1:
                raise Wrong(_("counts in weeks alone, or in days, hours and minutes."))
            return f"P{numbers['W']}W"
        time = "".join(f"{numbers[unit]}{unit}" for unit in "HMS" if unit in numbers)
        days = f"{numbers['D']}D" if "D" in numbers else ""
        return f"P{days}{'T' + time if time else ''}"

    def _wrong(self, said: str) -> Wrong:
        like = _("15 min, 2 h or 1 day") if "D" in self.units else _("8 h or 7 h 30 min")
        return Wrong(
            _("must be a length of time such as %(like)s. You wrote “%(said)s”.")
            % {"like": like, "said": said}
        )


@dataclass(frozen=True, kw_only=True)
class Hours(Leaf):
    """Openings of one day, several with commas between; empty is closed all day."""

    empty: Any = field(default_factory=list)
    hint: str = "09:00–12:00, 13:00–17:30"

    def shown(self, value: Any) -> Any:
        return ", ".join(f"{opens}–{closes}" for opens, closes in value or ())

    def read(self, said: Any) -> Any:
        text = said.strip()
        if not text or text.casefold() in ("closed", "-", "–", "geschlossen"):
            return [] if self.needed else NOTHING
        return [self._window(piece, said) for piece in re.split(r"[,;]|\band\b|\bund\b", text)]

    def _window(self, piece: str, said: str) -> list[str]:
        found = _WINDOW.fullmatch(piece)
        if found is None:
            raise Wrong(
                _("must be hours such as 09:00–12:00, 13:00–17:30. You wrote “%(said)s”.")
                % {"said": said}
            )
        hours = [int(found[1]), int(found[3])]
        minutes = [found[2] or "00", found[4] or "00"]
        return [f"{hour:02}:{minute}" for hour, minute in zip(hours, minutes, strict=True)]


@dataclass(frozen=True, kw_only=True)
class Day(Leaf):
    """A date."""

    size: str = "s"
    hint: str = "2026-12-24"
    kind: ClassVar[str] = "date"

    def read(self, said: Any) -> Any:
        return read_date(said.strip()) if said.strip() else NOTHING


@dataclass(frozen=True, kw_only=True)
class Days(Leaf):
    """Dates, one a line. What stands behind a date is for whoever holds them to read."""

    empty: Any = field(default_factory=list)
    size: str = "wide"
    rows: int = 8
    widget: ClassVar[str] = "area"

    def shown(self, value: Any) -> Any:
        return "\n".join(value or ())

    def read(self, said: Any) -> Any:
        lines = [line.split(maxsplit=1)[0] for line in said.splitlines() if line.strip()]
        return list(dict.fromkeys(map(read_date, lines))) or NOTHING


def read_date(text: str) -> str:
    """`24.12.2026` becomes `2026-12-24`; whether there is such a day is the terms' to say."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise Wrong(
            _("must be a date such as 2026-12-24. You wrote “%(said)s”.") % {"said": text}
        )
    year, month, day = found[1] or found[6], found[2] or found[5], found[3] or found[4]
    return f"{year}-{month:0>2}-{day:0>2}"
