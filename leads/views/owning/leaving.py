"""Somebody leaves the company: what they have, who would get it, and the one button."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leads.actions.owning import seeing_off
from leads.actions.sweeping.once_more import once_more
from portal import wallclock
from portal.accounts.models import User
from portal.errors import DomainError
from portal.http import PortalRequest


@require_http_methods(["GET", "POST"])
def show(request: PortalRequest, user_id: int) -> HttpResponse:
    """For who may close the account; to others the page is not there."""
    people = User.objects.active().select_related("team__department", "department")
    who = get_object_or_404(people, pk=user_id)
    if not seeing_off.may_see_off(request.user, who):
        raise Http404
    status, shown = 200, {}
    if request.method == "POST":
        try:
            if request.POST.get("do") == "leave":
                return _leave(request, who)
            at = wallclock.now()
            shown = _told(seeing_off.preview(user_id=who.pk, by=request.user, at=at))
        except DomainError as error:
            status, shown = 409, {"refusal": str(error)}
    context = {
        "who": who,
        "told": seeing_off.tells(who),
        "has": seeing_off.has(who),
        "offices": seeing_off.offices(who),
        **shown,
    }
    return render(request, "leads/owning/leaving.html", context, status=status)


def _leave(request: PortalRequest, who: User) -> HttpResponse:
    told = seeing_off.tells(who)
    done = once_more(
        lambda at: seeing_off.see_off(user_id=who.pk, by=request.user, at=at), now=wallclock.now
    )
    said = _("%(who)s has left. %(n)d leads were handed on; no clock restarted.")
    if not told:
        said = _("%(who)s has left. All they had was handed on; no clock restarted.")
    messages.info(request, said % {"who": who, "n": done.leads})
    return redirect("leads:teams")


def _told(farewell: seeing_off.Farewell) -> dict[str, Any]:
    """Who would get how much, most first; nobody named last."""
    people = {*farewell.seats, *farewell.handoffs, *farewell.clocks}
    rows = [
        (
            farewell.names.get(pk or 0, _("the team’s pool")),
            farewell.seats[pk],
            farewell.handoffs[pk],
            farewell.clocks[pk],
        )
        for pk in people
    ]
    ordered = sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))
    return {"rows": ordered, "leads": farewell.leads, "tried": True}
