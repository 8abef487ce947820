"""A text on every handoff of a time: each round late or not then, and under this text.

It reads and judges as the backtest that is kept with a proposal does, and keeps the rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leads.core.backtest import Fate, Flags, Microseconds
from leads.core.rounds import History, Judged, judge
from leads.core.targets import Suggested, Taken, suggest, taken, targets
from leads.core.trials.clauses import Costs, costs, timed
from leads.core.trials.seen import Measured, Round
from leads.reports.backtest.columns import history, remembered
from leads.reports.backtest.trying import tried
from sla.core.backtest import Tried
from sla.core.durations import Duration
from sla.core.terms import Terms
from sla.core.terms.parts import Obligation
from sla.models import Version

MOST = 200_000
"""Handoffs that one look at a page tries; the newest, where there are more."""
SHARES = (80, 90, 95)
WHICH = ("judged", "then", "late", "newly", "spared", "target")


@dataclass(frozen=True)
class Outcome:
    """One obligation in the rounds that the text owes it in, in the order of the history.

    `then`: late under the text that governed the round. `target`: one for all that is tried
    instead of those of the text, if there is one.
    """

    terms: Terms
    owed: Obligation
    past: History
    judged: Judged
    then: Flags
    target: Duration | None = None

    @cached_property
    def late(self) -> Flags:
        return np.equal(self.judged.fate, Fate.LATE)

    @cached_property
    def counted(self) -> Flags:
        """Those that are kept or late under the text; a share is of these."""
        return np.isin(self.judged.fate, (Fate.MET, Fate.LATE))

    @cached_property
    def figures(self) -> Tried:
        return tried(self.owed, self.judged, None)

    @cached_property
    def taken(self) -> Taken:
        return taken(self.terms, self.owed, self.past)

    @cached_property
    def moved(self) -> NDArray[np.int8]:
        """How each ends under the target that is tried, a `Fate` each."""
        if self.target is None:
            return self.judged.fate
        return self.taken.fates(targets(self.terms, self.taken, self.target))

    @cached_property
    def suggested(self) -> list[Suggested]:
        return [suggest(self.taken, percent) for percent in SHARES]

    @property
    def starts(self) -> Microseconds:
        return self.taken.starts

    def of(self, which: str) -> Flags:
        """The rounds that a count is of: one of WHICH."""
        found: dict[str, Flags] = {
            "judged": self.counted,
            "then": self.then,
            "late": self.late,
            "newly": self.late & ~self.then,
            "spared": self.then & ~self.late,
            "target": np.equal(self.moved, Fate.LATE),
        }
        return found[which]

    def number(self, which: str) -> int:
        return int(np.count_nonzero(self.of(which)))

    def round(self, row: int) -> Round:
        return self.past.rounds[int(self.judged.rows[row])]

    def seen(self, row: int) -> Measured:
        """What the clock of a row saw."""
        return self.past.columns.measured(int(self.judged.clocks[row]))

    @cached_property
    def clocks(self) -> NDArray[np.int64]:
        """The number of the clock of each row."""
        return self.past.columns.clocks.clock[self.judged.clocks]


@dataclass(frozen=True)
class Trial:
    """A text on the handoffs first offered in a time: `handoffs` of `found` were read."""

    terms: Terms
    past: History
    handoffs: int
    found: int

    @property
    def cut(self) -> bool:
        return self.found > self.handoffs

    def outcomes(self) -> Iterator[Outcome]:
        """Every obligation of the text that has a clock on handoffs."""
        for owed in timed(self.terms):
            yield self.of(owed)

    def costs(self, old: Terms) -> Costs:
        """What each clause that is other than in `old` would have cost by itself."""
        return costs(old, self.terms, self.past)

    def of(self, owed: Obligation, target: Duration | None = None) -> Outcome:
        judged = judge(self.terms, owed, self.past)
        late = self.past.columns.clocks.late[judged.clocks]
        return Outcome(self.terms, owed, self.past, judged, late, target)


def trial(version: Version, since: datetime, until: datetime, at: datetime) -> Trial:
    """Try a version on the handoffs of its agreement first offered in [since, until), as of
    `at`; the newest MOST of them. Raises TermsError for a draft that makes no sense yet.
    """
    terms = version.parsed
    columns = remembered(version.agreement_id)
    past, found = history(columns, since, until, at, MOST)
    return Trial(terms, past, min(found, MOST), found)
