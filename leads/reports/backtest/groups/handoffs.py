"""An outcome broken down by who owed it, when it began, and where the lead came from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import numpy as np

from leads.core.backtest import Flags
from leads.models import Clock
from leads.reports.backtest.trial import Outcome
from leads.reports.people.smallest import APART, named
from sla.core.workingtime import instant

By = Literal["team", "weekday", "hour", "source"]
BYS: tuple[By, ...] = get_args(By)


@dataclass(frozen=True)
class Group:
    """The rows of one key: kept or late `n`, late under the text then, this one, the target."""

    key: str
    n: int
    then: int
    late: int
    target: int


def groups(outcome: Outcome, by: By, zone: ZoneInfo) -> list[Group]:
    """Every group that a row is in; times in their order, others by how many are late, what
    is told of no team apart last."""
    keys = keys_of(outcome, by, zone)
    found = [_group(outcome, key, keys == key) for key in sorted(set(keys.tolist()))]
    if by in ("team", "source"):
        found.sort(key=lambda group: (group.key == APART, -group.late, -group.n))
    return [group for group in found if group.n or group.then or group.target]


def keys_of(outcome: Outcome, by: By, zone: ZoneInfo) -> np.ndarray:
    """The group of each row: a team's name, 0 for Monday, the hour it began at, a source."""
    if by in ("weekday", "hour"):
        begun = [instant(int(at)).astimezone(zone) for at in outcome.starts]
        return np.array([when(at, by) for at in begun], np.str_)
    names = _names(outcome, by)
    return np.array([names.get(clock) or "" for clock in outcome.clocks.tolist()], np.str_)


def when(at: datetime, by: By) -> str:
    """The group of a local instant, for weekday and hour."""
    return f"{at.weekday()}" if by == "weekday" else f"{at:%H}"


def _names(outcome: Outcome, by: By) -> dict[int, str]:
    """Who owed it, or the source of its lead, by clock."""
    clocks = outcome.clocks
    if not clocks.size:
        return {}
    first, last = int(clocks.min()), int(clocks.max())
    there = Clock.objects.filter(kind=outcome.owed.kind, pk__gte=first, pk__lte=last)
    if by == "source":
        return dict(there.values_list("pk", "lead__source"))
    teams = dict(there.values_list("pk", "team"))
    names = named(set(teams.values()))
    return {clock: names[team] for clock, team in teams.items()}


def _group(outcome: Outcome, key: str, there: Flags) -> Group:
    n, then, late, target = (
        int(np.count_nonzero(outcome.of(which) & there))
        for which in ("judged", "then", "late", "target")
    )
    return Group(key, n, then, late, target)
