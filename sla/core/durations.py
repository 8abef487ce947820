"""ISO 8601 durations, as the terms of an agreement write them: `PT15M`, `P2D`, `P1W`.

Only integers, and no months or years: nobody can say how long those are.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sla.core.saying import Say, ngettext_lazy, plainly

_ISO_8601 = re.compile(
    r"P(?:(?P<weeks>[0-9]{1,6})W"
    r"|(?:(?P<days>[0-9]{1,6})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,6})H)?(?:(?P<minutes>[0-9]{1,6})M)?"
    r"(?:(?P<seconds>[0-9]{1,6})S)?)?)"
)
_MINUTES = ngettext_lazy("{n} minute", "{n} minutes")
_OF_WORK = (
    ngettext_lazy("{n} working week", "{n} working weeks"),
    ngettext_lazy("{n} working day", "{n} working days"),
)
_PASSING = (ngettext_lazy("{n} week", "{n} weeks"), ngettext_lazy("{n} day", "{n} days"))
_OF_A_CLOCK = (
    ngettext_lazy("{n} hour", "{n} hours"),
    _MINUTES,
    ngettext_lazy("{n} second", "{n} seconds"),
)


class WorkingDay(Protocol):
    """What a calendar must say before days and weeks can be read as working time."""

    @property
    def day(self) -> timedelta: ...

    @property
    def days_a_week(self) -> int: ...


@dataclass(frozen=True)
class Duration:
    """A length of time as it was written; only a calendar makes its days into hours."""

    weeks: int = 0
    days: int = 0
    time: timedelta = timedelta(0)


def parse(text: str) -> Duration:
    """Return the duration that `text` writes in ISO 8601: PnW, or PnDTnHnMnS in part.

    Source: ISO 8601-1:2019, 5.5.2.

    >>> parse("P1DT4H30M")
    Duration(weeks=0, days=1, time=datetime.timedelta(seconds=16200))

    Raises ValueError for fractions, signs, months, years, and numbers over 999999.
    """
    match = _ISO_8601.fullmatch(text)
    if match is None or text == "P":
        raise ValueError(
            f"{text!r} is not a duration in weeks, days, hours, minutes and seconds, "
            "such as P2D or PT15M"
        )
    part = {unit: int(number or 0) for unit, number in match.groupdict().items()}
    return Duration(part.pop("weeks"), part.pop("days"), timedelta(**part))


def written(time: timedelta) -> str:
    """Return a length of whole seconds, not negative, in ISO 8601, without days.

    >>> written(timedelta(hours=7, minutes=30)), written(timedelta(0))
    ('PT7H30M', 'PT0S')
    """
    counts = zip(_clock_parts(time), "HMS", strict=True)
    return "PT" + ("".join(f"{n}{unit}" for n, unit in counts if n) or "0S")


def working(duration: Duration | str, calendar: WorkingDay) -> timedelta:
    """Return `duration` as working time: a day is `calendar.day`, not 24 hours.

    A week is one such day for each weekday on which the calendar opens. Hours,
    minutes and seconds are working time as they stand.

    Raises ValueError as `parse` does.
    """
    read = _read(duration)
    days = read.days + read.weeks * calendar.days_a_week
    return days * calendar.day + read.time


def elapsed(duration: Duration | str) -> timedelta:
    """Return `duration` as time that passes whether anybody works: a day is 24 hours.

    Raises ValueError as `parse` does.
    """
    read = _read(duration)
    return timedelta(weeks=read.weeks, days=read.days) + read.time


def in_words(duration: Duration | str, *, of_work: bool = True, say: Say = plainly) -> str:
    """Return `duration` as people say it: "15 minutes", "2 working days".

    Days and weeks are called working days and weeks unless `of_work` is false.

    >>> in_words("PT90M"), in_words("P1DT4H"), in_words("P14D", of_work=False)
    ('1 hour 30 minutes', '1 working day 4 hours', '14 days')

    Raises ValueError as `parse` does.
    """
    read = _read(duration)
    counts = (read.weeks, read.days, *_clock_parts(read.time))
    units = (*(_OF_WORK if of_work else _PASSING), *_OF_A_CLOCK)
    said = [
        say(one, many, n).format(n=n) for n, (one, many) in zip(counts, units, strict=True) if n
    ]
    return " ".join(said) or say(*_MINUTES, 0).format(n=0)


def _clock_parts(time: timedelta) -> tuple[int, int, int]:
    """Hours, minutes and seconds of a length of time; hours may be many."""
    minutes, seconds = divmod(time // timedelta(seconds=1), 60)
    return minutes // 60, minutes % 60, seconds


def _read(duration: Duration | str) -> Duration:
    return parse(duration) if isinstance(duration, str) else duration
