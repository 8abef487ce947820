"""The clauses about working time: each calendar, with every date that differs."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby

from sla.core.calendar import WEEKDAYS
from sla.core.clauses import words
from sla.core.clauses.layout import Draft
from sla.core.durations import Duration, in_words
from sla.core.terms.document import Terms
from sla.core.terms.parts import Calendar, Hours

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def calendar_clauses(terms: Terms) -> Iterator[Draft]:
    """Yield a clause for each calendar."""
    for key, calendar in terms.calendars.items():
        lines = (
            ("weekly", _week(calendar)),
            ("zone", _zone(calendar)),
            ("day", f"One working day is {in_words(Duration(time=calendar.day))}."),
            *_closed(calendar),
            ("special", _dated(calendar.special, "Open at other hours on")),
            ("breaks", _dated(calendar.breaks, "Closed for part of")),
            ("valid_through", _valid(calendar)),
        )
        yield Draft(f"calendars/{key}", calendar.name, lines)


def _week(calendar: Calendar) -> str:
    """The ordinary week, days with the same hours together: "Monday to Thursday …"."""
    week = [
        (name, calendar.weekly.get(day, ())) for name, day in zip(_NAMES, WEEKDAYS, strict=True)
    ]
    runs = [
        (_run([name for name, _ in days]), hours)
        for hours, days in ((h, list(d)) for h, d in groupby(week, key=lambda one: one[1]))
    ]
    return words.sentence("; ".join(f"{days} {_hours(hours)}" for days, hours in runs))


def _run(names: list[str]) -> str:
    return f"{names[0]} to {names[-1]}" if len(names) > 2 else " and ".join(names)


def _hours(hours: Hours) -> str:
    return words.listed([f"{opens} to {closes}" for opens, closes in hours], "and") or "closed"


def _zone(calendar: Calendar) -> str:
    known = f", by the tz database {calendar.tz_version}" if calendar.tz_version else ""
    return f"Times are those of {calendar.zone}{known}."


def _closed(calendar: Calendar) -> Iterator[tuple[str, str]]:
    """A line for each year, so that a date that changes is not lost among a hundred."""
    for year, days in groupby(sorted(calendar.closed), key=lambda one: one.year):
        said = ", ".join(_named(one, calendar) for one in days)
        yield f"closed/{year}", f"Closed in {year} on {said}."


def _named(day: date, calendar: Calendar) -> str:
    said, name = words.day(day, year=False), calendar.closed_names.get(day)
    return f"{said} ({name})" if name else said


def _dated(dates: Mapping[date, Hours], what: str) -> str:
    said = [f"{words.day(day)} ({_hours(dates[day])})" for day in sorted(dates)]
    return f"{what} {', '.join(said)}." if said else ""


def _valid(calendar: Calendar) -> str:
    if calendar.valid_through is None:
        return ""
    return (
        f"Its dates are known through {words.day(calendar.valid_through)}; "
        "both sides are told 60 days before."
    )
