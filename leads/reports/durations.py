"""How long things took, in working time, computed as the engine computes due instants."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import numpy as np

from leads.models.clock import ClockQuerySet
from sla.core import workingtime
from sla.models import Version

Key = tuple[str, str]


def taken(clocks: ClockQuerySet) -> dict[Key, list[float]]:
    """Seconds of working time from start to stop, without pauses, by (obligation, department).

    Only clocks that were stopped by what they asked for; one that never was is counted
    elsewhere and would hide in a mean.
    """
    stopped = clocks.filter(stopped_at__isnull=False, outcome__in=["met", "late"])
    columns = stopped.values_list(
        "version_id",
        "calendar",
        "obligation",
        "department_id",
        "started_at",
        "stopped_at",
        "paused",
    )
    groups: dict[tuple[int, str], list[tuple[Key, datetime, datetime, int]]] = defaultdict(list)
    for version, calendar, obligation, department, started, stopped_at, paused in columns:
        if stopped_at is None:
            continue  # the filter above leaves none; the column may hold it
        key = (obligation, department)
        groups[version, calendar].append((key, started, stopped_at, paused))
    versions = Version.objects.in_bulk({version for version, _ in groups})
    found: dict[Key, list[float]] = defaultdict(list)
    for (version, calendar), members in groups.items():
        working = _between(versions[version], calendar, members)
        for (key, _, _, paused), took in zip(members, working, strict=True):
            found[key].append(max(int(took) - paused, 0) / 1_000_000)
    return dict(found)


def _between(
    version: Version, calendar: str, members: Iterable[tuple[Key, datetime, datetime, int]]
) -> np.ndarray:
    starts = np.array([workingtime.microseconds(m[1]) for m in members], dtype=np.int64)
    stops = np.array([workingtime.microseconds(m[2]) for m in members], dtype=np.int64)
    return workingtime.between_many(version.parsed.calendar(calendar), starts, stops)
