"""The rounds of past handoffs as facts, read in a handful of statements."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from leads.core.backtest import NEVER, Microseconds
from leads.core.rounds import History, Measured, Round, Span
from leads.models import Clock, ClockPause, Handoff, Touch
from leads.models.handoff import HandoffQuerySet
from sla.core.workingtime import microseconds
from sla.models import Version

MOST = 5_000
"""Handoffs that one backtest reads; the newest, where there are more."""
A_WEEK = timedelta(days=8)  # and a day, for any zone
PARTED = frozenset({"returned", "cancelled", "excused"})

Key = tuple[int, int]  # handoff, round
HANDOFF = (
    "pk", "kind", "segment", "round", "giver_team__calendar", "receiver_team__calendar",
    "first_offered_at", "offered_at", "accepted_at", "returned_at", "disputed_at", "ended_at",
    "lead",
)  # fmt: skip
_CLOCK = (
    "pk", "handoff", "round", "kind", "obligation", "version", "started_at", "stopped_at",
    "outcome", "attempts_needed", "due_at", "paused_at",
)  # fmt: skip
_NOW = {"offer": 7, "acceptance": 8, "return": 9, "dispute": 10}  # columns of HANDOFF


def among(agreement_id: int, since: datetime, until: datetime) -> HandoffQuerySet:
    """The handoffs of an agreement first offered in [since, until)."""
    return Handoff.objects.filter(
        version__agreement=agreement_id,
        first_offered_at__gte=since,
        first_offered_at__lt=until,
    )


def offered(agreement_id: int, since: datetime, until: datetime) -> tuple[HandoffQuerySet, int]:
    """Those, at most MOST of them, the newest, and how many there are."""
    there = among(agreement_id, since, until)
    found = there.count()
    if found > MOST:
        oldest = there.order_by("-first_offered_at")[MOST - 1 : MOST].values("first_offered_at")
        there = there.filter(first_offered_at__gte=oldest.get()["first_offered_at"])
    return there, found


def columns(handoffs: HandoffQuerySet, most: int | None = None) -> list[tuple[Any, ...]]:
    """What a history asks of handoffs, oldest first; the first `most` of them."""
    return list(handoffs.order_by("first_offered_at", "pk").values_list(*HANDOFF)[:most])


def history(agreement_id: int, handoffs: HandoffQuerySet, at: datetime) -> History:
    """What happened in `handoffs` up to `at`, round by round, oldest first."""
    rows = columns(handoffs)
    found = read(rows, handoffs, at)
    rounds = [one for row in rows for one in found.rounds[row[0]]]
    return History(rounds, Offers(agreement_id, rows), _at(at))


@dataclass(frozen=True)
class Read:
    """The rounds of each handoff by its number, in order. What is `live` changes with time
    alone: a clock runs there, or stands."""

    rounds: dict[int, list[Round]]
    live: set[int]


def read(rows: Sequence[Sequence[Any]], handoffs: HandoffQuerySet, at: datetime) -> Read:
    """The rounds of `handoffs`, of which `rows` are the columns HANDOFF."""
    rounds: dict[Key, Round] = {}
    clocks = Clock.objects.filter(handoff__in=handoffs).order_by("pk")
    seen = list(clocks.values_list(*_CLOCK))
    numbers: dict[int, int] = defaultdict(int)
    for row in seen:
        numbers[row[1]] = max(numbers[row[1]], row[2])
    for row in rows:
        for number in range(1, max(row[3], numbers[row[0]]) + 1):
            rounds[row[0], number] = _round(row, number)
    ends = {row[0]: _at(row[11]) for row in rows}
    _measure(rounds, seen, handoffs, ends, at)
    by_handoff: dict[int, list[Round]] = {row[0]: [] for row in rows}
    for (handoff, _number), one in rounds.items():
        by_handoff[handoff].append(one)
    return Read(by_handoff, {row[1] for row in seen if row[7] is None})


def _round(row: Sequence[Any], number: int) -> Round:
    events = {}
    if number == row[3]:  # the row keeps the events of its current round
        events = {name: _at(row[column]) for name, column in _NOW.items() if row[column]}
        events = {name: at for name, at in events.items() if at >= events["offer"]}
    return Round(row[0], row[1], row[2], number, _at(row[6]), row[4], row[5], events)


def _measure(
    rounds: dict[Key, Round],
    seen: Sequence[Any],
    handoffs: HandoffQuerySet,
    ends: dict[int, int],
    at: datetime,
) -> None:
    """Put what the clocks saw into their rounds; of two of one kind the later one."""
    starts, pauses, attempts = _starts(seen), _pauses(handoffs, at), _attempts(handoffs)
    for row in seen:
        pk, handoff, number, kind, key, version, started, stopped, outcome, needed = row[:10]
        one = rounds[handoff, number]
        if (event := starts.get((version, key))) is not None:
            one.events[event] = _at(started)
        stop, parted = _at(stopped), outcome in PARTED
        over = stop if parted else ends[handoff]
        late = outcome == "late" or (stopped is None and row[11] is None and row[10] < at)
        stood = pauses.get(pk, ())
        made = attempts[handoff] if kind == "cadence" else ()
        found = Measured(
            pk, _at(row[10]), stop, late, parted, tuple(span for _why, span in stood), needed,
            made, over, tuple(why for why, _span in stood),
        )  # fmt: skip
        one.put(key, kind, found)


def _starts(seen: Sequence[Any]) -> dict[tuple[int, str], str]:
    """Which event started a clock, by its version and obligation."""
    versions = Version.objects.in_bulk({row[5] for row in seen})
    return {
        (pk, owed.key): owed.starts
        for pk, version in versions.items()
        for owed in version.parsed.obligations
    }


def _pauses(handoffs: HandoffQuerySet, at: datetime) -> dict[int, list[tuple[str, Span]]]:
    """The pauses of each clock in order, with the reason; one under way lasts until `at`."""
    rows = ClockPause.objects.filter(clock__handoff__in=handoffs).order_by("paused_at")
    found: dict[int, list[tuple[str, Span]]] = defaultdict(list)
    told = rows.values_list("clock", "reason", "paused_at", "resumed_at")
    for clock, reason, paused, resumed in told:
        found[clock].append((reason, (_at(paused), _at(resumed or at))))
    return found


def _attempts(handoffs: HandoffQuerySet) -> dict[int, tuple[int, ...]]:
    rows = Touch.objects.filter(handoff__in=handoffs, is_attempt=True, undone_at=None)
    sales = rows.filter(department="sales").order_by("occurred_at")
    found: dict[int, list[int]] = defaultdict(list)
    for handoff, at in sales.values_list("handoff", "occurred_at"):
        if handoff is not None:
            found[handoff].append(_at(at))
    return defaultdict(tuple, {handoff: tuple(made) for handoff, made in found.items()})


class Offers(Mapping[str, Microseconds]):
    """First offers by kind, back to a week before the oldest of `rows`: what reciprocity
    counts, and what is asked for only by a text that has any."""

    def __init__(self, agreement_id: int, rows: Sequence[Sequence[Any]]) -> None:
        self._asked = (agreement_id, rows[0][6], rows[-1][6]) if rows else None

    @cached_property
    def _there(self) -> dict[str, Microseconds]:
        if self._asked is None:
            return {}
        agreement_id, first, last = self._asked
        there = Handoff.objects.filter(
            version__agreement=agreement_id,
            first_offered_at__gte=first - A_WEEK,
            first_offered_at__lte=last,
        )
        found: dict[str, list[int]] = defaultdict(list)
        for kind, at in _ordered(there):
            found[kind].append(_at(at))
        return {kind: np.array(instants, np.int64) for kind, instants in found.items()}

    def __getitem__(self, kind: str) -> Microseconds:
        return self._there[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._there)

    def __len__(self) -> int:
        return len(self._there)


def _ordered(handoffs: HandoffQuerySet) -> Iterator[tuple[str, datetime]]:
    yield from handoffs.order_by("first_offered_at").values_list("kind", "first_offered_at")


def _at(value: datetime | None) -> int:
    return NEVER if value is None else microseconds(value)
