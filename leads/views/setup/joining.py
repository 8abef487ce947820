"""A team becomes part of another, or goes over to the other department."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leads.actions.moving import teams
from leads.actions.moving.naming import naming
from leads.actions.sweeping.once_more import once_more
from leads.forms.owning import JoinForm
from leads.views.setup.doors import administrators_only
from portal import wallclock
from portal.accounts.models import Department, Team
from portal.errors import DomainError
from portal.http import PortalRequest, posted


@require_http_methods(["GET", "POST"])
@administrators_only
def show(request: PortalRequest, key: str) -> HttpResponse:
    """First looked at, then done: all of it or nothing."""
    rows = Team.objects.filter(archived_at=None).select_related("department")
    team = get_object_or_404(rows, key=key)
    other = Department.Key(team.department.other).label
    form = JoinForm(team, str(other), posted(request))
    status, shown = 200, dict[str, Any]()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            wanted = teams.Joining(team.pk, data["work"], over=data["way"] == "over")
            try:
                if request.POST.get("do") == "join":
                    return _join(request, team, wanted)
                seen = teams.preview(wanted=wanted, by=request.user, at=wallclock.now())
                status, shown = 200, {"seen": seen, "over": wanted.over}
            except DomainError as error:
                status, shown = 409, {"refusal": str(error)}
    context = {
        "team": team,
        "form": form,
        "members": team.members.filter(is_active=True).count(),
        "named": naming(team, wallclock.now()) if status == 200 else (),
        **shown,
    }
    return render(request, "leads/setup/joining.html", context, status=status)


def _join(request: PortalRequest, team: Team, wanted: teams.Joining) -> HttpResponse:
    done = once_more(
        lambda at: teams.join(wanted=wanted, by=request.user, at=at), now=wallclock.now
    )
    said = {"team": team, "people": done.people, "leads": done.leads}
    messages.success(
        request,
        _("%(team)s: %(people)d people moved, %(leads)d leads go on; no clock restarted.")
        % said,
    )
    return redirect("leads:setup-teams")
