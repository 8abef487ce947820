"""Somebody changes teams: what goes along or is handed on, seen before it is done."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leads.actions.moving import people
from leads.actions.owning import seeing_off
from leads.actions.sweeping.once_more import once_more
from leads.forms.owning import PlaceForm
from portal import wallclock
from portal.accounts.models import User
from portal.errors import DomainError
from portal.http import PortalRequest, posted


@require_http_methods(["GET", "POST"])
def show(request: PortalRequest, user_id: int) -> HttpResponse:
    """For administrators and operations; to others the page is not there."""
    rows = User.objects.active().select_related("team__department", "department")
    who = get_object_or_404(rows, pk=user_id)
    if who.team is None or not people.may_move(request.user, who):
        raise Http404
    form = PlaceForm(who.team, posted(request))
    status, shown = 200, dict[str, Any]()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            change = people.Change(who.pk, form.cleaned_data["to"], form.cleaned_data["takes"])
            try:
                if request.POST.get("do") == "move":
                    return _move(request, who, change)
                at = wallclock.now()
                leads = people.preview(change=change, by=request.user, at=at)
                status, shown = 200, {"tried": True, "leads": leads}
            except DomainError as error:
                status, shown = 409, {"refusal": str(error)}
    told, has = seeing_off.tells(who), seeing_off.has(who)
    context = {"who": who, "told": told, "has": has, "form": form, **shown}
    return render(request, "leads/owning/moving.html", context, status=status)


def _move(request: PortalRequest, who: User, change: people.Change) -> HttpResponse:
    once_more(lambda at: people.move(change=change, by=request.user, at=at), now=wallclock.now)
    messages.info(request, _("%(who)s is in the new team; no clock restarted.") % {"who": who})
    return redirect("leads:teams" if request.user.reads_leads else "leads:setup-people")
