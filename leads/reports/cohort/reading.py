"""Leads whose journey began in a period, followed from stage to stage until now.

Everything is read in four statements and sorted here; each figure holds the ids of the rows
that it counts, so that its link opens exactly those.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise, zip_longest
from typing import Literal

import numpy as np
from django.db.models import Exists, Min, OuterRef, QuerySet
from numpy.typing import NDArray

from leads.core.statistics import percentile
from leads.core.words.renamed import names_now
from leads.models import Contribution, Handoff, Lead, StageEntry, Touch
from leads.reports.period import Filters
from leads.reports.scorecard import beside
from sla.core.terms.parts import Stage
from sla.models import Version

Noun = Literal["entries", "touches", "contributions"]
PARTIES = ("marketing", "sales")
ASKED = ("asked", "delivered", "used")
DAY = 86_400.0


@dataclass(frozen=True)
class Stay:
    """One entry, and how long it lasted: until the next one, or until the lead was closed."""

    entry: int
    lead: int
    stage: str
    since: datetime
    until: datetime | None

    @property
    def days(self) -> float | None:
        return None if self.until is None else (self.until - self.since).total_seconds() / DAY


Quartiles = tuple[float, float, float]


def quartiles(days: Sequence[float] | NDArray[np.float64]) -> Quartiles:
    """What a quarter, half, and three quarters did not exceed, of one value at least. Values
    that were seen, by nearest rank."""
    low, middle, high = (percentile(days, share) or 0.0 for share in (0.25, 0.5, 0.75))
    return low, middle, high


@dataclass(frozen=True)
class Journey:
    """The numbers of a cohort: those of `Cohort.figures` that are not nought, by their keys,
    but moves, which are (from, to); and the days of the stays that ended, by stage."""

    filters: Filters
    stages: Sequence[Stage]
    leads: int
    imported: int
    numbers: Mapping[str, int]
    moves: Mapping[tuple[str, str], int]
    days: Mapping[str, Quartiles]

    @property
    def order(self) -> dict[str, int]:
        return {stage.key: place for place, stage in enumerate(self.stages)}

    def is_back(self, move: tuple[str, str]) -> bool:
        """Whether a move goes to an earlier stage; one from or to nowhere known does not."""
        order = self.order
        return order.get(move[1], -1) < order.get(move[0], -1) if move[1] in order else False

    @property
    def in_order(self) -> list[tuple[tuple[str, str], int]]:
        """The moves as the stages follow each other."""
        order = self.order
        return sorted(
            self.moves.items(), key=lambda one: [order.get(stage, 99) for stage in one[0]]
        )

    def entered(self, stage: str) -> int:
        return self.numbers.get(f"entered:{stage}", 0)


@dataclass
class Cohort:
    """`moves`: (from, to) -> entries; `touches` and `material` by stage at their time, "" is
    before the first stage; `after`: what each department did after a sale."""

    filters: Filters
    stages: Sequence[Stage]
    leads: int = 0
    imported: int = 0
    stays: Mapping[str, list[Stay]] = field(default_factory=dict)
    moves: Mapping[tuple[str, str], list[int]] = field(default_factory=dict)
    touches: Mapping[tuple[str, str], list[int]] = field(default_factory=dict)
    material: Mapping[tuple[str, str], list[int]] = field(default_factory=dict)
    after: Mapping[str, list[int]] = field(default_factory=dict)

    def told(self) -> Journey:
        """Its numbers alone."""
        numbers = {key: len(ids) for key, (_noun, ids) in self.figures().items() if ids}
        days = {
            stage: [one.days for one in stays if one.days is not None]
            for stage, stays in self.stays.items()
        }
        return Journey(
            filters=self.filters, stages=self.stages, leads=self.leads,
            imported=self.imported,
            numbers={key: n for key, n in numbers.items() if not key.startswith("move:")},
            moves={move: len(entries) for move, entries in self.moves.items()},
            days={stage: quartiles(some) for stage, some in days.items() if some},
        )  # fmt: skip

    def figures(self) -> dict[str, tuple[Noun, list[int]]]:
        """Every number of the page: its key, what its rows are, and their ids."""
        found: dict[str, tuple[Noun, list[int]]] = {}
        for stage in self.stages:
            stays = self.stays.get(stage.key, [])
            found[f"entered:{stage.key}"] = "entries", [one.entry for one in stays]
            ended = [one.entry for one in stays if one.until is not None]
            found[f"left:{stage.key}"] = "entries", ended
            still = [one.entry for one in stays if one.until is None]
            found[f"still:{stage.key}"] = "entries", still
        for (before, after), entries in self.moves.items():
            found[f"move:{before}:{after}"] = "entries", entries
        for (party, stage_key), ids in self.touches.items():
            found[f"touched:{party}:{stage_key}"] = "touches", ids
        for (which, stage_key), ids in self.material.items():
            found[f"material:{which}:{stage_key}"] = "contributions", ids
        for party in PARTIES:
            found[f"after:{party}"] = "touches", self.after.get(party, [])
        return found


def leads_of(filters: Filters) -> QuerySet[Lead]:
    """Leads whose first entry that stands lies in the period, merged ones left out.

    A team's are those that were ever offered to it. The first entries are found in one
    reading: asked lead by lead, PostgreSQL read them all for each until it knew their number.
    """
    began = (
        StageEntry.objects.filter(undone_at=None)
        .order_by()
        .values("lead")
        .annotate(first=Min("entered_at"))
        .filter(first__gte=filters.period.start, first__lt=filters.period.end)
    )
    found = Lead.objects.filter(pk__in=began.values("lead"), merged_into=None)
    if filters.team:
        offered = Handoff.objects.filter(lead=OuterRef("pk"), receiver_team__key=filters.team)
        found = found.filter(Exists(offered))
    if filters.source:
        found = found.filter(source=filters.source)
    return found.filter(segment=filters.segment) if filters.segment else found


def cohort(version: Version | None, filters: Filters) -> Cohort:
    """The cohort on the journey of `version`; stages that it does not know are left out of
    the drawing, and their entries still end the stay before."""
    mine = leads_of(filters)
    stages = version.parsed.journey if version is not None else ()
    entries = list(
        StageEntry.objects.filter(lead__in=mine.values("pk"), undone_at=None)
        .order_by("lead", "entered_at", "pk")
        .values_list("pk", "lead", "stage", "entered_at", "imported", "lead__closed_at")
    )
    now = names_now(version.parsed if version is not None else None)
    ways: dict[int, list[Stay]] = defaultdict(list)
    for row, following in zip_longest(entries, entries[1:]):
        pk, lead, stage, since, _imported, closed = row
        until = following[3] if following and following[1] == lead else closed
        ways[lead].append(Stay(pk, lead, now.get(stage, stage), since, until))
    stays: dict[str, list[Stay]] = defaultdict(list)
    moves: dict[tuple[str, str], list[int]] = defaultdict(list)
    for way in ways.values():
        for stay in way:
            stays[stay.stage].append(stay)
        for one, other in pairwise(way):
            moves[one.stage, other.stage].append(other.entry)
    begun = {way[0].entry for way in ways.values()}
    touches, after = _touched(mine, ways)
    return Cohort(
        filters=filters, stages=stages, leads=len(ways),
        imported=sum(row[4] for row in entries if row[0] in begun),
        stays=dict(stays), moves=dict(moves),
        material=_material(mine, ways), touches=touches, after=after,
    )  # fmt: skip


def _touched(
    mine: QuerySet[Lead], ways: Mapping[int, Sequence[Stay]]
) -> tuple[dict[tuple[str, str], list[int]], dict[str, list[int]]]:
    """Touches by department and the stage of their time; those after a sale once more."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    after: dict[str, list[int]] = defaultdict(list)
    sold = _sold(mine)
    rows = (
        Touch.objects.filter(lead__in=mine.values("pk"), undone_at=None, imported=False)
        .order_by("pk")
        .values_list("pk", "lead", "department", "occurred_at", "direction")
    )
    for pk, lead, party, at, direction in rows:
        found[party, _stage_at(ways.get(lead, ()), at)].append(pk)
        if direction != "inbound" and lead in sold and sold[lead] <= at:
            after[party].append(pk)
    return dict(found), dict(after)


