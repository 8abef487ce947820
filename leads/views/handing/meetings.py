"""Meetings that the lead booked: entered, and told that nobody came."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leads.actions.journeys import meetings
from leads.actions.sweeping.once_more import once_more
from leads.forms.meeting import MeetingForm
from leads.models import Lead, Meeting
from portal import wallclock
from portal.accounts import permissions
from portal.errors import DomainError
from portal.http import PortalRequest, posted


@require_http_methods(["GET", "POST"])
def show(request: PortalRequest, lead_id: int) -> HttpResponse:
    """The meetings that the lead booked, and a form for one that no system told of."""
    visible = Lead.objects.visible_to(request.user).select_related("company")
    lead, at = get_object_or_404(visible, pk=lead_id), wallclock.now()
    form = MeetingForm(request.user, posted(request))
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                once_more(
                    lambda now: meetings.book(
                        lead_id=lead.pk, by=request.user, at=now, **form.cleaned_data
                    ),
                    now=wallclock.now,
                )
                return redirect("leads:meetings", lead_id=lead.pk)
            except DomainError as error:
                status, refusal = 409, str(error)
    rows = Meeting.objects.filter(touch__lead=lead, touch__undone_at=None)
    shown = [
        (one, one.starts_at <= at and one.missed_at is None and _may_say(request, one, at))
        for one in rows.select_related("host__team__department", "touch", "missed_by")
    ]
    context = {
        "lead": lead,
        "meetings": shown[::-1],
        "form": form,
        "refusal": refusal,
        "may_book": request.user.department_id is not None and lead.closed_at is None,
        "now": at,
    }
    return render(request, "leads/handing/meetings.html", context, status=status)


@require_POST
def missed(request: PortalRequest, meeting_id: int) -> HttpResponse:
    """The lead did not come: the turn is given back, and the cadence begins."""
    visible = Lead.objects.visible_to(request.user)
    rows = Meeting.objects.filter(touch__lead__in=visible).select_related("touch")
    meeting = get_object_or_404(rows, pk=meeting_id)
    try:
        once_more(
            lambda at: meetings.missed(meeting_id=meeting.pk, by=request.user, at=at),
            now=wallclock.now,
        )
        messages.info(request, _("Noted. The turn is given back; the attempts begin now."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("leads:meetings", lead_id=meeting.touch.lead_id)


def _may_say(request: PortalRequest, meeting: Meeting, at: datetime) -> bool:
    team, user = meeting.host.team, request.user
    return team is not None and permissions.may_act_for(user, meeting.host_id, team, at)
