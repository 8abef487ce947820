"""One past round as values: when its events were, and what its clocks saw.

A round keeps the facts alone. Instants are int64 microseconds since 1970-01-01T00:00Z.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from leads.core.backtest import NEVER
from sla.core import ladder
from sla.core.calendar import WorkingCalendar
from sla.core.terms.parts import Obligation
from sla.core.workingtime import instant, microseconds

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
