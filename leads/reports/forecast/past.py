"""What became of promises like those that run: read for a forecast, and to check one."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Q

from leads.core.foreseen.calibration import Lived
from leads.core.foreseen.chance import Past, Record, records
from leads.models import Clock
from leads.models.clock import ClockQuerySet
from sla.core.workingtime import between_many, microseconds
from sla.models import Version

BACK = timedelta(days=180)
MOST = 20_000
"""Clocks that a forecast compares with; the newest due, where there are more."""
_COLUMNS = (
    "team", "obligation", "target", "version", "calendar", "started_at", "due_at",
    "stopped_at", "outcome",
)  # fmt: skip
Left = Mapping[int, int]


def like(team: int, obligation: str, target: int) -> Hashable:
    """What makes two promises alike: who owes it, what, and in which time."""
    return team, obligation, target


def known(teams: Iterable[int], at: datetime) -> Mapping[Hashable, Record]:
    """What became of what fell due with these teams in the time back from `at`."""
    fell = ended(at).filter(team__in=teams, due_at__gte=at - BACK)
    return records(Past(one.like, one.took) for one in lives(fell.order_by("-due_at")[:MOST]))


def ended(at: datetime) -> ClockQuerySet:
    """Clocks due before `at` that were kept or are late. What was due by then has come to
    one of them, so nobody who took long is missing. Returned and cancelled ones are out."""
    over = Q(outcome__in=[Clock.Outcome.MET, Clock.Outcome.LATE])
    running = Q(stopped_at=None, paused_at=None)
    return Clock.objects.filter(over | running, due_at__lt=at)


def lives(clocks: ClockQuerySet) -> list[Lived]:
    """What `clocks` lived through, one query; the working time of each as the engine has it."""
    rows = list(clocks.values_list(*_COLUMNS))
    left = time_left([(row[3], row[4], row[7] or row[6], row[6]) for row in rows])
    return [
        Lived(
            like(*row[:3]), microseconds(row[5]), microseconds(row[6]), row[2],
            row[2] - spare if row[8] == Clock.Outcome.MET else None,
        )
        for row, spare in zip(rows, left, strict=True)
    ]  # fmt: skip


def time_left(rows: Sequence[tuple[int, str, datetime, datetime]]) -> list[int]:
    """Working microseconds from an instant to the due one, of (version, calendar, instant,
    due). The due instant moved with every pause, so pauses are out of it."""
    versions = Version.objects.defer("terms", "backtest").in_bulk({row[0] for row in rows})
    places: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        places[row[0], row[1]].append(place)
    left = [0] * len(rows)
    for (version, key), some in places.items():
        calendar = versions[version].parsed.calendar(key)
        spans = between_many(calendar, _column(rows, some, 2), _column(rows, some, 3))
        for place, amount in zip(some, spans.tolist(), strict=True):
            left[place] = amount
    return left


def _column(rows: Sequence[Any], some: Sequence[int], place: int) -> np.ndarray:
    return np.array([microseconds(rows[one][place]) for one in some], np.int64)
