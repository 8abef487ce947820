"""The handoffs behind a count: one row for each promise that was judged."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _

from leads.actions.links import lead_link
from leads.core.backtest import NEVER, Fate
from leads.models import Clock
from leads.reports.backtest.groups import keys_of
from leads.reports.backtest.trial import Outcome
from leads.views.reports.backtest.asked import AskedForm
from leads.views.reports.evidence import Cell, Row
from sla.core.workingtime import instant

CHUNK = 500
Place = tuple[int, int]
"""The clock that a row is known by, and its place in the outcome."""


def header(outcome: Outcome) -> list[str]:
    names = [
        _("Lead"), _("Owed by"), _("From"), _("Due then"), _("Due under this text"), _("Done"),
        _("Then"), _("Under this text"),
    ]  # fmt: skip
    return [*names, _("With the target tried")] if outcome.target else names


def places(outcome: Outcome, form: AskedForm) -> list[Place]:
    """The rows that a count is of, the newest clock first."""
    chosen = outcome.of(form.cleaned_data["which"])
    group = form.cleaned_data["group"]
    if group and outcome.judged.rows.size:
        wanted = "" if group == "-" else group
        chosen = chosen & (keys_of(outcome, form.grouped, form.zone) == wanted)
    rows = np.flatnonzero(chosen).tolist()
    return sorted(((outcome.seen(row).clock, row) for row in rows), reverse=True)


def shown(outcome: Outcome, some: Sequence[Place]) -> list[Row]:
    """Those rows with what they open: the lead, the clock, its entries in the ledger."""
    there = Clock.objects.select_related("lead", "team", "owner")
    clocks = there.in_bulk([clock for clock, _row in some])
    return [_row(outcome, row, clocks[clock]) for clock, row in some]


def values(outcome: Outcome, all_of_them: Sequence[Place]) -> Iterator[list[Any]]:
    """The same as a file holds them, read while it is sent."""
    for first in range(0, len(all_of_them), CHUNK):
        for one in shown(outcome, all_of_them[first : first + CHUNK]):
            links = [cell.url for cell in one.cells if cell.url]
            yield [*(cell.value for cell in one.cells), links[0], links[-1], one.ledger]


def file_header(outcome: Outcome) -> list[str]:
    return [*header(outcome), _("Page"), _("Evidence"), _("Ledger")]


def _row(outcome: Outcome, row: int, clock: Clock) -> Row:
    seen, url = outcome.seen(row), reverse("leads:clock", args=[clock.pk])
    cells = [
        Cell(str(clock.lead), lead_link(clock.lead_id)),
        Cell(str(clock.owner or clock.team)),
        Cell(instant(int(outcome.starts[row]))),
        Cell(clock.due_at, url),
        Cell(instant(int(outcome.judged.due[row]))),
        Cell(_at(seen.stop)),
        Cell(_then(outcome, row)),
        Cell(_words(outcome.judged.fate[row])),
    ]
    if outcome.target:
        cells.append(Cell(_words(outcome.moved[row])))
    return Row(cells, f"{reverse('ledger')}?of=clock-{clock.pk}")


def _at(stop: int) -> datetime | None:
    return None if stop == NEVER else instant(stop)


def _then(outcome: Outcome, row: int) -> str:
    if outcome.then[row]:
        return _("late")
    seen = outcome.seen(row)
    return _words(
        Fate.LEFT_OUT if seen.parted else Fate.OPEN if seen.stop == NEVER else Fate.MET
    )


def _words(fate: int) -> str:
    return {
        Fate.LATE: _("late"),
        Fate.MET: _("in time"),
        Fate.OPEN: _("still open"),
        Fate.LEFT_OUT: _("left out"),
    }[Fate(fate)]
