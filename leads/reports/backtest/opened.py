"""The rows behind an answer that a job gave: read again slice by slice, and only those
slices that counted any."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from leads.core.rounds import History, Judged, judge
from leads.core.trials.seen import Measured
from leads.models import Handoff
from leads.reports.backtest.reading import history
from leads.reports.backtest.trying import FIGURES, places
from leads.reports.backtest.whole import behind, there
from portal.jobs.models import Job
from sla.core.terms.parts import Obligation
from sla.models import Version


@dataclass(frozen=True)
class Sides:
    """One promise on the rounds of a slice: under the text, and under the one it stood
    beside, where that promises it."""

    owed: Obligation
    past: History
    now: Judged
    before: Judged | None

    def seen(self, place: int) -> Measured:
        """What the clock of a round saw. Raises LookupError for one that nobody measured."""
        found = self.past.rounds[place].of(self.owed)
        if found is None:
            raise LookupError(f"nobody measured {self.owed.key} in round {place}")
        return found

    def of(self, which: str) -> dict[int, int]:
        """The rounds that a figure counts: their places by the clock that each is known by."""
        found = places(self.now, self.before)[which]
        return {self.seen(place).clock: place for place in found.tolist()}


def at(judged: Judged | None, place: int) -> int | None:
    """Where a round stands among those judged; None if it was not owed there."""
    if judged is None:
        return None
    row = int(np.searchsorted(judged.rows, place))
    return row if row < judged.rows.size and judged.rows[row] == place else None


@dataclass(frozen=True)
class Opened:
    """One figure of a job's answer: `which` of FIGURES, of the promise `owed`."""

    version: Version
    base: Version | None
    job: Job
    owed: Obligation
    which: str

    @property
    def total(self) -> int:
        return sum(number for _slice, number in self._counted())

    @property
    def as_of(self) -> datetime:
        """The instant at which it was counted."""
        return datetime.fromisoformat(self.job.arguments["at"])

    def slices(self, last: int | None = None) -> list[int]:
        """Which slices counted any, the newest first; from `last` on if one is given."""
        found = [one for one, number in self._counted() if number]
        return [one for one in reversed(found) if last is None or one <= last]

    def sides(self, number: int) -> Sides:
        """A slice read again, as the job read it."""
        ends = self.job.result["slices"]
        since, until = (
            datetime.fromisoformat(self.job.arguments[name]) for name in ("since", "until")
        )
        some = there(self.version, since, until).exclude(behind(ends[number]))
        if number:
            some = some.filter(behind(ends[number - 1]))
        handoffs = Handoff.objects.filter(pk__in=list(some.values_list("pk", flat=True)))
        past = history(self.version.agreement_id, handoffs, self.as_of)
        now = judge(self.version.parsed, self.owed, past)
        return Sides(self.owed, past, now, self._before(past))

    def _before(self, past: History) -> Judged | None:
        if self.base is None:
            return None
        old = self.base.parsed
        was = next((one for one in old.obligations if one.key == self.owed.key), None)
        return None if was is None else judge(old, was, past)

    def _counted(self) -> Iterator[tuple[int, int]]:
        column = FIGURES.index(self.which)
        for number, (_at, _pk, counts) in enumerate(self.job.result.get("slices", ())):
            yield number, counts.get(self.owed.key, [0] * len(FIGURES))[column]
