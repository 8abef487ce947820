"""Which alerts a clock must have and may have, from its entries in the ledger alone.

Another way to the answer than the sweep's: no row of a clock is read, no calendar, no
`next_step`. The entries say from when to when the clock ran and when each step was due.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

MICROSECOND = timedelta(microseconds=1)
Instants = dict[str, datetime]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry about one clock: its kind, when it was written, what it says openly."""

    kind: str
    at: datetime
    clear: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert as its row has it."""

    pk: int
    step: str
    due: datetime
    at: datetime


@dataclass
class Expected:
    """Steps with the instants at which they fell due: `required` must have an alert by now,
    `allowed` may have one. `steps` is the ladder as it stands; `is_open`: it has not stopped.
    """

    required: Instants = field(default_factory=dict)
    allowed: dict[str, set[datetime]] = field(default_factory=dict)
    steps: Instants = field(default_factory=dict)
    is_open: bool = False

    def differences(self, alerts: Iterable[Raised]) -> Iterable[str]:
        """What the rows have that the ledger does not say, and the other way round."""
        there = {one.step: one for one in alerts}
        for step, due in self.required.items():
            if step not in there:
                yield f"step {step}, due {_said(due)}: its alert is missing"
        for step, one in there.items():
            if step not in self.allowed:
                yield f"step {step}: alert {one.pk} is one too many"
            elif one.due not in self.allowed[step]:
                yield f"step {step}: alert {one.pk} says due {_said(one.due)}, the ledger not"
            elif one.at < one.due:
                yield f"step {step}: alert {one.pk} was raised before it was due"


def expected(entries: Iterable[Entry], until: datetime) -> Expected:
    """Play the entries of one clock, in the order of the ledger; a step that is due before
    `until` must have its alert by now. Raises LookupError or ValueError for an entry that
    makes no sense."""
    playing = _Playing()
    for entry in entries:
        playing.take(entry)
    if playing.runs:
        playing.ran(until, may=None)
    return playing.found


class _Playing:
    """A clock while its entries are read."""

    def __init__(self) -> None:
        self.found, self.runs = Expected(), False

    def take(self, entry: Entry) -> None:
        clear = entry.clear
        match entry.kind:
            case "clock_started":
                self._go_on(clear, runs=True)
            case "clock_paused":
                end = _instant(clear["paused_at"]) + MICROSECOND  # what is due then is raised
                self.ran(end, may=end)
                self.runs = False
            case "clock_resumed":
                self._go_on(clear, runs=True)
            case "clock_stopped":
                self._stop(_instant(clear["stopped_at"]), entry.at)
            case "clock_reopened":
                is_open = clear["stopped_at"] is None
                self._go_on(clear, runs=is_open and clear.get("paused_at") is None)
                self.found.is_open = is_open

    def _go_on(self, clear: Mapping[str, Any], *, runs: bool) -> None:
        self.found.steps = {key: _instant(at) for key, at in clear["steps"].items()}
        self.found.is_open, self.runs = True, runs

    def _stop(self, stopped: datetime, written: datetime) -> None:
        """Evidence may say later that it stopped before: alerts raised till then may stay."""
        if self.runs:
            self.ran(stopped, may=max(stopped, written))
        self.found.is_open = self.runs = False

    def ran(self, until: datetime, *, may: datetime | None) -> None:
        """The clock ran up to `until`; alerts may be there for steps before `may`."""
        for step, due in self.found.steps.items():
            if due < until:
                self.found.required.setdefault(step, due)
            if may is None or due < may:
                self.found.allowed.setdefault(step, set()).add(due)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _said(at: datetime) -> str:
    return f"{at:%d %b %Y %H:%M:%S} UTC"
