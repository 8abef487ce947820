"""What is around a lead: its company, colleagues there, and who changed what."""

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from leads.desk.changes import changes
from leads.desk.words import ruling
from leads.models import Assignment, Lead
from leads.views.lead.finding import after, number
from leads.views.lead.page import find
from portal import wallclock
from portal.http import PortalRequest

PEOPLE = 25


@require_safe
def company(request: PortalRequest, lead_id: int) -> HttpResponse:
    """The company of a lead, and everybody there that we know of, newest first."""
    lead, at = find(request, lead_id), wallclock.now()
    found = after(_colleagues(lead), number(request.GET.get("after", "")))
    page = list(found[: PEOPLE + 1])
    last = page[PEOPLE - 1] if len(page) > PEOPLE else None
    context = {
        "lead": lead,
        "company": lead.company,
        "people": page[:PEOPLE],
        "names": ruling(at).words.glossary(request.user.prefers_legacy),
        "older": f"?after={last.pk}" if last else "",
    }
    return render(request, "leads/lead/company.html", context)


@require_safe
def history(request: PortalRequest, lead_id: int) -> HttpResponse:
    """Every change of the lead's and the company's facts, as sentences, newest first."""
    lead = find(request, lead_id)
    try:
        before = parse_datetime(request.GET.get("before", ""))
    except ValueError:
        before = None
    if before is not None and before.tzinfo is None:
        before = None
    found, following = changes(lead, before)
    context = {
        "lead": lead,
        "changes": found,
        "older": following.isoformat().replace("+00:00", "Z") if following else "",
    }
    return render(request, "leads/lead/history.html", context)


def _colleagues(lead: Lead) -> QuerySet[Lead]:
    """The other leads of the company with their seats; none for a lead without one."""
    seats = Assignment.objects.filter(until=None).select_related("member", "team")
    found = Lead.objects.filter(merged_into=None).exclude(pk=lead.pk)
    there = found.filter(company=lead.company_id) if lead.company_id else found.none()
    return there.prefetch_related(
        Prefetch("assignments", seats.order_by("department"), to_attr="seats")
    ).order_by("-received_at", "-pk")
