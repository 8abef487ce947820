"""What the forecast shows: figures with their rows, chances in words."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from leads.actions.links import lead_link
from leads.core.foreseen.chance import Chance
from leads.models import Clock
from leads.reports.forecast import Foreseen
from leads.reports.forecast.reading import FIGURES, Forecast
from leads.views.reports.evidence import Cell, Row
from portal.look.parts import Link
from portal.look.words import count, percent
from sla.models import Version

Pair = tuple[Foreseen, Clock]


def address(figure: str, team: str = "") -> str:
    """Where the clocks of a figure are."""
    query = {"figure": figure} | ({"team": team} if team else {})
    return f"{reverse('leads:forecast-rows')}?{urlencode(query)}"


def groups(found: Forecast, own: bool) -> list[dict[str, Any]]:
    """Each team by name with its figures and when it stops working."""
    teams = [] if own else sorted(found.teams.values(), key=lambda one: one.name)
    return [
        {
            "team": team,
            "ends": found.ends[team.pk],
            "numbers": _numbers(found, team.pk, team.key),
            "expected": _expected(found, team.pk),
        }
        for team in teams
        if team.pk in found.ends and team.pk not in found.small and found.of("weekend", team.pk)
    ]


def whole(found: Forecast) -> dict[str, Any]:
    """All of it together; the soonest end where teams differ."""
    ends = list(found.ends.values())
    return {
        "ends": min(ends, key=lambda one: one.today) if ends else None,
        "numbers": _numbers(found, None, ""),
        "expected": _expected(found, None),
    }


def _numbers(found: Forecast, team: int | None, key: str) -> dict[str, Link]:
    numbers = {figure: len(found.of(figure, team)) for figure in (*FIGURES, "judged")}
    return {
        figure: Link(count(n), address(figure, key) if n else "")
        for figure, n in numbers.items()
    }


def _expected(found: Forecast, team: int | None) -> str:
    """To whole clocks: the chances are no more exact than that."""
    return count(round(found.expected(team=team)))


def likeliest(row: Foreseen) -> tuple[float, datetime, int]:
    return -(row.chance.share or 0.0), row.due, row.clock


def chance_of(chance: Chance) -> str:
    """The share with what it is a share of, or that too little is known."""
    if chance.share is None:
        return _("too few to say (%(n)s)") % {"n": count(chance.n)}
    return _("%(share)s (%(late)s of %(n)s)") % {
        "share": percent(chance.share), "late": count(chance.late), "n": count(chance.n),
    }  # fmt: skip


def why_of(row: Foreseen) -> str:
    said = [
        _("owner away") if row.away else "",
        _("no room left") if row.full else "",
        _("owned by nobody") if row.owner is None else "",
    ]
    return ", ".join(filter(None, said))


def about(figure: str) -> str:
    return {
        "today": _("Clocks that run and are due before closing time."),
        "weekend": _("Clocks that run and are due before the weekend."),
        "away": _("Due before the weekend, at a time at which their owner is away."),
        "full": _("Due before the weekend, with an owner who has no room left."),
        "likely": _("Due before the weekend, and of those like them at least half were late."),
        "judged": _("Due before the weekend, with enough past clocks like them."),
    }[figure]


def header() -> list[str]:
    return [
        _("Lead"), _("Owed by"), _("Promise"), _("Due"), _("Why"), _("Late, of those like it"),
    ]  # fmt: skip


def file_header() -> list[str]:
    return [*header(), _("Late"), _("Of"), _("Page"), _("Ledger")]


def listed(pairs: Sequence[Pair], version: Version | None, at: datetime) -> list[Row]:
    names = {one.key: one.name for one in version.parsed.obligations} if version else {}
    return [Row(list(_cells(row, clock, names)), _ledger(clock)) for row, clock in pairs]


def _cells(row: Foreseen, clock: Clock, names: dict[str, str]) -> Iterator[Cell]:
    url = reverse("leads:clock", args=[clock.pk])
    yield Cell(str(clock.lead), lead_link(clock.lead_id))
    yield Cell(str(clock.owner or clock.team))
    yield Cell(names.get(clock.obligation, clock.obligation), url)
    yield Cell(row.due, url)
    yield Cell(why_of(row))
    yield Cell(chance_of(row.chance))


def values(pair: Pair, version: Version | None) -> list[Any]:
    """A row as a file holds it, the chance as its two numbers besides."""
    row, clock = pair
    names = {one.key: one.name for one in version.parsed.obligations} if version else {}
    cells = [cell.value for cell in _cells(row, clock, names)]
    page = reverse("leads:clock", args=[clock.pk])
    return [*cells, row.chance.late, row.chance.n, page, _ledger(clock)]


def _ledger(clock: Clock) -> str:
    return f"{reverse('ledger')}?of=clock-{clock.pk}"
