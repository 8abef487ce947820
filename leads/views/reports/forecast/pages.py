"""What will be late tonight, and before the weekend? A team's manager sees the team, a
member what is theirs, who reads everything every team."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads.desk.owed import mine
from leads.desk.team.load import managed_by
from leads.models import Clock
from leads.models.clock import ClockQuerySet
from leads.reports.forecast import Foreseen, forecast
from leads.reports.forecast.reading import FIGURES, Forecast, shown
from leads.reports.people.smallest import require_group
from leads.views.reports.choosing import in_force, require_reader
from leads.views.reports.forecast import drawn
from portal import wallclock
from portal.accounts.models import User
from portal.http import PortalRequest
from portal.spreadsheet import Kind, table
from sla.models import Version

PAGE, SHOWN = 50, 10


@dataclass(frozen=True)
class Asked:
    """A forecast for one reader, of all they see or one team of it."""

    found: Forecast
    version: Version | None
    team: int | None
    key: str
    own: bool
    at: datetime


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """Each team with its figures, and the clocks that are likeliest to be late."""
    asked = _asked(request)
    found, at = asked.found, asked.at
    soon = sorted(found.of("judged", asked.team), key=drawn.likeliest)[:SHOWN]
    context = {
        "here": "scorecard",
        "now": at,
        "own": asked.own,
        "groups": drawn.groups(found, asked.own),
        "all": drawn.whole(found),
        "header": drawn.header(),
        "soon": drawn.listed(shown(soon), asked.version, at),
        "judged": len(found.of("judged")),
        "n": len(found.rows),
    }
    return render(request, "leads/reports/forecast/page.html", context)


@require_safe
def rows(request: PortalRequest) -> HttpResponse:
    """Exactly the clocks that a figure counts, soonest due first, paged by key."""
    asked, figure = _asked(request), request.GET.get("figure", "")
    there = _of(asked, figure)
    some = [row for row in there if _key(row) > _after(request.GET.get("after", ""))]
    page = some[:PAGE]
    query = f"figure={figure}" + (f"&team={asked.key}" if asked.key else "")
    context = {
        "here": "scorecard",
        "header": drawn.header(),
        "rows": drawn.listed(shown(page), asked.version, asked.at),
        "total": len(there),
        "about": drawn.about(figure),
        "back": reverse("leads:forecast"),
        "back_words": _("Forecast"),
        "files": query,
        "csv": reverse("leads:forecast-csv"),
        "xlsx": reverse("leads:forecast-xlsx"),
        "next": f"?{query}&after={_said(page[-1])}" if len(some) > PAGE else "",
    }
    return render(request, "leads/reports/rows.html", context)


@require_safe
def file(request: PortalRequest, kind: Kind) -> HttpResponseBase:
    """The same clocks as a file, all of them."""
    asked, figure = _asked(request), request.GET.get("figure", "")
    there = shown(_of(asked, figure))
    some = (drawn.values(pair, asked.version) for pair in there)
    return table(kind, f"forecast-{figure}", drawn.file_header(), some)


def _asked(request: PortalRequest) -> Asked:
    require_reader(request)
    at = wallclock.now()
    version, key = in_force(at), request.GET.get("team", "")
    require_group(key)
    clocks, own = seen_by(request.user, at)
    found = forecast(clocks, version.parsed if version else None, at)
    team = next((pk for pk, one in found.teams.items() if one.key == key), None)
    if key and team is None:
        raise Http404
    return Asked(found, version, team, key, own, at)


def seen_by(user: User, at: datetime) -> tuple[ClockQuerySet, bool]:
    """The clocks that are foreseen for somebody, and whether they are their own alone."""
    if not user.department_id:
        return Clock.objects.visible_to(user), False
    teams = list(managed_by(user)) if user.is_active else []
    return (Clock.objects.filter(team__in=teams), False) if teams else (mine(user, at), True)


def _of(asked: Asked, figure: str) -> list[Foreseen]:
    if figure not in (*FIGURES, "judged"):
        raise Http404
    return asked.found.of(figure, asked.team)


def _key(row: Foreseen) -> tuple[float, int]:
    return row.due.timestamp(), row.clock


def _said(row: Foreseen) -> str:
    return f"{row.due.isoformat()}_{row.clock}".replace("+", "%2B")


def _after(text: str) -> tuple[float, int]:
    """Where a page begins; a strange key: from the first."""
    due, _dash, pk = text.partition("_")
    try:
        return datetime.fromisoformat(due).timestamp(), int(pk)
    except (ValueError, OverflowError):
        return 0.0, 0
