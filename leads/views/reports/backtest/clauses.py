"""Each changed clause by itself: what it alone makes late, and what only all do together."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from leads.actions.links import lead_link
from leads.core.backtest import NEVER
from leads.core.trials.clauses import Cost, Costs, Places, number
from leads.models import Clock
from leads.reports.backtest.costing import ONLY_TOGETHER, TOGETHER
from leads.reports.backtest.trial import Trial
from leads.views.reports.backtest.drawn import Shown
from leads.views.reports.backtest.listed import at
from leads.views.reports.backtest.listing import Listing
from leads.views.reports.evidence import Cell, Row
from portal.look.parts import Link
from portal.look.words import count
from sla.core.diff import Change, compare_terms
from sla.core.terms import Terms

LINES = {
    "targets": "targets", "starts": "targets", "calendar": "calendar", "pauses": "pauses",
    "attempts": "promise", "handoff": "promise",
}  # fmt: skip
"""Which line of the readable text says a part of a promise."""


def drawn(found: Costs, shown: Shown, old: Terms, new: Terms) -> dict[str, Any]:
    """Each change with its own cost, all together, and what none explains alone."""
    changes = compare_terms(old, new)
    return {
        "clauses": [_clause(cost, shown, changes, old, new) for cost in found.alone],
        "together": _cost(found.together, TOGETHER, shown),
        "only": _cost(
            Cost("", found.only_together("newly"), found.only_together("spared")),
            ONLY_TOGETHER,
            shown,
        ),
        "undone": count(_both(found.undone("newly"), found.undone("spared"))),
        "twice": count(found.twice("newly") + found.twice("spared")),
        "has_undone": _both(found.undone("newly"), found.undone("spared")) > 0,
        "has_twice": found.twice("newly") + found.twice("spared") > 0,
    }


def _both(newly: Places, spared: Places) -> int:
    return number(newly) + number(spared)


def _clause(
    cost: Cost, shown: Shown, changes: Sequence[Change], old: Terms, new: Terms
) -> dict[str, Any]:
    return _cost(cost, cost.path, shown) | {
        "name": named(cost.path, old, new),
        "changes": [change for change in changes if _says(change.path, cost.path)],
    }


def _cost(cost: Cost, path: str, shown: Shown) -> dict[str, Any]:
    numbers = {"newly": number(cost.newly), "spared": number(cost.spared)}
    return {
        "none": not any(numbers.values()),
        **{
            which: Link(count(n), shown.rows(which, part="clauses", clause=path) if n else "")
            for which, n in numbers.items()
        },
    }


def _says(line: str, path: str) -> bool:
    """Whether a line of the redline says the change of a clause."""
    kind, key, part = [*path.split("/"), "", ""][:3]
    if kind == "obligations" and part:
        return line == f"{kind}/{key}/{LINES[part]}"
    if kind == "governance":
        return line.startswith("governance")
    return line == path or line.startswith(f"{path}/")


def named(path: str, old: Terms, new: Terms) -> str:
    """A clause by its path, in words."""
    kind, key, part = [*path.split("/"), "", ""][:3]
    if kind == "calendars":
        known = new.calendars.get(key) or old.calendars[key]
        return _("Calendar %(name)s") % {"name": known.name}
    if kind == "governance":
        return _("Time zone of the agreement")
    owed = next(one for terms in (new, old) for one in terms.obligations if one.key == key)
    parts = {
        "targets": _("time allowed"), "starts": _("when it begins"), "calendar": _("calendar"),
        "pauses": _("pauses"), "attempts": _("number of attempts"), "handoff": _("handoff"),
    }  # fmt: skip
    return f"{owed.name}: {parts[part]}" if part else owed.name


def said(path: str, old: Terms, new: Terms) -> str:
    """What an address names as a clause, in words."""
    together = {
        TOGETHER: _("All changes together"),
        ONLY_TOGETHER: _("Only all changes together"),
    }
    return together.get(path) or named(path, old, new)


def listing(cost: Cost, which: str, found: Trial, old: Terms, base: int, about: str) -> Listing:
    """Exactly the rounds that a clause makes late or spares, by the key of their clock."""
    places = cost.newly if which == "newly" else cost.spared
    rows = dict(_rows(places, found, old))
    header = [
        _("Lead"), _("Promise"), _("Owed by"), _("Due then"), _("Done"),
        _("Under version %(number)s") % {"number": base}, _("With this change"),
    ]  # fmt: skip
    words = {
        "newly": _("late only with this change"),
        "spared": _("no longer late with this change"),
    }[which]
    return Listing(
        header=header,
        keys=sorted(rows, reverse=True),
        shown=lambda keys: _shown(rows, keys, newly=which == "newly"),
        about=f"{about}: {words}.",
        back="backtest-clauses",
        name=f"clause-{which}",
    )


def _rows(places: Places, found: Trial, old: Terms) -> list[tuple[int, tuple[str, int]]]:
    """By clock: the promise and when it was done."""
    promised = {owed.key: owed for terms in (old, found.terms) for owed in terms.obligations}
    told = []
    for key, some in places.items():
        for place in some.tolist():
            seen = found.past.rounds[place].of(promised[key])
            if seen is not None:
                told.append((seen.clock, (promised[key].name, seen.stop)))
    return told


def _shown(rows: dict[int, tuple[str, int]], keys: Sequence[int], *, newly: bool) -> list[Row]:
    there = Clock.objects.select_related("lead", "team", "owner").in_bulk(list(keys))
    ends = (_("not late"), _("late")) if newly else (_("late"), _("not late"))
    return [_row(*rows[key], there[key], ends) for key in keys]


def _row(name: str, stop: int, clock: Clock, ends: tuple[str, str]) -> Row:
    url = reverse("leads:clock", args=[clock.pk])
    cells = [
        Cell(str(clock.lead), lead_link(clock.lead_id)), Cell(name, url),
        Cell(str(clock.owner or clock.team)), Cell(clock.due_at, url),
        Cell(None if stop == NEVER else at(stop)), *map(Cell, ends),
    ]  # fmt: skip
    return Row(cells, f"{reverse('ledger')}?of=clock-{clock.pk}")
