"""What a calendar says about local dates, turned into instants."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

Span = tuple[int, int]
"""Half-open, [opens, closes): minutes of a local date, or microseconds of time."""
Hours = tuple[Span, ...]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
_DAY_ZERO = EPOCH.toordinal()
_DAY, _MINUTE = 86_400_000_000, 60_000_000  # microseconds


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
        """What the local dates `first` to `last` open; it may overlap, and be out of order."""
        spans: list[Span] = []
        shift = self._midnight_shift(first)
        for number in range(first.toordinal(), last.toordinal() + 1):
            day, following = date.fromordinal(number), date.fromordinal(number + 1)
            before, shift = shift, self._midnight_shift(following)
            # No zone ever changed its offset and changed it back within one date.
            spans += self._openings_of(day, before if before == shift else None)
        return spans

    def _openings_of(self, day: date, shift: int | None) -> list[Span]:
        """The open instants of `day`; `shift` is its offset if it has one all day."""
        spans = [self._instants(day, span, shift) for span in self.hours(day)]
        spans = [(opens, closes) for opens, closes in spans if opens < closes]
        for away in self.breaks.get(day, ()):
            spans = list(_without(spans, self._instants(day, away, shift)))
        return spans

    def _instants(self, day: date, span: Span, shift: int | None) -> Span:
        """Both ends, read as RFC 5545 reads a wall time (3.3.5), which is what fold=0 means."""
        opens, closes = span
        if shift is not None:
            midnight = (day.toordinal() - _DAY_ZERO) * _DAY - shift
            return midnight + opens * _MINUTE, midnight + closes * _MINUTE
        # Adding to an aware datetime moves its wall time, which is what hours of a day are.
        wall = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return (
            microseconds(wall + timedelta(minutes=opens)),
            microseconds(wall + timedelta(minutes=closes)),
        )

    def _midnight_shift(self, day: date) -> int:
        """The offset of the zone from UTC when `day` begins, in microseconds."""
        offset = self.zone.utcoffset(datetime(day.year, day.month, day.day))  # noqa: DTZ001
        return (offset.days * 86_400 + offset.seconds) * 1_000_000 if offset else 0


def _without(spans: Iterable[Span], away: Span) -> Iterator[Span]:
    """Yield what is left of `spans` outside `away`; pieces overlap if it has no length."""
    begins, ends = away
    for opens, closes in spans:
        for piece in ((opens, min(closes, begins)), (max(opens, ends), closes)):
            if piece[0] < piece[1]:
                yield piece
