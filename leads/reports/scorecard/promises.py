"""Obligations: how each was kept by each department, and how long it took."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from leads.core.statistics import percentile
from leads.reports import durations, figures
from leads.reports.durations import Span
from leads.reports.figures import Tally
from leads.reports.period import Filters
from portal.reader.language import say
from sla.core.durations import in_words, working
from sla.core.terms import Terms
from sla.core.terms.parts import Obligation
from sla.models import Version

FEW = 5
Key = tuple[str, str, str]
Times = Sequence[float] | NDArray[np.float64]
Ended = tuple[list[Tally], Mapping[Key, Times]]
"""How the clocks of each obligation, kind and department ended, and how long they took."""


@dataclass(frozen=True)
class Promise:
    """One obligation of one department with how it was kept. Times are working seconds.

    `target` is drawn only where all kinds of lead have the same one.
    """

    obligation: Obligation | None
    tally: Tally
    times: Times
    target: float | None

    @property
    def name(self) -> str:
        return self.obligation.name if self.obligation else self.tally.obligation

    @property
    def share(self) -> float | None:
        """Attainment: met of met and late; None while nothing was due."""
        return self.tally.share

    @property
    def agreed(self) -> int | None:
        """What was agreed, in percent."""
        return self.obligation.attainment if self.obligation else None

    @property
    def verdict(self) -> str:
        """`kept` or `below`; `few` under five due clocks, `none` where nothing was agreed."""
        if self.agreed is None:
            return "none"
        if self.share is None or self.tally.due < FEW:
            return "few"
        return "kept" if self.share * 100 >= self.agreed else "below"

    @property
    def p50(self) -> float | None:
        return percentile(self.times, 0.5)

    @property
    def p90(self) -> float | None:
        return percentile(self.times, 0.9)

    @property
    def rule(self) -> str:
        """The targets in words: "15 minutes (demo request), 1 hour (trial)"."""
        if self.obligation is None:
            return ""
        said = []
        for target in self.obligation.targets:
            for_whom = f" ({target.segment.replace('_', ' ')})" if target.segment else ""
            said.append(f"{in_words(target.within, say=say)}{for_whom}")
        return ", ".join(said)


def promises(
    version: Version | None, filters: Filters, at: datetime, ended: Ended | None = None
) -> list[Promise]:
    """One promise per obligation and department, in the order of the terms of `version`.

    Clocks of a version that named an obligation otherwise are shown too, after the rest.
    One query, and one for the versions that the clocks are pinned to; none if it is known
    how they `ended`.
    """
    terms = version.parsed if version else None
    obligations = {o.key: o for o in terms.obligations} if terms else {}
    order = {key: place for place, key in enumerate(obligations)}
    tallies, times = ended or _read(version, filters, at)
    found = [
        Promise(
            obligation=(owed := obligations.get(tally.obligation)),
            tally=tally,
            times=times.get((tally.obligation, tally.kind, tally.party), ()),
            target=_target(terms, owed) if terms and owed else None,
        )
        for tally in tallies
    ]
    return sorted(found, key=lambda p: order.get(p.tally.obligation, len(order)))


def _read(version: Version | None, filters: Filters, at: datetime) -> Ended:
    """How the clocks ended, and how long those took that were stopped by what they asked.

    What was never done is counted and has no time; it would hide in a mean.
    """
    columns = figures.ended(
        filters, at, "version_id", "calendar", "started_at", "stopped_at", "paused"
    )
    counts: dict[Key, Counter[str]] = defaultdict(Counter)
    keys: list[Key] = []
    spans: list[Span] = []
    for obligation, kind, party, ended, pinned, calendar, start, stop, paused in columns:
        key = (obligation, kind, str(party))
        counts[key][ended] += 1
        if ended in {"met", "late"} and stop is not None:
            keys.append(key)
            spans.append(Span(pinned, calendar, start, stop, paused))
        elif ended == "late":
            counts[key]["never"] += 1
    times: dict[Key, list[float]] = defaultdict(list)
    for key, took in zip(keys, durations.taken(spans, version), strict=True):
        times[key].append(took)
    return [tally_of(key, one) for key, one in counts.items()], dict(times)


def tally_of(key: Key, counts: Counter[str]) -> Tally:
    obligation, kind, party = key
    met, late, still, returned, cancelled, excused, never = (
        counts[name] for name in (*figures.OUTCOMES, "never")
    )
    return Tally(obligation, kind, party, met, late, still, returned, cancelled, excused, never)


def _target(terms: Terms, obligation: Obligation) -> float | None:
    """The one target of an obligation in working seconds, or None where kinds differ."""
    lengths = {target.within for target in obligation.targets}
    if len(lengths) != 1 or not terms.calendars:
        return None
    calendar = terms.calendar(obligation.calendar.fixed or next(iter(terms.calendars)))
    return working(lengths.pop(), calendar).total_seconds()
