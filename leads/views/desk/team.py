"""The desk of who manages a team: who is here, who has how much, what nobody owns."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from leads.desk import rows
from leads.desk.mine import sheet
from leads.desk.owed import Owed, page
from leads.desk.team.load import AHEAD, Person, managed_by, people
from leads.desk.words import ruling, stage_words
from leads.models import Clock
from portal import spreadsheet, wallclock
from portal.accounts.models import Team
from portal.http import PortalRequest
from portal.look.charts.load import load, presence
from portal.look.parts import Band, Link, Row
from portal.look.words import count


@require_safe
def show(request: PortalRequest) -> HttpResponseBase:
    """Load, absences, what is unowned, late or at risk; of the managers' own teams only."""
    teams = list(managed_by(request.user)) if request.user.is_active else []
    if not teams:
        raise Http404
    at, key = wallclock.now(), request.GET.get("team", "")
    team = next((one for one in teams if one.key == key), teams[0])
    members = people(team, ruling(at).default, at)
    each = team.department.tells_of_each(len(members))
    asked = request.GET.get("who") if each else None
    who = next((p for p in members if str(p.user.pk) == asked), None)
    clocks = _asked(team, who, at)
    if kind := spreadsheet.asked(request):
        lines = sheet.lines_of(lambda after: page(clocks, at, after), stage_words(at))
        return spreadsheet.table(kind, f"team-{team.key}", sheet.header(), lines)
    found, after = page(clocks, at, request.GET.get("after", ""))
    context = {
        "team": team,
        "teams": _links(teams, team),
        "each": each,
        "sentence": _sentence(members if each else [], team, found),
        "members": _drawn(members, at, request.user.zone),
        "who": who,
        "bands": _bands(found, who),
        "rows": len(found),
        "older": _older(team, who, after),
        "query": f"?team={team.key}",
    }
    return render(request, "leads/desk/team.html", context)


def _asked(team: Team, who: Person | None, at: datetime) -> Any:
    """Of one person everything that is open; else what is unowned, late or at risk."""
    clocks = Clock.objects.unstopped().filter(team=team)
    if who is not None:
        return clocks.filter(owner=who.user)
    trouble = Q(paused_at=None) & (Q(due_at__lt=at) | Q(warn_at__lte=at))
    return clocks.filter(Q(owner=None) | trouble)


def _links(teams: Sequence[Team], here: Team) -> list[Link]:
    if len(teams) == 1:
        return []
    return [Link(one.name, f"?team={one.key}", here=one == here) for one in teams]


def _older(team: Team, who: Person | None, after: str) -> str:
    person = f"&who={who.user.pk}" if who else ""
    return f"?team={team.key}{person}&after={after}" if after else ""


def _sentence(members: Sequence[Person], team: Any, found: Sequence[Owed]) -> str:
    """Where figures of people are hidden, without `members`."""
    here = sum(one.absence is None for one in members)
    room = sum(max((one.user.capacity or 0) - one.open, 0) for one in members)
    limited = all(one.user.capacity is not None for one in members)
    over, unowned = sum(one.over > 0 for one in members), _unowned(found)
    said = [
        ngettext("%(here)s of %(n)s is here.", "%(here)s of %(n)s are here.", len(members))
        % {"here": here, "n": len(members)}
        if members
        else "",
        _("They can take %(n)s more.") % {"n": count(room)} if limited and members else "",
        ngettext("%(n)s has too much.", "%(n)s have too much.", over) % {"n": over}
        if over
        else "",
        ngettext("%(n)s is owned by nobody.", "%(n)s are owned by nobody.", unowned)
        % {"n": unowned}
        if unowned
        else "",
        ngettext(
            "%(n)s lead waits in the pool for its first handoff.",
            "%(n)s leads wait in the pool for their first handoff.",
            team.pooled,
        )
        % {"n": count(team.pooled)}
        if team.pooled
        else "",
    ]
    return " ".join(part for part in said if part)


def _unowned(found: Sequence[Owed]) -> int:
    return sum(one.first.owner_id is None for one in found)


def _drawn(members: Sequence[Person], at: datetime, zone: str) -> list[dict[str, Any]]:
    """Each member with the drawings of their row, on one scale."""
    limit = max((max(one.open, one.user.capacity or 0) for one in members), default=1)
    first = at.astimezone(ZoneInfo(zone)).date()
    return [
        {
            "person": one,
            "load": load(
                min(one.late, one.open),
                min(one.risk, max(one.open - one.late, 0)),
                max(one.open - one.late - one.risk, 0),
                one.user.capacity,
                limit,
            ),
            "days": presence(one.user.name, first, one.days(first, AHEAD)),
        }
        for one in members
    ]


def _bands(found: Sequence[Owed], who: Person | None) -> list[Band]:
    if who is not None:
        title = _("With %(name)s") % {"name": who.user.name}
        return [Band("who", "ok", title, [rows.managed(one) for one in found])]
    groups: dict[str, list[Owed]] = {"unowned": [], "late": [], "risk": []}
    for one in found:
        key = "unowned" if one.first.owner_id is None else one.state
        groups[key if key in groups else "risk"].append(one)
    notes = {
        "unowned": ("ok", _("Owned by nobody"), _("The steward is told. Give it to somebody.")),
        "late": ("late", _("Late"), _("They act; you can help or give it to another.")),
        "risk": ("risk", _("At risk"), _("Most of the time is used.")),
    }
    return [
        Band(key, *notes[key][:2], [_row(one, key) for one in groups[key]], notes[key][2])
        for key in groups
        if groups[key]
    ]


def _row(one: Owed, band: str) -> Row:
    row = rows.managed(one)
    if band == "unowned" and row.act is not None and row.act.key == "g":
        return replace(row, act=replace(row.act, label=_("Who would get it?")))
    return row
