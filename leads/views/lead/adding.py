"""A lead typed in by hand."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from leads.actions import intake
from leads.desk.words import ruling
from leads.forms.lead import NewLeadForm
from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest, posted


@require_http_methods(["GET", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Type a lead in; what the portal already knows of the person is found, not doubled."""
    if not request.user.may_act:
        raise PermissionDenied
    at = wallclock.now()
    form = NewLeadForm(ruling(at).default, posted(request))
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                received = intake.receive(
                    arrival=form.arrival(str(request.user)), at=at, by=request.user
                )
                return redirect("leads:lead", lead_id=received.lead.pk)
            except DomainError as error:
                status, refusal = 409, str(error)
    context = {"form": form, "refusal": refusal}
    return render(request, "leads/lead/new.html", context, status=status)
