"""What a calendar says about local dates, turned into instants."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

Span = tuple[int, int]
"""Half-open, [opens, closes): minutes of a local date, or microseconds of time."""
Hours = tuple[Span, ...]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE_DAY = timedelta(days=1)


def microseconds(instant: datetime) -> int:
    """Return an aware `instant`, in any zone, as microseconds since 1970 in UTC.

    Raises ValueError if it is naive.
    """
    try:
        since = instant - EPOCH
    except TypeError as error:
        raise ValueError(f"{instant!r} is not an instant with a time zone") from error
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def instant(at: int) -> datetime:
    """Return the aware UTC datetime of `at` microseconds since 1970."""
    return datetime.fromtimestamp(at / 1_000_000, UTC)


class OpeningRules:
    """Which hours each local date opens, and the instants at which those begin and end."""

    def __init__(
        self,
        zone: str,
        weekly: tuple[Hours, ...],
        closed: Iterable[date],
        special: Mapping[date, Hours],
        breaks: Mapping[date, Hours],
    ) -> None:
        self.zone, self.weekly = ZoneInfo(zone), weekly
        self.closed, self.special, self.breaks = frozenset(closed), special, breaks

    def hours(self, day: date) -> Hours:
        """The minutes that `day` opens, before breaks: closed beats special beats weekly."""
        if day in self.closed:
            return ()
        return self.special.get(day, self.weekly[day.weekday()])

    def openings(self, first: date, last: date) -> list[Span]:
        """The open instants of the local dates `first` to `last`, in order, merged."""
        days = (first + n * ONE_DAY for n in range((last - first).days + 1))
        return merged(span for day in days for span in self._openings_of(day))

    def _openings_of(self, day: date) -> list[Span]:
        spans = [self._instants(day, span) for span in self.hours(day)]
        spans = [(opens, closes) for opens, closes in spans if opens < closes]
        for away in self.breaks.get(day, ()):
            spans = list(_without(spans, self._instants(day, away)))
        return spans

    def _instants(self, day: date, span: Span) -> Span:
        """Both ends, read as RFC 5545 reads a wall time (3.3.5), which is what fold=0 means."""
        # Adding to an aware datetime moves its wall time, which is what an hour of a day is.
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        opens, closes = (midnight + timedelta(minutes=minute) for minute in span)
        return microseconds(opens), microseconds(closes)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return `spans` in order, with those that overlap or touch made into one."""
    result: list[Span] = []
    for opens, closes in sorted(spans):
        if result and opens <= result[-1][1]:
            result[-1] = (result[-1][0], max(closes, result[-1][1]))
        else:
            result.append((opens, closes))
    return result


def _without(spans: Iterable[Span], away: Span) -> Iterator[Span]:
    """Yield what is left of `spans` outside `away`; pieces overlap if it has no length."""
    begins, ends = away
    for opens, closes in spans:
        for piece in ((opens, min(closes, begins)), (max(opens, ends), closes)):
            if piece[0] < piece[1]:
                yield piece