def _sold(mine: QuerySet[Lead]) -> dict[int, datetime]:
    """When each lead became a customer, first."""
    won = beside.won().filter(lead__in=mine.values("pk")).values_list("lead", "ended_at")
    closed = mine.filter(closed_as=Lead.Closed.WON).values_list("pk", "closed_at")
    found: dict[int, datetime] = {}
    for lead, at in [*won, *closed]:
        if at is not None:
            found[lead] = min(found.get(lead, at), at)
    return found


def _material(
    mine: QuerySet[Lead], ways: Mapping[int, Sequence[Stay]]
) -> dict[tuple[str, str], list[int]]:
    """What Sales asked of Marketing, by the stage in which it was asked."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    asked = Contribution.objects.filter(lead__in=mine.values("pk"), cancelled_at=None)
    rows = asked.order_by("pk").values_list("pk", "lead", "asked_at", "delivered_at", "used")
    for pk, lead, at, delivered, used in rows:
        stage = _stage_at(ways.get(lead, ()), at)
        for which, so in zip(ASKED, (True, delivered is not None, bool(used)), strict=True):
            if so:
                found[which, stage].append(pk)
    return dict(found)


def _stage_at(way: Sequence[Stay], at: datetime) -> str:
    place = bisect_right([one.since for one in way], at)
    return way[place - 1].stage if place else ""
