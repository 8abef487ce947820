"""How long things took, in working time, computed as the engine computes due instants."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sla.core import workingtime
from sla.models import Version


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `stop` on a calendar of a version, without `paused` microseconds."""

    version: int
    calendar: str
    start: datetime
    stop: datetime
    paused: int = 0


def taken(spans: Sequence[Span], *known: Version | None) -> list[float]:
    """Seconds of working time of each span, in their order.

    `known`: versions that were read already; the others are read in one query.
    """
    versions = _versions({span.version for span in spans}, known)
    groups: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, span in enumerate(spans):
        groups[span.version, span.calendar].append(place)
    found = [0.0] * len(spans)
    for (version, calendar), places in groups.items():
        members = [spans[place] for place in places]
        for place, took in zip(
            places, _between(versions[version], calendar, members), strict=True
        ):
            found[place] = max(int(took) - spans[place].paused, 0) / 1_000_000
    return found


def _versions(wanted: set[int], known: Iterable[Version | None]) -> dict[int, Version]:
    found = {version.pk: version for version in known if version is not None}
    missing = wanted - found.keys()
    return found | (Version.objects.in_bulk(missing) if missing else {})


def _between(version: Version, calendar: str, members: Sequence[Span]) -> np.ndarray:
    starts = np.array([workingtime.microseconds(one.start) for one in members], dtype=np.int64)
    stops = np.array([workingtime.microseconds(one.stop) for one in members], dtype=np.int64)
    return workingtime.between_many(version.parsed.calendar(calendar), starts, stops)
