"""One's own page of absences, hours and capacity; and that of somebody one answers for."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal import wallclock
from portal.accounts import permissions
from portal.accounts.actions import working
from portal.accounts.models import Absence, User
from portal.accounts.working.forms import AbsenceForm, CapacityForm, HoursForm
from portal.errors import DomainError
from portal.http import PortalRequest

ZONES = (
    "Europe/Berlin", "Europe/London", "Europe/Paris", "Europe/Madrid", "Europe/Lisbon",
    "Europe/Warsaw", "America/New_York", "America/Chicago", "America/Los_Angeles",
    "America/Sao_Paulo", "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney",
    "UTC",
)  # fmt: skip
MOST = 50


@require_http_methods(["GET", "POST"])
def mine(request: PortalRequest) -> HttpResponse:
    """When I am away, when I work, how much I take at once."""
    return _page(request, request.user)


@require_http_methods(["GET", "POST"])
def of_person(request: PortalRequest, user_id: int) -> HttpResponse:
    """The same of somebody else, for who answers for their team; to others it is not there."""
    who = get_object_or_404(
        User.objects.active().select_related("team__department"), pk=user_id
    )
    if not permissions.may_arrange(request.user, who):
        raise Http404
    return _page(request, who)


def _page(request: PortalRequest, who: User) -> HttpResponse:
    at, do = wallclock.now(), request.POST.get("do", "")
    posted = request.method == "POST"
    made: dict[str, forms.Form] = {
        "absence": AbsenceForm(who, request.POST if do == "absence" else None),
        "hours": HoursForm(who, request.POST if do == "hours" else None),
        "capacity": CapacityForm(
            request.POST if do == "capacity" else None, initial={"capacity": who.capacity}
        ),
    }
    status, refusal = 200, ""
    if posted:
        status = 422
        try:
            if _done(do, made, who, request, at):
                messages.info(request, _("Kept, and in the ledger."))
                return redirect(request.path)
        except DomainError as error:
            status, refusal = 409, str(error)
    return render(
        request, "portal/profile.html", _context(who, made, refusal, at), status=status
    )


def _done(
    do: str, made: dict[str, forms.Form], who: User, request: PortalRequest, at: datetime
) -> bool:
    """Do what the form says, if it is right. Another word than the page's is not there."""
    by, form = request.user, made.get(do)
    if do == "end":
        absence = get_object_or_404(Absence.objects.filter(user=who), pk=_number(request))
        working.end_absence(absence_id=absence.pk, by=by, at=at)
        return True
    if form is None:
        raise Http404
    if not form.is_valid():
        return False
    if isinstance(form, AbsenceForm):
        starts, ends = form.span(at)
        deputy = form.cleaned_data["deputy"]
        working.plan_absence(
            user_id=who.pk, starts_at=starts, ends_at=ends, deputy=deputy, by=by, at=at
        )
    elif isinstance(form, HoursForm):
        zone = form.cleaned_data["zone"]
        working.set_hours(user_id=who.pk, zone=zone, hours=form.hours(), by=by, at=at)
    else:
        capacity = form.cleaned_data["capacity"]
        working.set_capacity(user_id=who.pk, capacity=capacity, by=by, at=at)
    return True


def _number(request: PortalRequest) -> int:
    written = request.POST.get("absence", "")
    return int(written) if written.isdecimal() and len(written) < 18 else 0


def _context(
    who: User, made: dict[str, forms.Form], refusal: str, at: datetime
) -> dict[str, Any]:
    absences = Absence.objects.filter(user=who).select_related("deputy")
    stands_in = Absence.objects.filter(deputy=who, ends_at__gt=at).select_related("user")
    return {
        "who": who,
        "refusal": refusal,
        "forms": made,
        "to_come": absences.filter(ends_at__gt=at).order_by("starts_at")[:MOST],
        "past": absences.filter(ends_at__lte=at).order_by("-starts_at")[:10],
        "stands_in": stands_in.order_by("starts_at")[:MOST],
        "zones": ZONES,
        "now": at,
    }
