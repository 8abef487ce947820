"""The working calendar of an agreement: a zone, its hours, and the dates that differ."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from typing import Any
from zoneinfo import available_timezones

from sla.core import durations
from sla.core.openings.rules import Hours, OpeningRules, Span
from sla.core.openings.table import Timetable
from sla.core.saying import Said
from sla.core.saying import gettext_noop as _

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DatedHours = tuple[tuple[date, Hours], ...]

_REQUIRED = ("name", "zone", "weekly", "day")
_OPTIONAL = ("closed", "closed_names", "special", "breaks", "valid_through", "tz_version")
_WALL_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class CalendarFault(ValueError):
    """What is wrong with a calendar, and where: `weekly.mon[0]`, or "" for all of it."""

    def __init__(self, path: str, reason: Said) -> None:
        super().__init__(f"{path}: {reason}" if path else str(reason))
        self.path, self.reason = path, reason


@dataclass(frozen=True)
class WorkingCalendar:
    """When work is done: the hours of each weekday in local time, and the exceptions.

    Hours are minutes of a local date, half-open: (540, 720) is 09:00 to 12:00. On one
    date `closed` beats `special`, which beats `weekly`; `breaks` are cut out of what is
    left, and never open anything. `day` is what one day of a target counts as.

    Values from outside come in through `from_json`, which checks them.
    """

    name: str
    zone: str
    weekly: tuple[Hours, ...]
    closed: tuple[date, ...]
    special: DatedHours
    breaks: DatedHours
    day: timedelta
    valid_through: date | None = None
    tz_version: str | None = None

    def __post_init__(self) -> None:
        if not any(self.weekly) and not self._opens_on_a_special_date():
            raise CalendarFault(
                "", Said(_("calendar {name} never opens"), name=repr(self.name))
            )

    def _opens_on_a_special_date(self) -> bool:
        rules = self.timetable.rules
        return any(rules.openings(day, day) for day, _ in self.special)

    @property
    def days_a_week(self) -> int:
        """How many weekdays open."""
        return sum(1 for hours in self.weekly if hours)

    def hours_on(self, day: date) -> Hours:
        """The minutes that a local date opens, before its breaks."""
        return self.timetable.rules.hours(day)

    @cached_property
    def timetable(self) -> Timetable:
        """The compiled calendar, shared by all calendars that open alike."""
        return _timetable(self.zone, self.weekly, self.closed, self.special, self.breaks)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "WorkingCalendar":
        """Return the calendar that `data` describes, as it stands in the terms.

        What closed dates are called is for people, and not kept here.
        Raises CalendarFault with the path and the reason of the first thing wrong.
        """
        _check_keys(_dict(data, "calendar"))
        through, tz_version = data.get("valid_through"), data.get("tz_version")
        return cls(
            name=_text(data["name"], "name"),
            zone=_zone(data["zone"]),
            weekly=_weekly(_dict(data["weekly"], "weekly")),
            closed=_dates(data.get("closed", []), "closed"),
            special=_dated_hours(data.get("special", {}), "special"),
            breaks=_dated_hours(data.get("breaks", {}), "breaks"),
            day=_day(data["day"]),
            valid_through=None if through is None else _date(through, "valid_through"),
            tz_version=None if tz_version is None else _text(tz_version, "tz_version"),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the calendar as JSON; `from_json` of it is an equal calendar."""
        data: dict[str, Any] = {
            "name": self.name,
            "zone": self.zone,
            "weekly": {
                key: _written(hours) for key, hours in zip(WEEKDAYS, self.weekly, strict=True)
            },
            "closed": [day.isoformat() for day in self.closed],
            "special": {day.isoformat(): _written(hours) for day, hours in self.special},
            "breaks": {day.isoformat(): _written(hours) for day, hours in self.breaks},
            "day": durations.written(self.day),
        }
        if self.valid_through is not None:
            data["valid_through"] = self.valid_through.isoformat()
        if self.tz_version is not None:
            data["tz_version"] = self.tz_version
        return data


