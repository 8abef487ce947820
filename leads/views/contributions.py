"""Late-stage material: Marketing delivers it, Sales says whether it was used."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leads.actions import contributions
from leads.actions.sweeping.once_more import once_more
from leads.forms.handoff import DeliverForm
from leads.models import Contribution, Lead
from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest, posted


@require_http_methods(["GET", "POST"])
def deliver(request: PortalRequest, contribution_id: int) -> HttpResponse:
    one = _find(request, contribution_id)
    form = DeliverForm(posted(request))
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                link = form.cleaned_data["link"]
                once_more(
                    lambda at: contributions.deliver(
                        contribution_id=one.pk, by=request.user, at=at, link=link
                    ),
                    now=wallclock.now,
                )
                return redirect("leads:lead", lead_id=one.lead_id)
            except DomainError as error:
                status, refusal = 409, str(error)
    context = {
        "lead": one.lead,
        "form": form,
        "title": _("Deliver: %(what)s") % {"what": one},
        "about": _("Asked by %(who)s.") % {"who": one.asked_by},
        "button": _("Deliver it"),
        "refusal": refusal,
    }
    return render(request, "leads/dialog.html", context, status=status)


@require_POST
def used(request: PortalRequest, contribution_id: int) -> HttpResponse:
    one = _find(request, contribution_id)
    try:
        contributions.mark_used(
            contribution_id=one.pk,
            by=request.user,
            at=wallclock.now(),
            used=request.POST.get("used") == "yes",
        )
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("leads:lead", lead_id=one.lead_id)


def _find(request: PortalRequest, contribution_id: int) -> Contribution:
    visible = Lead.objects.visible_to(request.user)
    found = Contribution.objects.select_related("lead__company", "asked_by")
    return get_object_or_404(found.filter(lead__in=visible), pk=contribution_id)
