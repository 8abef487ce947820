"""Which leads would have qualified: each stage's criteria under this text and in force."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _

from leads.actions.links import lead_link
from leads.core.backtest import NEVER
from leads.models import Lead
from leads.reports.backtest.costing import changed_stages
from leads.reports.backtest.groups.leads import Among, among, keys_of
from leads.reports.backtest.qualifying import Audience, Qualified
from leads.reports.people.smallest import APART
from leads.views.reports.backtest.asked import GROUPED, AskedForm
from leads.views.reports.backtest.drawn import Shown, said
from leads.views.reports.backtest.listed import at
from leads.views.reports.backtest.listing import Listing
from leads.views.reports.evidence import Cell, Row
from portal.look.parts import Link
from portal.look.words import count, percent
from sla.core.backtest import FEW
from sla.models import Version


def stages(found: Audience, shown: Shown, base: Version | None) -> list[dict[str, Any]]:
    """Every stage with criteria: how many met them, and who would newly or no longer."""
    terms = shown.version.parsed
    changed = changed_stages(terms, base.parsed) if base else set()
    return [_stage(one, shown, one.stage.key in changed) for one in found.stages]


def _stage(one: Qualified, shown: Shown, changed: bool) -> dict[str, Any]:
    n = int(one.leads.size)
    numbers = {which: one.number(which) for which in ("met", "before", "lost", "gained")}
    return {
        "name": one.stage.name,
        "key": one.stage.key,
        "url": f"?{shown.form.query(stage=one.stage.key)}#broken-down",
        "n": count(n),
        "share": numbers["met"] / n if n else 0.0,
        "percent": percent(numbers["met"] / n) if n >= FEW else "",
        "changed": changed,
        "was": one.before is not None,
        **{which: _link(one, which, number, shown) for which, number in numbers.items()},
    }


def broken_down(one: Qualified | None, shown: Shown) -> dict[str, Any] | None:
    """One stage by team, weekday, hour or source; None where no stage has criteria."""
    if one is None:
        return None
    form, key = shown.form, one.stage.key
    found = among(one, form.grouped, form.zone)
    return {
        "name": one.stage.name,
        "key": key,
        "was": one.before is not None,
        "groups": [_group(one, some, shown) for some in found if some.key != APART],
        "apart": any(some.key == APART for some in found),
        "bys": [_by(by, str(label), key, form) for by, label in GROUPED],
    }


def _by(by: str, label: str, stage: str, form: AskedForm) -> Link:
    url = f"?{form.query(stage=stage, by=by)}#broken-down"
    return Link(label, url, here=by == form.grouped)


def _group(one: Qualified, some: Among, shown: Shown) -> dict[str, Any]:
    own = {"part": "leads", "stage": one.stage.key, "group": some.key or "-"}
    share = some.counts["met"] / some.n
    return {
        "name": said(some.key, shown.form.grouped),
        "n": count(some.n),
        "share": share,
        "percent": percent(share) if some.n >= FEW else "",
        **{
            which: Link(count(number), shown.rows(which, **own) if number else "")
            for which, number in some.counts.items()
        },
    }


def _link(one: Qualified, which: str, number: int, shown: Shown) -> Link:
    url = shown.rows(which, part="leads", stage=one.stage.key) if number else ""
    return Link(count(number), url)


def listing(one: Qualified, form: AskedForm, base: Version | None) -> Listing:
    """Exactly the leads that a count of a stage is of, by their own key."""
    which, group = form.cleaned_data["which"], form.cleaned_data["group"]
    chosen = one.of(which)
    if group:
        wanted = "" if group == "-" else group
        chosen = chosen & (keys_of(one, form.grouped, form.zone) == wanted)
    places = {int(one.leads[row]): int(row) for row in np.flatnonzero(chosen)}
    before = _("Met under version %(number)s") % {"number": base.number} if base else ""
    return Listing(
        header=[_("Lead"), _("Source"), _("Came"), _("Met under this text"), before][
            : 5 if base else 4
        ],
        keys=sorted(places, reverse=True),
        shown=lambda keys: _shown(one, places, keys, with_base=base is not None),
        about=_about(one, which, said(wanted, form.grouped) if group else ""),
        back="backtest-leads",
        name=f"{one.stage.key}-{which}",
    )


def _about(one: Qualified, which: str, group: str) -> str:
    words = {
        "met": _("leads that met it under this text"),
        "before": _("leads that met it under the version in force"),
        "lost": _("leads that would meet it no longer"),
        "gained": _("leads that would newly meet it"),
    }[which]
    return f"{one.stage.name}, {group}: {words}." if group else f"{one.stage.name}: {words}."


def _shown(
    one: Qualified, places: dict[int, int], keys: Sequence[int], *, with_base: bool
) -> list[Row]:
    there = Lead.objects.in_bulk(list(keys))
    return [_row(one, places[key], there[key], with_base) for key in keys]


def _row(one: Qualified, place: int, lead: Lead, with_base: bool) -> Row:
    cells = [
        Cell(str(lead), lead_link(lead.pk)),
        Cell(lead.source),
        Cell(lead.arrived_at or lead.received_at),
        Cell(_met(int(one.now[place]))),
    ]
    if with_base:
        cells.append(Cell(_met(NEVER if one.before is None else int(one.before[place]))))
    return Row(cells, f"{reverse('ledger')}?lead={lead.pk}")


def _met(instant: int) -> Any:
    """When it was first met; in words where it never was."""
    return at(instant) or _("not met")
