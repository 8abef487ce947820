"""Sales uses what is in the library, and says with which lead."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leads.actions.library import taking
from leads.actions.sweeping.once_more import once_more
from leads.models import Assignment, Content, Lead
from leads.views.lead.finding import number
from portal import wallclock
from portal.accounts.models import User
from portal.errors import DomainError
from portal.http import PortalRequest

MOST = 60


@require_POST
def take(request: PortalRequest, content_id: int) -> HttpResponse:
    """Record that a piece was used with a lead, and show the lead."""
    content = get_object_or_404(Content.objects.visible_to(request.user), pk=content_id)
    visible = Lead.objects.visible_to(request.user).filter(merged_into=None)
    lead = get_object_or_404(visible, pk=number(request.POST.get("lead", "")))

    def act(at: datetime) -> None:
        taking.take(lead_id=lead.pk, content_id=content.pk, by=request.user, at=at)

    try:
        once_more(act, now=wallclock.now)
        messages.info(request, _("Noted: it was used with %(lead)s.") % {"lead": lead})
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("leads:lead", lead_id=lead.pk)


def with_whom(user: User) -> list[Lead]:
    """The open leads whose Sales seat this person has, by name; at most MOST."""
    if user.department_id != "sales":
        return []
    seats = Assignment.objects.filter(member=user, department="sales", until=None)
    mine = Lead.objects.open().filter(pk__in=seats.values("lead")).select_related("company")
    return list(mine.order_by("name", "pk")[:MOST])
