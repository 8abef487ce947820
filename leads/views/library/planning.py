"""Content by stage: what Marketing promised, what is published, what is planned."""

from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leads.actions.library import keeping
from leads.desk.library.plan import plan
from leads.desk.words import ruling
from portal import wallclock
from portal.http import PortalRequest


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """The plan, stage by stage; a promise in content stands with its figures."""
    if not request.user.reads_leads:
        raise Http404
    at, user = wallclock.now(), request.user
    shelves = plan(ruling(at), user.prefers_legacy, ZoneInfo(user.zone), at)
    context = {
        "shelves": shelves,
        "may_keep": keeping.may_keep(user),
        "promised": any(shelf.promises for shelf in shelves),
    }
    return render(request, "leads/library/plan.html", context)
