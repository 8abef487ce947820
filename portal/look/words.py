"""How the portal writes time, shares and numbers. Pure: values in, text out.

Units: an amount of time is a timedelta, or an int of microseconds as the working-time core
counts them. The parts of one figure are joined by a no-break space (`NBSP`).
"""

from datetime import UTC, date, datetime, timedelta

from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

Amount = timedelta | int
NBSP = "\u00a0"
MINUTE, HOUR = 60, 3600  # seconds
WITHIN_A_WEEK = 6  # days; the seventh has the same weekday's name as today


def seconds_of(amount: Amount) -> int:
    """Whole seconds, towards zero: nobody is promised a second that is not there."""
    if isinstance(amount, timedelta):
        amount = amount // timedelta(microseconds=1)
    return int(abs(amount) // 1_000_000) * (1 if amount >= 0 else -1)


def is_late(amount: Amount) -> bool:
    """Whether a time left is used up. Exactly nothing left is still on time."""
    return amount < timedelta(0) if isinstance(amount, timedelta) else amount < 0


def duration(amount: Amount) -> str:
    """The amount without its sign: `0 min`, `22 s`, `38 min`, `16 h`, `1 h 05`."""
    seconds = abs(seconds_of(amount))
    if 0 < seconds < MINUTE:
        return NBSP.join([str(seconds), pgettext("seconds", "s")])
    if seconds < HOUR:
        return NBSP.join([str(seconds // MINUTE), pgettext("minutes", "min")])
    hours, rest = divmod(seconds, HOUR)
    text = NBSP.join([str(hours), pgettext("hours", "h")])
    return f"{text}{NBSP}{rest // MINUTE:02}" if rest >= MINUTE else text


def signed(amount: Amount) -> str:
    """The amount with a true minus sign when it is negative, for a column of figures."""
    return f"\u2212{duration(amount)}" if is_late(amount) else duration(amount)


def left_word(amount: Amount) -> str:
    return _("late") if is_late(amount) else _("left")


def time_left(amount: Amount) -> str:
    """Working time left or gone over: `1 h 48 left`, `38 min late`."""
    return f"{duration(amount)} {left_word(amount)}"


def percent(share: float | None, digits: int = 0) -> str:
    """A share of one as `87 %`; None, where there is nothing to divide by, is empty.

    Never `100 %` while something is missing, nor `0 %` while something is there.
    """
    if share is None:
        return ""
    limit = 10.0**-digits
    value = round(share * 100, digits)
    if value >= 100 and share < 1:
        value = 100 - limit
    if value <= 0 and share > 0:
        value = limit
    return f"{number_format(value, digits)}{NBSP}%"


def whole_percent(value: int | None) -> str:
    """A percentage that the terms already hold as a whole number: 90 is `90 %`."""
    return "" if value is None else f"{value}{NBSP}%"


def count(number: int | None) -> str:
    """A whole number with its thousands apart: `48,211`; None is empty."""
    return "" if number is None else number_format(number, 0, force_grouping=True)


def instant(value: datetime, now: datetime | None) -> str:
    """An instant as short as it may be: `14:12`, `Thu 10:52`, `Fri 25 Sep 11:42`.

    Both are aware and in the reader's zone. The year is added when it is not that of
    `now`, and always when no `now` is given, as in a mail that is read next year.
    """
    clock = f"{value:%H:%M}"
    if now is not None and value.date() == now.date():
        return clock
    if now is not None and abs((value.date() - now.date()).days) <= WITHIN_A_WEEK:
        return f"{weekday(value)} {clock}"
    return f"{day(value, now)} {clock}"


def day(value: datetime, now: datetime | None) -> str:
    """A date in words: `Fri 25 Sep`, with its year unless that is the year of `now`."""
    number = pgettext("day of a month", "%(day)s") % {"day": value.day}
    text = f"{weekday(value)} {number}{NBSP}{month(value)}"
    return text if now is not None and value.year == now.year else f"{text} {value.year}"


def quoted(text: object) -> str:
    """What somebody wrote, in the quotation marks of the reader's language."""
    return pgettext("quotation marks", "“%(text)s”") % {"text": text}


def span(period: str) -> str:
    """`week`, `month` or `quarter` as it is read."""
    return {"week": _("week"), "month": _("month"), "quarter": _("quarter")}[period]


def weekday(value: date) -> str:
    return str(WEEKDAYS_ABBR[value.weekday()])


def month(value: datetime) -> str:
    return str(MONTHS_3[value.month]).capitalize()


def machine(value: datetime) -> str:
    """The same instant for the `datetime` attribute: UTC, to the second."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def initials(name: str) -> str:
    """First letters of the first and the last word: `AK`."""
    words = [word for word in name.split() if word[:1].isalpha()]
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()


def fingerprint(hexadecimal: str, groups: int = 0) -> str:
    """A hash in groups of four, as people compare it; the first `groups` only, if given."""
    fours = [hexadecimal[start : start + 4] for start in range(0, len(hexadecimal), 4)]
    return " ".join(fours[:groups] if groups else fours)


def fingerprint_lines(hexadecimal: str, groups: int) -> list[str]:
    """The same in lines of so many groups, to be read out line by line."""
    fours = fingerprint(hexadecimal).split()
    return [" ".join(fours[start : start + groups]) for start in range(0, len(fours), groups)]
