"""Sorted tables of open intervals, and the arithmetic on them.

A table gives every instant a *position*: the open time that lies before it. Then
`between` is a difference of two positions, and `add` looks up the instant that has a
position. A table covers whole years, is never changed, and is replaced by a longer one
when a question leaves it. No question leads outside FIRST_YEAR to LAST_YEAR, so no
walk is endless.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cached_property

from sla.core.openings.grid import Grid
from sla.core.openings.rules import ONE_DAY, OpeningRules, Span, instant, microseconds

FIRST_YEAR, LAST_YEAR = 1900, 2199


class Table:
    """The open intervals from the start of `first_year` to the end of `last_year`, in UTC.

    Row 0 is an opening without length at the first instant, so that every instant
    covered lies at or after the opening of some row.
    """

    def __init__(self, spans: list[Span], first_year: int, last_year: int) -> None:
        self.first_year, self.last_year = first_year, last_year
        self.first, self.last = _new_year(first_year), _new_year(last_year + 1)
        rows = [(self.first, self.first), *spans]
        self.opens = [opens for opens, _ in rows]
        self.closes = [closes for _, closes in rows]
        self.before: list[int] = []  # open time before each row
        self.shift: list[int] = []  # instant minus position, within each row
        self.total = 0
        for opens, closes in rows:
            self.before.append(self.total)
            self.shift.append(opens - self.total)
            self.total += closes - opens

    @cached_property
    def grid(self) -> Grid:
        """The same table for arrays, made when the first batch asks for it."""
        return Grid(self.opens, self.closes, self.last)

    def row(self, at: int) -> int:
        """The last row that opens at or before `at`."""
        return bisect_right(self.opens, at) - 1

    def position(self, at: int) -> int:
        """Open time of the table before `at`."""
        row = bisect_right(self.opens, at) - 1
        closes = self.closes[row]
        return (at if at < closes else closes) - self.shift[row]

    def earliest(self, position: int) -> int:
        """The first instant with `position` > 0: a closing, where one lies there."""
        return position + self.shift[bisect_left(self.before, position) - 1]

    def latest(self, position: int) -> int:
        """The last instant with `position` < total: an opening, where one lies there."""
        return position + self.shift[bisect_right(self.before, position) - 1]


class Timetable:
    """What one set of rules opens, compiled year by year as questions ask for it.

    Threads may share it: a table never changes, and the newest is put in place whole.
    """

    def __init__(self, rules: OpeningRules) -> None:
        self.rules = rules
        self.table = Table([], FIRST_YEAR, FIRST_YEAR - 1)  # covers nothing yet
        self._years: dict[int, list[Span]] = {}

    def covering(self, earliest: int, latest: int) -> Table:
        """A table that holds both instants. Raises ValueError if no year may hold them."""
        table = self.table
        if table.first <= earliest and latest < table.last:
            return table
        return self._grown(_year(earliest) - 1, _year(latest) + 1)

    def reaching(self, earliest: int, latest: int, amount: int) -> Table:
        """A table with `amount` of open time, and an opening, after `latest`.

        It ends with LAST_YEAR though there may be less; earlier starts may do with less.
        """
        table = self.covering(earliest, latest)
        while table.last_year < LAST_YEAR and (
            table.position(latest) + max(amount, 1) > table.total
        ):
            table = self.later(table)
        return table

    def add(self, start: int, amount: int) -> int:
        """The earliest instant with `amount` > 0 of open time since `start`."""
        table = self.covering(start, start)
        while (goal := table.position(start) + amount) > table.total:
            table = self.later(table)
        return table.earliest(goal)

    def subtract(self, end: int, amount: int) -> int:
        """The latest instant with `amount` > 0 of open time until `end`."""
        table = self.covering(end, end)
        while (goal := table.position(end) - amount) < 0:
            table = self.earlier(table)
        return table.latest(goal)

    def between(self, start: int, end: int) -> int:
        """Open time from `start` to `end`; negative if `end` is the earlier."""
        table = self.covering(start, end) if start < end else self.covering(end, start)
        return table.position(end) - table.position(start)

    def is_open(self, at: int) -> bool:
        """Whether `at` lies in an interval, [opens, closes)."""
        table = self.covering(at, at)
        return at < table.closes[table.row(at)]

    def next_open(self, at: int) -> int:
        """`at` if it is open, else the next opening."""
        if self.is_open(at):
            return at
        table = self.covering(at, at)
        while (row := table.row(at) + 1) == len(table.opens):
            table = self.later(table)
        return table.opens[row]

    def previous_open(self, at: int) -> int:
        """`at` if the time up to it was open, else the last closing before it."""
        table = self.covering(at, at)
        while (row := bisect_left(table.opens, at) - 1) < 1:
            table = self.earlier(table)
        return min(at, table.closes[row])

    def openings(self, start: int, end: int) -> Iterator[Span]:
        """The intervals that meet [start, end), cut to it, in order."""
        if end <= start:
            return
        table = self.covering(start, end)
        for row in range(table.row(start), bisect_left(table.opens, end)):
            opens, closes = max(start, table.opens[row]), min(end, table.closes[row])
            if opens < closes:
                yield opens, closes

    def later(self, table: Table) -> Table:
        """A table that reaches further forward than `table`: twice as long, or to the end."""
        if table.last_year == LAST_YEAR:
            raise ValueError(f"the calendar does not open for so long until {LAST_YEAR}")
        years = table.last_year - table.first_year + 1
        return self._grown(table.first_year, table.last_year + years)

    def earlier(self, table: Table) -> Table:
        """A table that reaches further back than `table`: twice as long, or to the start."""
        if table.first_year == FIRST_YEAR:
            raise ValueError(f"the calendar was not open for so long since {FIRST_YEAR}")
        years = table.last_year - table.first_year + 1
        return self._grown(table.first_year - years, table.last_year)

    def _grown(self, first_year: int, last_year: int) -> Table:
        """Put in place, and return, a table of these years and those of the old one."""
        old = self.table
        if old.first < old.last:
            first_year = min(first_year, old.first_year)
            last_year = max(last_year, old.last_year)
        first_year, last_year = max(first_year, FIRST_YEAR), min(last_year, LAST_YEAR)
        years = range(first_year, last_year + 1)
        spans = _merged(span for year in years for span in self._openings_in(year))
        self.table = Table(spans, first_year, last_year)
        return self.table

    def _openings_in(self, year: int) -> list[Span]:
        """What opens in one year of UTC, cut to it.

        Where a zone jumps over a whole date (Samoa, 2011), that date's hours are read
        a day later; so the local dates of a year lie within two days of it.
        """
        if year not in self._years:
            first, last = _new_year(year), _new_year(year + 1)
            days = date(year, 1, 1) - 2 * ONE_DAY, date(year, 12, 31) + 2 * ONE_DAY
            cut = ((max(first, a), min(last, b)) for a, b in self.rules.openings(*days))
            self._years[year] = [(opens, closes) for opens, closes in cut if opens < closes]
        return self._years[year]


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Return `spans` in order, with those that overlap or touch made into one."""
    result: list[Span] = []
    for opens, closes in sorted(spans):
        if result and opens <= result[-1][1]:
            result[-1] = (result[-1][0], max(closes, result[-1][1]))
        else:
            result.append((opens, closes))
    return result


def _new_year(year: int) -> int:
    return microseconds(datetime(year, 1, 1, tzinfo=UTC))


def _year(at: int) -> int:
    if not _new_year(FIRST_YEAR) <= at < _new_year(LAST_YEAR + 1):
        raise ValueError(f"a calendar reaches from {FIRST_YEAR} to {LAST_YEAR} only")
    return instant(at).year
