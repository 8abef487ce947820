"""A draft or a version on past handoffs, beside the version in force: the summary."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from leads.core.backtest import Fate
from leads.core.rounds import History, Judged, judge
from leads.reports.backtest.columns import history, remembered
from leads.reports.backtest.costing import clauses, stages
from leads.reports.backtest.reading import MOST
from sla.core.backtest import Backtest, Tried
from sla.core.terms import Terms
from sla.core.terms.parts import Obligation
from sla.models import Version

Places = NDArray[np.int64]
FIGURES = ("n", "late", "before", "newly", "spared")
"""What is counted of each promise, by the names that `Tried` gives it."""


def backtest(
    version: Version, base: Version | None, since: datetime, until: datetime, at: datetime
) -> Backtest:
    """Try a version on the handoffs of its agreement first offered in [since, until).

    How each obligation that is promised otherwise than in `base`, or ends otherwise, would
    have ended by `at`. Imported history has no clocks and is not in it.
    """
    past, found = history(remembered(version.agreement_id), since, until, at, MOST)
    new, old = version.parsed, base.parsed if base else None
    rows = list(outcomes(new, old, past)) if past.rounds else []
    kept = [row for owed, row in rows if differs(new, old, owed) or row.newly or row.spared]
    return Backtest(
        since=since,
        until=until,
        base=base.number if base else None,
        handoffs=min(found, MOST),
        rows=tuple(kept),
        same=len(rows) - len(kept),
        cut=found > MOST,
        clauses=clauses(old, new, past),
        stages=stages(version, base, since, until),
    )


def outcomes(
    new: Terms, old: Terms | None, past: History
) -> Iterator[tuple[Obligation, Tried]]:
    """Every promise of `new` that a handoff starts, beside the same one of `old`."""
    before = {owed.key: owed for owed in old.obligations} if old else {}
    for owed in new.obligations:
        if owed.kind != "contribution":
            judged = judge(new, owed, past)
            was = before.get(owed.key)
            former = judge(old, was, past) if old is not None and was is not None else None
            yield owed, tried(owed, judged, former)


def tried(owed: Obligation, judged: Judged, former: Judged | None) -> Tried:
    """Count what would have ended otherwise; `former` is the same under the terms before."""
    found = places(judged, former)
    return Tried(
        obligation=owed.key,
        name=owed.name,
        n=found["n"].size,
        late=found["late"].size,
        before=None if former is None else found["before"].size,
        newly=found["newly"].size,
        spared=found["spared"].size,
        unseen=judged.unseen,
        attainment=owed.attainment,
    )


def places(judged: Judged, former: Judged | None) -> dict[str, Places]:
    """The rounds that each figure of `tried` counts, by their places in the history."""
    late = _places(judged, Fate.LATE)
    nothing = np.empty(0, np.int64)
    was = nothing if former is None else _places(former, Fate.LATE)
    return {
        "n": _places(judged, Fate.LATE, Fate.MET),
        "late": late,
        "before": was,
        "newly": nothing if former is None else np.setdiff1d(late, was),
        "spared": nothing if former is None else np.setdiff1d(was, late),
    }


def _places(judged: Judged, *fates: Fate) -> Places:
    return judged.rows[np.isin(judged.fate, fates)]


def differs(new: Terms, old: Terms | None, owed: Obligation) -> bool:
    """Whether the promise itself is another one: its target, start, calendar, attempts."""
    if old is None:
        return True
    was = next((one for one in old.obligations if one.key == owed.key), None)
    return was is None or _promised(was) != _promised(owed)


def _promised(owed: Obligation) -> tuple[object, ...]:
    return owed.kind, owed.handoff, owed.starts, owed.targets, owed.calendar, owed.attempts