@lru_cache(maxsize=64)
def _timetable(
    zone: str,
    weekly: tuple[Hours, ...],
    closed: tuple[date, ...],
    special: DatedHours,
    breaks: DatedHours,
) -> Timetable:
    return Timetable(OpeningRules(zone, weekly, closed, dict(special), dict(breaks)))


@cache
def _zones() -> frozenset[str]:
    """Zones of the IANA database; "localtime" would be each machine's own."""
    return frozenset(available_timezones() - {"localtime"})


def _check_keys(data: Mapping[str, Any]) -> None:
    for key in _REQUIRED:
        if key not in data:
            raise CalendarFault(key, Said(_("missing")))
    for key in data:
        if key not in (*_REQUIRED, *_OPTIONAL):
            raise CalendarFault(str(key), Said(_("not a part of a calendar")))


def _zone(value: object) -> str:
    zone = _text(value, "zone")
    if zone not in _zones():
        words = _("{zone} is not in the IANA time zone database")
        raise CalendarFault("zone", Said(words, zone=repr(zone)))
    return zone


def _day(value: object) -> timedelta:
    text = _text(value, "day")
    try:
        read = durations.parse(text)
    except ValueError as error:
        words = _("{value} is not a duration in hours, minutes and seconds, such as PT7H30M")
        raise CalendarFault("day", Said(words, value=repr(text))) from error
    if read.weeks or read.days or not timedelta(0) < read.time <= timedelta(hours=24):
        words = _("{value} is not more than no hours and at most PT24H")
        raise CalendarFault("day", Said(words, value=repr(text)))
    return read.time


def _weekly(value: Mapping[str, Any]) -> tuple[Hours, ...]:
    for key in value:
        if key not in WEEKDAYS:
            words = _("not a weekday; they are {days}")
            raise CalendarFault(f"weekly.{key}", Said(words, days=", ".join(WEEKDAYS)))
    return tuple(_hours(value.get(key, []), f"weekly.{key}") for key in WEEKDAYS)


def _dated_hours(value: object, path: str) -> DatedHours:
    dated = _dict(value, path)
    return tuple(
        (_date(day, f"{path}.{day}"), _hours(dated[day], f"{path}.{day}"))
        for day in sorted(dated)
    )


def _dates(value: object, path: str) -> tuple[date, ...]:
    return tuple(_date(day, f"{path}[{n}]") for n, day in enumerate(_list(value, path)))


def _hours(value: object, path: str) -> Hours:
    return tuple(_span(span, f"{path}[{n}]") for n, span in enumerate(_list(value, path)))


def _span(value: object, path: str) -> Span:
    ends = _list(value, path)
    if len(ends) != 2:
        raise CalendarFault(path, Said(_("an interval is [opens, closes], two times")))
    opens, closes = _minute(ends[0], f"{path}[0]"), _minute(ends[1], f"{path}[1]")
    if closes <= opens:
        words = _(
            "closes at {closes}, not after it opens at {opens}; "
            "hours over midnight are two intervals, parted at 24:00"
        )
        raise CalendarFault(path, Said(words, closes=ends[1], opens=ends[0]))
    return opens, closes


def _minute(value: object, path: str) -> int:
    text = _text(value, path)
    if not _WALL_TIME.fullmatch(text):
        words = _("{value} is not a time from 00:00 to 24:00")
        raise CalendarFault(path, Said(words, value=repr(text)))
    return int(text[:2]) * 60 + int(text[3:])


def _date(value: object, path: str) -> date:
    text = _text(value, path)
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # such as 2026-02-30: said below
    raise CalendarFault(
        path, Said(_("{value} is not a date such as 2026-12-25"), value=repr(text))
    )


def _text(value: object, path: str) -> str:
    if not isinstance(value, str) or not value:
        raise CalendarFault(path, Said(_("{value} is not a text"), value=repr(value)))
    return value


def _list(value: object, path: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise CalendarFault(path, Said(_("{value} is not a list"), value=repr(value)))
    return list(value)


def _dict(value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise CalendarFault(path, Said(_("{value} is not an object"), value=repr(value)))
    return value


def _written(hours: Hours) -> list[list[str]]:
    return [[f"{minute // 60:02}:{minute % 60:02}" for minute in span] for span in hours]
