"""Who is in nurture, with whom, and until when."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads.models import Assignment, Timer
from leads.reports.returning import nurture
from portal import wallclock
from portal.http import PortalRequest
from portal.look.parts import Link

MOST = 100


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """Who is back and waits for a look; then who comes back, soonest first."""
    user, at = request.user, wallclock.now()
    if not user.reads_leads:
        raise Http404
    mine = request.GET.get("whose") != "all" and user.department_id is not None
    lists = [nurture.back(at), nurture.to_come(at)]
    if mine:
        lists = [nurture.of_member(one, user.pk) for one in lists]
    back, to_come = (list(one[:MOST]) for one in lists)
    seats = _seats([*back, *to_come])
    context = {
        "back": [(timer, seats.get(timer.lead_id)) for timer in back],
        "to_come": [(timer, seats.get(timer.lead_id)) for timer in to_come],
        "views": [
            Link(_("Mine"), "?whose=mine", here=mine),
            Link(_("Everybody’s"), "?whose=all", here=not mine),
        ]
        if user.department_id
        else [],
    }
    return render(request, "leads/handing/nurture.html", context)


def _seats(timers: list[Timer]) -> dict[int, Any]:
    """Marketing's seat of each lead."""
    rows = Assignment.objects.filter(
        lead__in=[timer.lead_id for timer in timers], department="marketing", until=None
    )
    return {row.lead_id: row for row in rows.select_related("member", "team")}
