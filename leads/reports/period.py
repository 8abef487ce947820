"""What a report counts: a period and filters, all of it in the address of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from leads.core.text import line

Length = Literal["week", "month", "quarter"]
LENGTHS: tuple[Length, ...] = ("week", "month", "quarter")


@dataclass(frozen=True)
class Period:
    """Half-open in UTC, [start, end); begins at midnight in `zone` on the day `first`."""

    length: Length
    first: date
    zone: ZoneInfo

    @classmethod
    def around(cls, day: date, length: Length, zone: ZoneInfo) -> "Period":
        """The week (from Monday), month or quarter that `day` lies in."""
        if length == "week":
            return cls(length, day - timedelta(days=day.weekday()), zone)
        month = day.month if length == "month" else (day.month - 1) // 3 * 3 + 1
        return cls(length, date(day.year, month, 1), zone)

    @property
    def start(self) -> datetime:
        return self._midnight(self.first)

    @property
    def end(self) -> datetime:
        return self._midnight(self.after)

    @property
    def after(self) -> date:
        """The first day of the next period."""
        if self.length == "week":
            return self.first + timedelta(days=7)
        months = self.first.month - 1 + (1 if self.length == "month" else 3)
        return date(self.first.year + months // 12, months % 12 + 1, 1)

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    @property
    def last_instant(self) -> datetime:
        return self.end - timedelta(microseconds=1)

    @property
    def days(self) -> int:
        return (self.after - self.first).days

    def of(self, length: Length) -> "Period":
        """The period of another length in which this one begins."""
        return Period.around(self.first, length, self.zone)

    @property
    def before(self) -> "Period":
        return Period.around(self.first - timedelta(days=1), self.length, self.zone)

    @property
    def next(self) -> "Period":
        return Period.around(self.after, self.length, self.zone)

    @property
    def midnights(self) -> list[datetime]:
        """The beginning of each day, and the end of the last one."""
        return [self._midnight(self.first + timedelta(n)) for n in range(self.days + 1)]

    def days_until(self, at: datetime) -> int:
        """How many days of it have begun by `at`."""
        today = at.astimezone(self.zone).date()
        return min(max((today - self.first).days + 1, 0), self.days)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)


@dataclass(frozen=True)
class Filters:
    """Which part of the facts: a period, and a team, source, segment or version (by its
    number) if one is chosen. `beside` is the day of another period to compare with."""

    period: Period
    team: str = ""
    source: str = ""
    segment: str = ""
    version: int = 0
    beside: date | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str], at: datetime, zone: ZoneInfo) -> "Filters":
        """Read an address; what is missing or makes no sense falls back to this month."""
        length = query.get("period", "month")
        known: Length = next((found for found in LENGTHS if found == length), "month")
        day = _day(query.get("on", "")) or at.astimezone(zone).date()
        return cls(
            Period.around(day, known, zone),
            team=line(query.get("team", ""), 60),
            source=line(query.get("source", ""), 80),
            segment=line(query.get("segment", ""), 80),
            version=_whole(query.get("version", "")),
            beside=_day(query.get("beside", "")),
        )

    @property
    def query(self) -> str:
        """The address that shows the same again."""
        named = {
            "period": self.period.length,
            "on": self.period.first.isoformat(),
            "team": self.team,
            "source": self.source,
            "segment": self.segment,
            "version": str(self.version or ""),
            "beside": self.beside.isoformat() if self.beside else "",
        }
        return urlencode({name: value for name, value in named.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.team or self.source or self.segment or self.version)

    @property
    def other(self) -> "Filters | None":
        """The same of the period that is compared with; None if it is the same one."""
        if self.beside is None:
            return None
        period = Period.around(self.beside, self.period.length, self.period.zone)
        return None if period == self.period else replace(self, period=period, beside=None)

    def during(self, period: Period) -> "Filters":
        return replace(self, period=period)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2199 else None


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
