"""What each department would have owed in volume, period by period, and the rows of each."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from leads.actions.links import lead_link
from leads.models import Clock, Content, Lead, StageEntry
from leads.reports.backtest.owing import Owed
from leads.views.reports import evidence
from leads.views.reports.backtest.drawn import Shown
from leads.views.reports.backtest.listing import Listing
from leads.views.reports.evidence import Cell, Row
from portal.look.parts import Link
from portal.look.words import count, percent
from sla.core.backtest import FEW
from sla.core.terms import Terms


def drawn(found: Sequence[Owed], shown: Shown, old: Terms | None) -> list[dict[str, Any]]:
    """Every commitment with its periods, the newest first."""
    before = {one.key: one for one in old.commitments} if old else {}
    told = []
    for key, some in groupby(found, key=lambda one: one.commitment.key):
        periods = list(some)
        owed, was = periods[0].commitment, before.get(key)
        told.append(
            {
                "name": owed.name,
                "department": owed.department,
                "agreed": _agreed(owed.count, owed.percent),
                "before": _agreed(was.count, was.percent) if was else "",
                "is_share": owed.percent is not None,
                "qualified": periods[0].noun == "leads",
                "periods": [_period(one, shown) for one in periods],
            }
        )
    return told


def _agreed(number: int | None, share: int | None) -> str:
    return percent(share / 100) if share is not None else count(number or 0)


def _period(one: Owed, shown: Shown) -> dict[str, Any]:
    standing, n = one.standing, len(one.done)
    share = one.commitment.percent is not None
    whole = len(one.due) if share else standing.agreed
    few = share and len(one.due) < FEW
    met = standing.done * 100 >= standing.agreed * len(one.due) if share else n >= whole
    return {
        "label": label(one),
        "done": _link(one, "done", n, shown),
        "due": _link(one, "due", len(one.due), shown),
        "share": min(n / whole, 1.0) if whole else 0.0,
        "percent": "" if few or not whole else percent(n / whole),
        "few": few,
        "projected": "" if one.projected is None else count(one.projected),
        "agreed": count(standing.agreed),
        "verdict": "" if not one.is_over or few else "kept" if met else "below",
    }


def label(one: Owed) -> str:
    first = one.period.first
    if one.period.length == "month":
        return date_format(first, "F Y")
    if one.period.length == "quarter":
        number = (first.month - 1) // 3 + 1
        return _("quarter %(number)s of %(year)s") % {"number": number, "year": first.year}
    return _("week of %(day)s") % {"day": date_format(first, "j M Y")}


def _link(one: Owed, which: str, number: int, shown: Shown) -> Link:
    asked = {"part": "volumes", "commitment": one.commitment.key, "first": one.period.first}
    return Link(count(number), shown.rows(which, **asked) if number else "")


def listing(one: Owed, which: str, at: datetime) -> Listing:
    """Exactly the rows that a commitment counts in a period."""
    keys = one.done if which == "done" else one.due
    header = [_("Lead"), _("Source"), _("Came")]
    return Listing(
        header=header if one.noun == "leads" else evidence.header(one.noun),
        keys=sorted(keys, reverse=True),
        shown=lambda some: _shown(one.noun, some, at),
        about=f"{one.commitment.name}, {label(one)}.",
        back="backtest-volumes",
        name=f"{one.commitment.key}-{one.period.first}",
    )


ROWS: dict[str, QuerySet[Any]] = {
    "leads": Lead.objects.all(),
    "entries": StageEntry.objects.select_related("lead"),
    "clocks": Clock.objects.select_related("lead", "team", "owner"),
    "content": Content.objects.all(),
}


def _shown(noun: str, keys: Sequence[int], at: datetime) -> list[Row]:
    there: dict[int, Model] = ROWS[noun].in_bulk(list(keys))
    if noun != "leads":
        return [evidence.shown(noun, there[key], at) for key in keys]
    return [_lead(there[key]) for key in keys]


def _lead(row: Any) -> Row:
    cells = [
        Cell(str(row), lead_link(row.pk)), Cell(row.source),
        Cell(row.arrived_at or row.received_at),
    ]  # fmt: skip
    return Row(cells, f"{reverse('ledger')}?lead={row.pk}")
