"""What happened in the rounds of past handoffs, and how any terms would have judged it.

Instants are int64 microseconds since 1970-01-01T00:00Z.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from leads.core.backtest import NEVER, Ends, Flags, Microseconds, Pauses, dues, fates
from leads.core.trials.columns import Columns, Numbers
from leads.core.trials.granted import asked, granted
from leads.core.trials.seen import Round
from sla.core import durations
from sla.core.durations import Duration
from sla.core.terms import Terms
from sla.core.terms.parts import Obligation
from sla.core.workingtime import instant, microseconds

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class History:
    """The rounds of a time as of `until`, and the first offers by kind of handoff, sorted,
    back to the Monday before it, from which reciprocity counts."""

    columns: Columns
    offers: Mapping[str, Microseconds]
    until: int

    @property
    def rounds(self) -> "Rounds":
        return Rounds(self.columns)


@dataclass(frozen=True)
class Rounds(Sequence[Round]):
    """Rounds as values, each made when it is asked for."""

    columns: Columns

    def __len__(self) -> int:
        return len(self.columns)

    def __getitem__(self, place: int) -> Round:  # type: ignore[override]  # no slices
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self.columns.round(place)


@dataclass(frozen=True)
class Judged:
    """One obligation on the rounds it is owed in: their places in the history, when each
    was due, its `Fate`, and the row of the clock that saw it. `unseen`: rounds it is owed in
    that nobody measured."""

    rows: Numbers
    due: Microseconds
    fate: NDArray[np.int8]
    clocks: Numbers
    unseen: int


@dataclass(frozen=True)
class Owed:
    """An obligation in the rounds of one calendar, by their places: from when, for how long,
    which clock saw it, when it stopped, whether as no answer, and the pauses that count."""

    places: Numbers
    starts: Microseconds
    targets: Microseconds
    clocks: Numbers
    stops: Microseconds
    parted: Flags
    pauses: Pauses


def judge(terms: Terms, owed: Obligation, history: History) -> Judged:
    """Return how `terms` would have judged the history by one obligation.

    Starts, targets by kind of lead, reciprocity and calendars are those of `terms`; when
    things were done is as it happened; a pause counts as far as `terms` grant it.
    """
    by_calendar, unseen = owed_in(terms, owed, history)
    parts = []
    for key, some in by_calendar.items():
        due = dues(terms.calendar(key), some.starts, some.targets, some.pauses)
        fate = fates(due, Ends(some.stops, some.parted), history.until)
        parts.append((some.places, due, fate, some.clocks))
    if not parts:
        nothing = np.empty(0, np.int64)
        return Judged(nothing, nothing, np.empty(0, np.int8), nothing, unseen)
    if len(parts) == 1:
        return Judged(*parts[0], unseen)
    places, due, fate, clocks = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(places, kind="stable")
    return Judged(places[order], due[order], fate[order], clocks[order], unseen)


def owed_in(terms: Terms, owed: Obligation, history: History) -> tuple[dict[str, Owed], int]:
    """The rounds that `terms` owe this obligation in, by the key of the calendar, and how
    many more nobody measured."""
    columns = history.columns
    places = _started(owed, columns)
    within, which = _within(terms, owed, history, places)
    clocks = columns.seen(owed.key, owed.kind)[places]
    promised = np.array([one is not None for one in within], np.bool_)[which]
    seen = promised & (clocks >= 0)
    unseen = int(np.count_nonzero(promised & (clocks < 0)))
    places, which, clocks = places[seen], which[seen], clocks[seen]
    found = {
        key: _owed(terms, owed, columns, key, places[rows], within, which[rows], clocks[rows])
        for key, rows in _by_calendar(terms, owed, columns, places)
    }
    # A package is owed only where something is missing.
    return found, 0 if owed.kind == "complete_package" else unseen


def _started(owed: Obligation, columns: Columns) -> Numbers:
    begun = columns.event(owed.starts) != NEVER
    if owed.handoff is not None:
        begun &= columns.kind == columns.code(owed.handoff)
    return np.flatnonzero(begun)


def _within(
    terms: Terms, owed: Obligation, history: History, places: Numbers
) -> tuple[list[Duration | None], Numbers]:
    """The targets that any of the rounds has, and which of them each has."""
    columns = history.columns
    weekly = _weekly(terms, owed, history, places)
    pairs = np.stack([columns.segment[places], weekly], axis=1)
    if not weekly.any():
        codes, which = np.unique(pairs[:, 0], return_inverse=True)
        distinct = [(code, 0) for code in codes.tolist()]
    else:
        rows, which = np.unique(pairs, axis=0, return_inverse=True)
        distinct = [(code, count) for code, count in rows.tolist()]
    found = [owed.target_for(columns.names[code], count) for code, count in distinct]
    return found, which.reshape(-1)


def _by_calendar(
    terms: Terms, owed: Obligation, columns: Columns, places: Numbers
) -> Iterator[tuple[str, Numbers]]:
    """The keys of calendars, as clocks choose them, and the rows that count on each."""
    if owed.calendar.fixed is not None:
        if places.size:
            yield _known(terms, owed.calendar.fixed), np.arange(places.size)
        return
    teams = (columns.giver if owed.calendar.team == "giver" else columns.receiver)[places]
    keys: dict[str, list[int]] = {}
    for team in np.unique(teams).tolist():
        keys.setdefault(_known(terms, columns.calendar_of[team]), []).append(team)
    for key, some in keys.items():
        yield key, np.flatnonzero(np.isin(teams, some))


def _known(terms: Terms, key: str) -> str:
    return key if key in terms.calendars else next(iter(terms.calendars))


def _owed(
    terms: Terms, owed: Obligation, columns: Columns, key: str, places: Numbers,
    within: Sequence[Duration | None], which: Numbers, clocks: Numbers,
) -> Owed:  # fmt: skip
    calendar = terms.calendar(key)
    amounts = [
        0 if one is None else durations.working(one, calendar) // MICROSECOND for one in within
    ]
    starts = columns.event(owed.starts)[places]
    stops, parted = asked(owed.attempts, columns, clocks, starts)
    pauses = granted(owed, calendar, columns, clocks)
    targets = np.array(amounts, np.int64)[which]
    return Owed(places, starts, targets, clocks, stops, parted, pauses)


def target_of(
    terms: Terms, owed: Obligation, one: Round, history: History
) -> tuple[str, int] | None:
    """The calendar, as clocks choose it, and the working time that the obligation allows in
    this round; None where it is not owed."""
    if owed.handoff not in (None, one.kind):
        return None
    weekly = 0
    if _counts(owed):
        zone = ZoneInfo(terms.governance.zone)
        first = np.array([one.first_offer], np.int64)
        weekly = int(_offered(history.offers[one.kind], first, zone)[0])
    within = owed.target_for(one.segment, weekly)
    if within is None:
        return None
    key = owed.calendar.fixed
    if key is None:
        giver = owed.calendar.team == "giver"
        key = one.giver_calendar if giver else one.receiver_calendar
    key = _known(terms, key)
    return key, durations.working(within, terms.calendar(key)) // MICROSECOND


def _counts(owed: Obligation) -> bool:
    """Whether a target depends on how many the week brought."""
    return any(target.beyond for target in owed.targets)


def _weekly(terms: Terms, owed: Obligation, history: History, places: Numbers) -> Numbers:
    """How many first offers of its kind the week of each round brought up to it, itself
    included; 0 where no target asks."""
    found = np.zeros(places.size, np.int64)
    if not _counts(owed):
        return found
    columns, zone = history.columns, ZoneInfo(terms.governance.zone)
    kinds = columns.kind[places]
    for kind in np.unique(kinds).tolist():
        rows = np.flatnonzero(kinds == kind)
        offers = history.offers[columns.names[kind]]
        found[rows] = _offered(offers, columns.first_offer[places[rows]], zone)
    return found


def _offered(offers: Microseconds, firsts: Microseconds, zone: ZoneInfo) -> Numbers:
    since = _mondays(firsts, zone)
    before = np.searchsorted(offers, since, "left")
    return np.searchsorted(offers, firsts, "right") - before


def _mondays(instants: Microseconds, zone: ZoneInfo) -> Microseconds:
    """`monday` of each: the weeks from the first to the last, looked up."""
    if not instants.size:
        return instants
    weeks, last = [monday(int(instants.min()), zone)], int(instants.max())
    week = timedelta(days=7) // MICROSECOND
    while weeks[-1] <= last - week // 2:
        weeks.append(monday(weeks[-1] + week + week // 4, zone))
    found = np.array(weeks, np.int64)
    return found[np.searchsorted(found, instants, "right") - 1]


def monday(at: int, zone: ZoneInfo) -> int:
    """The midnight in `zone` with which the week of an instant begins."""
    local = instant(at).astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return microseconds(midnight - timedelta(days=local.weekday()))
