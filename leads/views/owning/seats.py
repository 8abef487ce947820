"""Seats of a lead: who owns it in each department, since when, and why; and giving one on."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leads.actions.owning import routing, seats
from leads.actions.sweeping.once_more import once_more
from leads.core.words import reasons
from leads.forms.owning import SeatForm
from leads.models import Assignment, Lead
from portal import wallclock
from portal.accounts import permissions
from portal.accounts.models import Team, User
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from portal.ledger import known
from portal.reader.language import say

DEPARTMENTS = ("marketing", "sales")
MOST = 200


@require_http_methods(["GET", "POST"])
def show(request: PortalRequest, lead_id: int) -> HttpResponse:
    """Both seats with their history and why, who would get it now, and giving a seat on."""
    visible = Lead.objects.visible_to(request.user).select_related("company", "agreement")
    lead = get_object_or_404(visible, pk=lead_id)
    form = SeatForm(posted(request))
    status, refusal = 200, ""
    if request.method == "POST" and form.is_valid():
        try:
            _give(lead, form, request.user)
            messages.info(request, _("Given. Clocks went along and none restarted."))
            return redirect("leads:seats", lead_id=lead.pk)
        except DomainError as error:
            status, refusal = 409, str(error)
    elif request.method == "POST":
        status = 422
    context = _context(lead, request.user) | {"form": form, "refusal": refusal}
    return render(request, "leads/owning/seats.html", context, status=status)


@require_safe
def would_get(request: PortalRequest, lead_id: int, key: str) -> HttpResponse:
    """Who of a team would get the lead now, and why: a piece of a page, or a page."""
    visible = Lead.objects.visible_to(request.user).select_related("company", "agreement")
    lead = get_object_or_404(visible, pk=lead_id)
    team = get_object_or_404(Team.objects.filter(archived_at=None), key=key)
    with known.reading():
        choice = routing.preview(team, lead, wallclock.now())
    page = "_would_get" if request.htmx else "would_get"
    context = {"lead": lead, "team": team, "choice": choice}
    return render(request, f"leads/owning/{page}.html", context)


def _give(lead: Lead, form: SeatForm, by: User) -> None:
    data = form.cleaned_data
    once_more(
        lambda at: seats.reassign_seat(
            lead_id=lead.pk, department=data["department"], to=data["to"], by=by, at=at
        ),
        now=wallclock.now,
    )


def _context(lead: Lead, user: User) -> dict[str, Any]:
    rows = lead.assignments.select_related("member", "team__department", "by")
    history: list[Assignment] = list(rows.order_by("-since", "-pk")[:MOST])
    current = {row.department_id: row for row in history if row.until is None}
    return {
        "lead": lead,
        "seats": [current[key] for key in DEPARTMENTS if key in current],
        "history": [(row, _said(row)) for row in history],
        "next": [
            (seat, permissions.may_steer(user, seat.team))
            for seat in (current[key] for key in DEPARTMENTS if key in current)
        ],
        "people": _people(),
    }


def _said(row: Assignment) -> str:
    """What was said of who got the seat, else the rule by which it was given."""
    name = str(row.member or "")
    lines = [reasons.retold(line, say) for line in row.why]
    own = (line.removeprefix(f"{name}: ") for line in lines if line.startswith(f"{name}: "))
    return next(own, lines[0] if lines else "")


def _people() -> dict[str, list[User]]:
    """The active members of teams, by department."""
    found: dict[str, list[User]] = {key: [] for key in DEPARTMENTS}
    for one in User.objects.active().exclude(team=None):
        found[one.department_id or ""].append(one)
    return found
