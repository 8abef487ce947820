"""What a job found on every handoff of a time: each figure with a link, and its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from leads.actions.links import lead_link
from leads.core.rounds import Judged
from leads.models import Clock
from leads.reports.backtest.opened import Opened, Sides
from leads.reports.backtest.opened import at as place_in
from leads.views.reports.backtest.drawn import Shown
from leads.views.reports.backtest.listed import at, words_of
from leads.views.reports.backtest.listing import Listing
from leads.views.reports.evidence import Cell, Row
from portal.jobs.models import Job
from portal.look.parts import Link
from portal.look.words import count
from sla.core.backtest import Backtest, Tried
from sla.core.workingtime import instant

A_SLICE = 10**12  # more than there are clocks: a key is a slice and a clock
MOST_SLICES = 8  # that one page reads; the next page goes on


def answer(job: Job, shown: Shown) -> dict[str, Any]:
    """The answer of a job, as the summary of a proposal shows one; each figure opens."""
    found = Backtest.from_json(job.result["backtest"])
    kept = found.rows if "slices" in job.result else ()  # older ones remember no slices
    opens = [{"name": row.name, "links": _links(row, shown)} for row in kept if row.n]
    return {"backtest": found, "opens": opens}


def _links(row: Tried, shown: Shown) -> list[Link]:
    said = {
        "late": _("%(n)s late"), "n": _("%(n)s judged"), "before": _("%(n)s late before"),
        "newly": _("%(n)s newly late"), "spared": _("%(n)s no longer late"),
    }  # fmt: skip
    own = {"part": "whole", "obligation": row.obligation, "target": None}
    return [
        Link(words % {"n": count(number)}, shown.rows(which, **own))
        for which, words in said.items()
        for number in [getattr(row, which)]
        if number
    ]


@dataclass(frozen=True)
class Slices(Listing):
    """Rows that are looked for while somebody turns the pages: newest slices first."""

    opened: Opened | None = None
    read: dict[int, tuple[Sides, dict[int, int]]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.opened.total if self.opened else 0

    def page(self, before: int | None, size: int) -> tuple[list[int], bool]:
        found: list[int] = []
        slices = self._slices(before)
        for number in slices[:MOST_SLICES]:
            keys = [one for one in self._keys(number) if before is None or one < before]
            found += keys
            if len(found) > size:
                return found[:size], True
        return found, len(slices) > MOST_SLICES

    def chunks(self) -> Iterator[Sequence[int]]:
        for number in self._slices(None):
            yield self._keys(number)
            self.read.clear()

    def rows(self, keys: Sequence[int]) -> list[Row]:
        """How those keys look; one statement."""
        clocks = [key % A_SLICE for key in keys]
        there = Clock.objects.select_related("lead", "team", "owner").in_bulk(clocks)
        return [self._row(key // A_SLICE, there[key % A_SLICE]) for key in keys]

    def _slices(self, before: int | None) -> list[int]:
        last = None if before is None else before // A_SLICE
        return self.opened.slices(last) if self.opened else []

    def _keys(self, number: int) -> list[int]:
        clocks = self._slice(number)[1]
        return sorted((number * A_SLICE + clock for clock in clocks), reverse=True)

    def _slice(self, number: int) -> tuple[Sides, dict[int, int]]:
        if self.opened is not None and number not in self.read:
            sides = self.opened.sides(number)
            self.read[number] = sides, sides.of(self.opened.which)
        return self.read[number]

    def _row(self, number: int, clock: Clock) -> Row:
        sides, places = self._slice(number)
        place = places[clock.pk]
        start = sides.past.rounds[place].events.get(sides.owed.starts)
        row = place_in(sides.now, place)
        cells = [
            Cell(str(clock.lead), lead_link(clock.lead_id)),
            Cell(str(clock.owner or clock.team)),
            Cell(None if start is None else instant(start)),
            Cell(clock.due_at, reverse("leads:clock", args=[clock.pk])),
            Cell(None if row is None else instant(int(sides.now.due[row]))),
            Cell(at(sides.seen(place).stop)),
            Cell(_ended(sides.before, place)),
            Cell(_ended(sides.now, place)),
        ]
        return Row(cells, f"{reverse('ledger')}?of=clock-{clock.pk}")


def _ended(judged: Judged | None, place: int) -> str:
    row = place_in(judged, place)
    return _("not promised") if judged is None or row is None else words_of(judged.fate[row])


def listing(opened: Opened) -> Slices:
    """Exactly the handoffs that a figure of the job counted."""
    base = opened.base
    before = _("Under version %(number)s") % {"number": base.number} if base else _("Before")
    words = {
        "n": _("kept or late under this text"),
        "late": _("late under this text"),
        "before": _("late under the version it stands beside"),
        "newly": _("late only under this text"),
        "spared": _("late only under the version it stands beside"),
    }[opened.which]
    day = date_format(opened.as_of, "j M Y")
    counted = _("Of all handoffs of the time, counted on %(day)s.") % {"day": day}
    found = Slices(
        header=[
            _("Lead"), _("Owed by"), _("From"), _("Due then"), _("Due under this text"),
            _("Done"), before, _("Under this text"),
        ],
        keys=(),
        shown=lambda keys: found.rows(keys),
        about=f"{opened.owed.name}: {words}. {counted}",
        back="backtest",
        name=f"all-{opened.which}",
        opened=opened,
    )  # fmt: skip
    return found
