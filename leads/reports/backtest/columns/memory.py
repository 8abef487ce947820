"""The columns that this process has, and up to which entry of the ledger they hold."""

from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

import numpy as np
from django.db.models import Q

from leads.core.rounds import History
from leads.core.trials.columns import Columns
from leads.core.trials.filling import filled
from leads.core.trials.joining import renewed
from leads.models import Handoff
from leads.models.handoff import HandoffQuerySet
from leads.reports.backtest.columns import files, tail
from leads.reports.backtest.columns.asking import asked
from portal.accounts.models.team import all_teams
from sla.core.workingtime import microseconds

LARGE = 20_000
"""Rounds from which on columns are kept in files, too; of fewer a process reads its own."""
MANY = 5_000
"""Handoffs that changed since the files were written, after which they are written again."""
A_WEEK = 8 * 86_400_000_000  # and a day, for any zone


@dataclass
class Known:
    """Columns of one agreement up to a place, and how many handoffs the files do not know."""

    columns: Columns
    place: tail.Place | None
    since_written: int = 0


class Memory:
    """What one process keeps. `reads` counts the handoffs that were read, for who measures."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.reads = 0
        self.known: dict[int, Known] = {}

    def columns(self, agreement_id: int) -> Columns:
        """All handoffs of an agreement, as they are now."""
        with self.lock:
            known = self.known.get(agreement_id) or self._of_files(agreement_id)
            known = self._caught_up(agreement_id, known)
            self.known[agreement_id] = known
            self._write(agreement_id, known)
            return replace(known.columns, calendar_of=calendars())

    def _of_files(self, agreement_id: int) -> Known | None:
        found = files.kept(agreement_id)
        return Known(*found) if found else None

    def _caught_up(self, agreement_id: int, known: Known | None) -> Known:
        """The ledger's end is looked up before the rows are: what comes between is looked at
        twice, and never missed."""
        came = tail.since(known.place if known else None)
        every = Handoff.objects.filter(version__agreement=agreement_id)
        if known is None or came.every:
            columns = self._read(every)
            return Known(columns, came.end, since_written=len(columns))
        if not came.leads and not came.handoffs:
            return Known(known.columns, came.end, known.since_written)
        there = Q(pk__in=came.handoffs) | Q(lead__in=came.leads)
        fresh = self._read(every.filter(there))
        before = known.columns
        gone = np.isin(before.lead, list(came.leads)) | np.isin(
            before.handoff, [*came.handoffs, *fresh.handoff.tolist()]
        )
        columns = renewed(before, np.unique(before.handoff[gone]), fresh)
        changed = known.since_written + int(np.count_nonzero(fresh.number == 1))
        return Known(columns, came.end, changed)

    def _read(self, there: HandoffQuerySet) -> Columns:
        found = filled(asked(there))
        self.reads += int(np.count_nonzero(found.number == 1))
        return found

    def _write(self, agreement_id: int, known: Known) -> None:
        large = len(known.columns) >= LARGE
        if large and known.place and known.since_written >= MANY:
            files.keep(agreement_id, known.columns, known.place)
            known.since_written = 0


_MEMORY = Memory()


def remembered(agreement_id: int) -> Columns:
    """All handoffs of an agreement, from what this process or another one has read before as
    far as it holds."""
    return _MEMORY.columns(agreement_id)


def anew(there: HandoffQuerySet) -> Columns:
    """Some handoffs as the database says they are."""
    return replace(filled(asked(there)), calendar_of=calendars())


def calendars() -> dict[int, str]:
    """The calendar of each team as it is now."""
    return {team.pk: team.calendar for team in all_teams().values()}


def history(
    columns: Columns, since: datetime, until: datetime, at: datetime, most: int | None = None
) -> tuple[History, int]:
    """The rounds of handoffs first offered in [since, until) as of `at`, the newest `most`
    handoffs of them; and how many handoffs there are."""
    edges = [microseconds(since), microseconds(until)]
    first, last = np.searchsorted(columns.first_offer, edges).tolist()
    firsts = first + np.flatnonzero(columns.number[first:last] == 1)
    if most is not None and firsts.size > most:
        first = int(firsts[-most])
    offers = {}
    if first < last:
        week = int(columns.first_offer[first]) - A_WEEK
        offers = columns.part(0, last).offers(week)
    now = microseconds(at)
    return History(columns.part(first, last).at(now), offers, now), int(firsts.size)
