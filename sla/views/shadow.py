"""Shadow mode: what a proposed version would have made of what really happens."""

from datetime import datetime
from typing import Any, get_args

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal import wallclock
from portal.accounts.models.team import all_teams
from portal.http import PortalRequest
from portal.ledger import known
from portal.look.parts import Link
from sla import ports
from sla.actions import observing
from sla.core.observed import Question, Shadow, Which, chosen
from sla.models import Observation, Version
from sla.views.agreements import find, may_draft


@require_http_methods(["GET", "POST"])
def shadow(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """Would have been: real handoffs under an observed version. Who reads leads sees it;
    both departments and operations start and stop it."""
    if not request.user.reads_leads:
        raise Http404
    if request.method == "POST":
        return _observe(request, key, number)
    with known.reading():
        return render(request, "sla/shadow.html", _context(request, key, number))


def _observe(request: PortalRequest, key: str, number: int) -> HttpResponse:
    if not may_draft(request.user):
        raise Http404
    do = observing.stop if request.POST.get("do") == "stop" else observing.start
    do(version_id=find(key, number).pk, by=request.user, at=wallclock.now())
    return redirect("sla:shadow", key=key, number=number)


def _context(request: PortalRequest, key: str, number: int) -> dict[str, Any]:
    at = wallclock.now()
    seen = Observation.objects.newest_of(key, number)
    version = seen.version if seen else find(key, number)
    ends = _end(version, seen)
    question = _question(request, seen, ends, at) if seen else None
    found = ports.shadow(version, question) if question else None
    team = question.team if question else ""
    which = chosen(_which(request), found.differ if found else 0)
    return {
        "version": version,
        "agreement": version.agreement,
        "observation": seen,
        "running": seen is not None and (ends is None or at < ends),
        "ended": ends,
        "teams": _teams(which, team),
        "shadow": found,
        "may_start": may_draft(request.user) and observing.may_observe(version, at),
        "may_stop": may_draft(request.user),
        **_links(which, found, team),
    }


def _question(
    request: PortalRequest, seen: Observation, ends: datetime | None, at: datetime
) -> Question:
    """From the start of the observation to its end; at the latest until it governs itself."""
    until = at if ends is None else min(at, ends)
    return Question(
        since=seen.started_at,
        until=until,
        at=at,
        which=_which(request),
        page=_page(request),
        team=_team(request),
        alone=not seen.beside_another(until),
    )


def _end(version: Version, seen: Observation | None) -> datetime | None:
    """When the observation ended, or will: where somebody stopped it, or the text begins."""
    stopped = seen.stopped_at if seen is not None else None
    return min((end for end in (stopped, version.effective_from) if end), default=None)


def _team(request: PortalRequest) -> str:
    """The team that is looked at alone; "" for none, and for one that is not there."""
    asked = request.GET.get("team", "")[:60]
    return asked if asked in [team.key for team in all_teams().values()] else ""


def _teams(which: Which, team: str) -> list[Link]:
    """Everybody, or one team that receives: a pilot is looked at by its team alone."""
    there = [
        one
        for one in all_teams().values()
        if one.department_id == "sales" and one.archived_at is None
    ]
    named = [("", _("All teams")), *((one.key, one.name) for one in there)]
    return [
        Link(name, f"?{urlencode({'show': which, 'team': key})}", here=key == team)
        for key, name in named
    ]


def _which(request: PortalRequest) -> Which:
    asked = request.GET.get("show", "any")
    return next((one for one in get_args(Which) if one == asked), "any")


def _page(request: PortalRequest) -> int:
    asked = request.GET.get("page", "1")[:6]
    return max(int(asked), 1) if asked.isdecimal() else 1


def _links(which: Which, found: Shadow | None, team: str) -> dict[str, Any]:
    """The filters and the pages before and after, as plain addresses."""
    if found is None:
        return {}
    more = {"team": team} if team else {}
    labels = {
        "other": (_("Ends otherwise"), found.differ),
        "late": (_("Would have been late"), found.late),
        "all": (_("All"), None),
    }
    if found.alone:  # there is nothing that it could end otherwise than
        del labels["other"]
        which = "late" if which == "late" else "all"
    chips = [
        Link(label, f"?{urlencode({'show': key, **more})}", here=key == which, count=number)
        for key, (label, number) in labels.items()
    ]
    newer = {"show": which, "page": found.page - 1, **more} if found.page > 1 else None
    older = (
        {"show": which, "page": found.page + 1, **more} if found.page < found.pages else None
    )
    none = {
        "other": _("No clock would have ended otherwise."),
        "late": _("No clock would have been late."),
        "all": _("No handoff has been offered since.")
        if not found.alone
        else _("No lead that arrived since would have been offered."),
    }
    return {
        "chips": chips,
        "none": none[which],
        "newer_url": f"?{urlencode(newer)}" if newer else "",
        "older_url": f"?{urlencode(older)}" if older else "",
    }
