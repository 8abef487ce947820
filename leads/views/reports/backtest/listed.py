"""The handoffs behind a count: one row for each promise that was judged."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _

from leads.actions.links import lead_link
from leads.core.backtest import NEVER, Fate
from leads.models import Clock
from leads.reports.backtest.groups import keys_of
from leads.reports.backtest.trial import Outcome
from leads.views.reports.backtest.asked import AskedForm
from leads.views.reports.backtest.drawn import said
from leads.views.reports.backtest.listing import Listing
from leads.views.reports.evidence import Cell, Row
from sla.core.workingtime import instant


def listing(outcome: Outcome, form: AskedForm) -> Listing:
    """Exactly the handoffs that a count of a promise is of, by the key of their clock."""
    places = _places(outcome, form)
    return Listing(
        header=_header(outcome),
        keys=sorted(places, reverse=True),
        shown=lambda keys: _shown(outcome, places, keys),
        about=_about(outcome, form),
        back="backtest",
        name=form.cleaned_data["which"],
    )


def _header(outcome: Outcome) -> list[str]:
    names = [
        _("Lead"), _("Owed by"), _("From"), _("Due then"), _("Due under this text"), _("Done"),
        _("Then"), _("Under this text"),
    ]  # fmt: skip
    return [*names, _("With the target tried")] if outcome.target else names


def _places(outcome: Outcome, form: AskedForm) -> dict[int, int]:
    """The rows that a count is of, by the clock that each is known by."""
    chosen = outcome.of(form.cleaned_data["which"])
    group = form.cleaned_data["group"]
    if group and outcome.judged.rows.size:
        wanted = "" if group == "-" else group
        chosen = chosen & (keys_of(outcome, form.grouped, form.zone) == wanted)
    rows = np.flatnonzero(chosen)
    return dict(zip(outcome.clocks[rows].tolist(), rows.tolist(), strict=True))


def _shown(outcome: Outcome, places: Mapping[int, int], keys: Sequence[int]) -> list[Row]:
    """Those rows with what they open: the lead, the clock, its entries in the ledger."""
    there = Clock.objects.select_related("lead", "team", "owner").in_bulk(list(keys))
    return [_row(outcome, places[key], there[key]) for key in keys]


def _about(outcome: Outcome, form: AskedForm) -> str:
    """Which handoffs these are, in a sentence."""
    words = {
        "judged": _("kept or late under this text"),
        "then": _("late under the text in force then"),
        "late": _("late under this text"),
        "newly": _("late only under this text"),
        "spared": _("late then, and not under this text"),
        "target": _("late with the target that is tried"),
    }[form.cleaned_data["which"]]
    group = form.cleaned_data["group"]
    if not group:
        return f"{outcome.owed.name}: {words}."
    return f"{outcome.owed.name}, {said('' if group == '-' else group, form.grouped)}: {words}."


def _row(outcome: Outcome, row: int, clock: Clock) -> Row:
    seen, url = outcome.seen(row), reverse("leads:clock", args=[clock.pk])
    cells = [
        Cell(str(clock.lead), lead_link(clock.lead_id)),
        Cell(str(clock.owner or clock.team)),
        Cell(instant(int(outcome.starts[row]))),
        Cell(clock.due_at, url),
        Cell(instant(int(outcome.judged.due[row]))),
        Cell(at(seen.stop)),
        Cell(_then(outcome, row)),
        Cell(words_of(outcome.judged.fate[row])),
    ]
    if outcome.target:
        cells.append(Cell(words_of(outcome.moved[row])))
    return Row(cells, f"{reverse('ledger')}?of=clock-{clock.pk}")


def at(stop: int) -> datetime | None:
    """An instant, if it has come."""
    return None if stop == NEVER else instant(stop)


def _then(outcome: Outcome, row: int) -> str:
    if outcome.then[row]:
        return _("late")
    seen = outcome.seen(row)
    return words_of(
        Fate.LEFT_OUT if seen.parted else Fate.OPEN if seen.stop == NEVER else Fate.MET
    )


def words_of(fate: int) -> str:
    """How a promise ended."""
    return {
        Fate.LATE: _("late"),
        Fate.MET: _("in time"),
        Fate.OPEN: _("still open"),
        Fate.LEFT_OUT: _("left out"),
    }[Fate(fate)]
