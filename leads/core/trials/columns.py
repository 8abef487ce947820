"""The rounds of past handoffs as columns, so that a text is tried on all of them at once.

Instants are int64 microseconds since 1970-01-01T00:00Z, `NEVER` where there is none; what has
a name is kept as its place in a tuple of names, -1 for none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leads.core.backtest import NEVER, Flags, Microseconds
from leads.core.trials.seen import Measured, Round

ROUND = (
    "handoff", "lead", "number", "first_offer", "kind", "segment", "giver", "receiver",
)  # fmt: skip
RAGGED = ("pauses_from", "attempts_from")
EVENTS = ("offer", "acceptance", "return", "dispute")
Numbers = NDArray[np.int64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Clocks:
    """What clocks saw, in the order of their rounds (`place`) and within one as they began.

    The pauses of row n lie in `pauses` from `pauses_from[n]` up to `pauses_from[n + 1]`, its
    attempts likewise. `late`: said to be; `stands`: paused now.
    """

    place: Numbers
    clock: Numbers
    key: Codes
    kind: Codes
    due: Microseconds
    stop: Microseconds
    over: Microseconds
    needed: Numbers
    late: Flags
    parted: Flags
    stands: Flags
    pauses_from: Numbers
    attempts_from: Numbers

    def part(self, low: int, high: int, first: int) -> "Clocks":
        """Some of them, of rounds that are counted from `first`."""
        ends = {name: high + (name in RAGGED) for name in NAMES}
        found = {name: getattr(self, name)[low:end] for name, end in ends.items()}
        return Clocks(**found | {"place": found["place"] - first})


NAMES = tuple(field.name for field in fields(Clocks))


@dataclass(frozen=True)
class Pauses:
    """`reason` -1: kept whatever a text grants. `nth` of that reason in its clock, from 1."""

    begins: Microseconds
    ends: Microseconds
    reason: Codes
    nth: Numbers

    def part(self, low: int, high: int) -> "Pauses":
        some = slice(low, high)
        return Pauses(self.begins[some], self.ends[some], self.reason[some], self.nth[some])


@dataclass(frozen=True)
class Columns:
    """Rounds by first offer, handoff and number; their clocks; pauses; attempts.

    `giver` and `receiver` are teams, or calendars themselves, by `calendar_of`.
    """

    handoff: Numbers
    lead: Numbers
    number: Numbers
    first_offer: Microseconds
    kind: Codes
    segment: Codes
    giver: Codes
    receiver: Codes
    events: NDArray[np.int64]  # a row for each of EVENTS
    clocks: Clocks
    pauses: Pauses
    attempts: Microseconds
    names: tuple[str, ...]
    calendar_of: Mapping[int, str]

    def __len__(self) -> int:
        return int(self.handoff.size)

    def code(self, name: str) -> int:
        return self._codes.get(name, -2)

    @cached_property
    def _codes(self) -> dict[str, int]:
        return {name: code for code, name in enumerate(self.names)}

    def event(self, name: str) -> Microseconds:
        """When an event was, NEVER in the rounds that had none."""
        if name not in EVENTS:
            return np.full(len(self), NEVER, np.int64)
        return np.asarray(self.events[EVENTS.index(name)])

    def at(self, until: int) -> "Columns":
        """The same as of an instant: a pause under way ends then, and a clock that runs is
        late if it was due before."""
        clocks, pauses = self.clocks, self.pauses
        running = np.equal(clocks.stop, NEVER) & ~clocks.stands & (clocks.due < until)
        ends = np.where(pauses.ends == NEVER, until, pauses.ends)
        return replace(
            self,
            clocks=replace(clocks, late=clocks.late | running),
            pauses=replace(pauses, ends=ends),
        )

    def seen(self, key: str, kind: str) -> Numbers:
        """The row of `clocks` that saw an obligation in each round, or else of its kind, the
        last one; -1 where nobody watched."""
        found = np.full(len(self), -1, np.int64)
        alike = np.flatnonzero(self.clocks.kind == self.code(kind))
        named = alike[self.clocks.key[alike] == self.code(key)]
        for rows in (alike, named):
            found[self.clocks.place[rows]] = rows
        return found

    def part(self, first: int, last: int) -> "Columns":
        """The rounds from `first` up to `last`, without copying any."""
        low, high = np.searchsorted(self.clocks.place, [first, last]).tolist()
        p, a = ((begins[low] - begins[0], begins[high] - begins[0]) for begins in self._ragged)
        rounds = {name: getattr(self, name)[first:last] for name in ROUND}
        return replace(
            self,
            **rounds,
            events=self.events[:, first:last],
            clocks=self.clocks.part(low, high, first),
            pauses=self.pauses.part(*p),
            attempts=self.attempts[a[0] : a[1]],
        )

    def offers(self, since: int) -> dict[str, Microseconds]:
        """First offers by kind, sorted, from an instant on."""
        firsts = np.flatnonzero((self.number == 1) & (self.first_offer >= since))
        kinds = self.kind[firsts]
        return {
            self.names[kind]: self.first_offer[firsts[kinds == kind]]
            for kind in np.unique(kinds).tolist()
        }

    def round(self, place: int) -> Round:
        """One round as values."""
        events = {
            name: at
            for name, at in zip(EVENTS, self.events[:, place].tolist(), strict=True)
            if at != NEVER
        }
        giver, receiver = (int(team[place]) for team in (self.giver, self.receiver))
        one = Round(
            int(self.handoff[place]), self._name(self.kind[place]),
            self._name(self.segment[place]), int(self.number[place]),
            int(self.first_offer[place]), self.calendar_of[giver],
            self.calendar_of[receiver], events,
        )  # fmt: skip
        low, high = np.searchsorted(self.clocks.place, [place, place + 1]).tolist()
        for row in range(low, high):
            key, kind = self.clocks.key[row], self.clocks.kind[row]
            one.put(self._name(key), self._name(kind), self.measured(row))
        return one

    def measured(self, row: int) -> Measured:
        """What one clock saw, as values."""
        clocks, pauses = self.clocks, self.pauses
        some, made = (slice(*(b[row : row + 2] - b[0]).tolist()) for b in self._ragged)
        reasons = [self._name(code) for code in pauses.reason[some] if code >= 0]
        return Measured(
            int(clocks.clock[row]), int(clocks.due[row]), int(clocks.stop[row]),
            bool(clocks.late[row]), bool(clocks.parted[row]),
            tuple(zip(pauses.begins[some].tolist(), pauses.ends[some].tolist(), strict=True)),
            int(clocks.needed[row]), tuple(self.attempts[made].tolist()),
            int(clocks.over[row]), tuple(reasons),
        )  # fmt: skip

    @property
    def _ragged(self) -> tuple[Numbers, Numbers]:
        return self.clocks.pauses_from, self.clocks.attempts_from

    def _name(self, code: int) -> str:
        return self.names[int(code)]
