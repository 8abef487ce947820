"""Who qualifies, broken down: by the team that has Marketing's seat on a lead, by when it
came, and by its source."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from leads.core.backtest import Flags
from leads.models import Assignment, Lead
from leads.reports.backtest.groups.handoffs import By, when
from leads.reports.backtest.qualifying import CAME, WHICH, Qualified
from leads.reports.people.smallest import APART, named

GIVING = "marketing"


@dataclass(frozen=True)
class Among:
    """The leads of one key: `n` of them, and how many each count of WHICH is."""

    key: str
    n: int
    counts: dict[str, int]


def among(one: Qualified, by: By, zone: ZoneInfo) -> list[Among]:
    """Every group with leads; times in their order, others by how many there are, what is
    told of no team apart last."""
    keys = keys_of(one, by, zone)
    found = [_among(one, key, keys == key) for key in sorted(set(keys.tolist()))]
    if by in ("team", "source"):
        found.sort(key=lambda some: (some.key == APART, -some.n))
    return found


def keys_of(one: Qualified, by: By, zone: ZoneInfo) -> np.ndarray:
    """The group of each lead: a team's name, 0 for Monday, the hour it came at, a source."""
    names = _named(one, by, zone)
    return np.array([names.get(lead) or "" for lead in one.leads.tolist()], np.str_)


def _named(one: Qualified, by: By, zone: ZoneInfo) -> dict[int, str]:
    if not one.leads.size:
        return {}
    first, last = int(one.leads[0]), int(one.leads[-1])
    if by == "team":
        seats = Assignment.objects.filter(
            department=GIVING, until=None, lead__gte=first, lead__lte=last
        )
        teams = dict(seats.values_list("lead", "team"))
        names = named(set(teams.values()))
        return {lead: names[team] for lead, team in teams.items()}
    there = Lead.objects.filter(pk__gte=first, pk__lte=last)
    if by == "source":
        return dict(there.values_list("pk", "source"))
    came = there.values_list("pk", CAME).iterator()
    return {pk: when(at.astimezone(zone), by) for pk, at in came}


def _among(one: Qualified, key: str, there: Flags) -> Among:
    counts = {which: int(np.count_nonzero(one.of(which) & there)) for which in WHICH}
    return Among(key, int(np.count_nonzero(there)), counts)
