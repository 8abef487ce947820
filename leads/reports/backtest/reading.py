"""The rounds of past handoffs as facts, read anew."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from leads.core.backtest import Microseconds
from leads.core.rounds import History
from leads.core.trials.columns import Columns
from leads.models import Handoff
from leads.models.handoff import HandoffQuerySet
from leads.reports.backtest.columns import anew
from sla.core.workingtime import instant, microseconds

MOST = 5_000
"""Handoffs that one summary reads; the newest, where there are more."""
A_WEEK = timedelta(days=8)  # and a day, for any zone


def history(agreement_id: int, handoffs: HandoffQuerySet, at: datetime) -> History:
    """What happened in `handoffs` up to `at`, round by round, oldest first."""
    columns, now = anew(handoffs), microseconds(at)
    return History(columns.at(now), Offers(agreement_id, columns), now)


class Offers(Mapping[str, Microseconds]):
    """First offers by kind, back to a week before the oldest of some columns: what reciprocity
    counts, and what is asked for only by a text that has any."""

    def __init__(self, agreement_id: int, columns: Columns) -> None:
        self._agreement_id = agreement_id
        self._ends = [instant(int(columns.first_offer[n])) for n in (0, -1) if len(columns)]

    @cached_property
    def _there(self) -> dict[str, Microseconds]:
        if not self._ends:
            return {}
        first, last = self._ends
        there = Handoff.objects.filter(
            version__agreement=self._agreement_id,
            first_offered_at__gte=first - A_WEEK,
            first_offered_at__lte=last,
        )
        found: dict[str, list[int]] = defaultdict(list)
        for kind, at in _ordered(there):
            found[kind].append(microseconds(at))
        return {kind: np.array(instants, np.int64) for kind, instants in found.items()}

    def __getitem__(self, kind: str) -> Microseconds:
        return self._there[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._there)

    def __len__(self) -> int:
        return len(self._there)


def _ordered(handoffs: HandoffQuerySet) -> Iterator[tuple[str, datetime]]:
    yield from handoffs.order_by("first_offered_at").values_list("kind", "first_offered_at")
