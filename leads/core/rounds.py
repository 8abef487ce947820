"""What happened in the rounds of past handoffs, and how any terms would have judged it.

A round keeps the facts alone: when its events were, and when what each kind of obligation
asks for was done. Instants are int64 microseconds since 1970-01-01T00:00Z.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from leads.core.backtest import NEVER, Ends, Microseconds, Pauses, dues, fates
from sla.core import durations, ladder
from sla.core.calendar import WorkingCalendar
from sla.core.terms import Terms
from sla.core.terms.parts import Obligation
from sla.core.workingtime import instant, microseconds

MICROSECOND = timedelta(microseconds=1)
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one clock saw: when it was due and stopped, whether late, or parted as no answer,
    and its pauses in order, with their reasons. Of a cadence also how many attempts it
    `needed`, all that were made (`attempts`, in order), and when the round was `over`: another
    number can be tried.
    """

    clock: int
    due: int
    stop: int
    late: bool
    parted: bool
    pauses: tuple[Span, ...] = ()
    needed: int = 0
    attempts: tuple[int, ...] = ()
    over: int = NEVER
    reasons: tuple[str, ...] = ()

    def asked(self, attempts: int | None, start: int) -> "Measured":
        """The same, had it needed so many attempts from `start` on."""
        if not attempts or attempts == self.needed:
            return self
        made = [at for at in self.attempts if start <= at <= self.over]
        if len(made) >= attempts:
            return replace(self, stop=made[attempts - 1], parted=False)
        return replace(self, stop=self.over, parted=self.over != NEVER)

    def allowed(self, owed: Obligation, calendar: WorkingCalendar) -> "Measured":
        """The same with the pauses that an obligation grants: of a listed reason, so many
        times, each up to its cap of working time. A clock asks for no longer one than it had.
        """
        if not self.reasons:
            return self
        used: Counter[str] = Counter()
        spans: list[Span] = []
        for reason, (begins, ends) in zip(self.reasons, self.pauses, strict=True):
            granted = owed.pause(reason)
            used[reason] += 1
            if granted is not None and used[reason] <= granted.times:
                cap = ladder.pause_ends(calendar, instant(begins), granted.cap)
                spans.append((begins, min(ends, microseconds(cap))))
        return replace(self, pauses=tuple(spans), reasons=())


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a handoff. `events`: offer, acceptance, return, dispute, those that were.

    `measured` by the key of the obligation that was watched, and by its kind.
    """

    handoff: int
    kind: str
    segment: str
    number: int
    first_offer: int
    giver_calendar: str
    receiver_calendar: str
    events: dict[str, int] = field(default_factory=dict)
    measured: dict[str, Measured] = field(default_factory=dict)

    def of(self, owed: Obligation) -> Measured | None:
        """What was seen of an obligation, or else of its kind; None if nobody watched."""
        return self.measured.get(f"={owed.key}:{owed.kind}") or self.measured.get(owed.kind)

    def put(self, obligation: str, kind: str, seen: Measured) -> None:
        self.measured[f"={obligation}:{kind}"] = seen
        self.measured[kind] = seen


@dataclass(frozen=True)
class History:
    """The rounds of a time, and the first offers by kind of handoff, sorted, back to the
    Monday before it, from which reciprocity counts."""

    rounds: Sequence[Round]
    offers: Mapping[str, Microseconds]
    until: int


@dataclass(frozen=True)
class Judged:
    """One obligation on the rounds it is owed in: their places in the history, when each
    was due, and its `Fate`. `unseen`: rounds it is owed in that nobody measured."""

    rows: NDArray[np.int64]
    due: Microseconds
    fate: NDArray[np.int8]
    unseen: int


@dataclass(slots=True)
class Owed:
    """An obligation in one round, by its place: from when, for how long, what was seen."""

    place: int
    start: int
    target: int
    seen: Measured


def judge(terms: Terms, owed: Obligation, history: History) -> Judged:
    """Return how `terms` would have judged the history by one obligation.

    Starts, targets by kind of lead, reciprocity and calendars are those of `terms`; when
    things were done is as it happened; a pause counts as far as `terms` grant it.
    """
    by_calendar, unseen = owed_in(terms, owed, history)
    parts = [_judged(terms, key, rows, history.until) for key, rows in by_calendar.items()]
    if not parts:
        nothing = np.empty(0, np.int64)
        return Judged(nothing, nothing, np.empty(0, np.int8), unseen)
    places, due, fate = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(places, kind="stable")
    return Judged(places[order], due[order], fate[order], unseen)


def owed_in(
    terms: Terms, owed: Obligation, history: History
) -> tuple[dict[str, list[Owed]], int]:
    """The rounds that `terms` owe this obligation in, by the key of the calendar, and how
    many more nobody measured."""
    by_calendar: dict[str, list[Owed]] = {}
    unseen = 0
    for place, one in enumerate(history.rounds):
        start, promised = one.events.get(owed.starts), target_of(terms, owed, one, history)
        if start is None or promised is None:
            continue
        seen = one.of(owed)
        if seen is None:
            unseen += owed.kind != "complete_package"  # owed only where something is missing
            continue
        key, target = promised
        stood = seen.asked(owed.attempts, start).allowed(owed, terms.calendar(key))
        row = Owed(place, start, target, stood)
        by_calendar.setdefault(key, []).append(row)
    return by_calendar, unseen


def target_of(
    terms: Terms, owed: Obligation, one: Round, history: History
) -> tuple[str, int] | None:
    """The calendar, as clocks choose it, and the working time that the obligation allows in
    this round; None where it is not owed."""
    if owed.handoff not in (None, one.kind):
        return None
    within = owed.target_for(one.segment, _weekly(terms, owed, one, history))
    if within is None:
        return None
    key = owed.calendar.fixed
    if key is None:
        giver = owed.calendar.team == "giver"
        key = one.giver_calendar if giver else one.receiver_calendar
    if key not in terms.calendars:
        key = next(iter(terms.calendars))
    return key, durations.working(within, terms.calendar(key)) // MICROSECOND


def _judged(
    terms: Terms, key: str, rows: Sequence[Owed], until: int
) -> tuple[NDArray[np.int64], Microseconds, NDArray[np.int8]]:
    starts = np.array([row.start for row in rows], np.int64)
    targets = np.array([row.target for row in rows], np.int64)
    due = dues(terms.calendar(key), starts, targets, paused(rows))
    ends = Ends(
        stops=np.array([row.seen.stop for row in rows], np.int64),
        parted=np.array([row.seen.parted for row in rows], np.bool_),
    )
    return np.array([row.place for row in rows], np.int64), due, fates(due, ends, until)


def paused(rows: Sequence[Owed]) -> Pauses:
    """The pauses of the rows, as `dues` takes them."""
    most = max(len(row.seen.pauses) for row in rows)
    columns = []
    for place in range(most):
        spans = [
            row.seen.pauses[place] if place < len(row.seen.pauses) else (NEVER, 0)
            for row in rows
        ]
        both = np.array(spans, np.int64)
        columns.append((both[:, 0], both[:, 1]))
    return columns


def _weekly(terms: Terms, owed: Obligation, one: Round, history: History) -> int:
    """How many first offers of this kind the week brought up to this one, itself included."""
    if not any(target.beyond for target in owed.targets):
        return 0
    offers = history.offers[one.kind]
    since = monday(one.first_offer, ZoneInfo(terms.governance.zone))
    first = np.searchsorted(offers, since, "left")
    return int(np.searchsorted(offers, one.first_offer, "right") - first)


def monday(at: int, zone: ZoneInfo) -> int:
    """The midnight in `zone` with which the week of an instant begins."""
    local = instant(at).astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return microseconds(midnight - timedelta(days=local.weekday()))
