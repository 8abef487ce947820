"""The rounds of handoffs by number, as they were read, and up to which entry that holds."""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Lock
from typing import Any

from leads.core.rounds import History, Round
from leads.models import Handoff
from leads.models.handoff import HandoffQuerySet
from leads.reports.backtest.reading import HANDOFF, Offers, read
from leads.reports.backtest.remembered import tail
from sla.core.workingtime import microseconds

ROOM = 20_000  # handoffs; a process that was asked for more begins again
LEAD = HANDOFF.index("lead")
CALENDARS = HANDOFF.index("giver_team__calendar"), HANDOFF.index("receiver_team__calendar")

Ask = Callable[[], tuple[list[tuple[Any, ...]], HandoffQuerySet]]
"""Which handoffs, by their columns HANDOFF and as a query. It is asked after the ledger was:
what happens in between is then looked at again the next time."""


class Memory:
    """What one process keeps. `reads` counts the handoffs that were read, for who measures."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.reads = 0
        self.place: tail.Place | None = None
        self._forget()

    def _forget(self) -> None:
        self.rounds: dict[int, list[Round]] = {}
        self.leads: dict[int, int] = {}
        self.live: set[int] = set()

    def history(self, agreement_id: int, ask: Ask, at: datetime) -> History:
        """As `reading.history`: what changed since, and what lives, is read again."""
        with self.lock:
            self._catch_up()
            rows, handoffs = ask()
            if len(self.rounds) + len(rows) > ROOM:
                self._forget()
            new = [row for row in rows if not self._holds(row)]
            if len(new) < len(rows):
                handoffs = Handoff.objects.filter(pk__in=[row[0] for row in new])
            if new:
                self._read(new, handoffs, at)
            rounds = [one for row in rows for one in self.rounds[row[0]]]
        return History(rounds, Offers(agreement_id, rows), microseconds(at))

    def _catch_up(self) -> None:
        """Forget what the ledger tells of since. Its end is looked up before the rows are:
        what comes between is looked at twice, and never missed."""
        found = tail.since(self.place)
        self.place = found.end
        if found.every:
            self._forget()
        for handoff in found.handoffs:
            self.rounds.pop(handoff, None)
        for handoff, lead in self.leads.items():
            if lead in found.leads:
                self.rounds.pop(handoff, None)

    def _holds(self, row: Sequence[Any]) -> bool:
        """Whether a handoff is known, nothing runs there, and its teams count as they did."""
        rounds = self.rounds.get(row[0])
        if rounds is None or row[0] in self.live:
            return False
        one = rounds[0]
        return (one.giver_calendar, one.receiver_calendar) == tuple(row[n] for n in CALENDARS)

    def _read(
        self, rows: list[tuple[Any, ...]], handoffs: HandoffQuerySet, at: datetime
    ) -> None:
        found = read(rows, handoffs, at)
        self.live = (self.live - found.rounds.keys()) | found.live
        self.rounds |= found.rounds
        self.leads |= {row[0]: row[LEAD] for row in rows}
        self.reads += len(rows)


_MEMORY = Memory()


def remembered(agreement_id: int, ask: Ask, at: datetime) -> History:
    """The history of what `ask` gives, from what this process has read before as far as it
    holds."""
    return _MEMORY.history(agreement_id, ask, at)
