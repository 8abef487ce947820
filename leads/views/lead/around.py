"""What is around a lead: its company, colleagues there, and who changed what."""

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from leads.core.words.stages import StageWords
from leads.desk.changes import changes, every_change
from leads.desk.words import ruling, stage_columns
from leads.models import Assignment, Lead
from leads.views.lead.finding import after, number
from leads.views.lead.page import find
from portal import spreadsheet, wallclock
from portal.http import PortalRequest

PEOPLE = 25
CHANGES: list[spreadsheet.Column] = [
    (gettext_lazy("When"), lambda one: one.at),
    (gettext_lazy("By"), lambda one: one.by),
    (gettext_lazy("Fact"), lambda one: one.field),
    (gettext_lazy("Before"), lambda one: one.before),
    (gettext_lazy("Afterwards"), lambda one: one.after),
    (gettext_lazy("What happened"), lambda one: one.text),
]


@require_safe
def company(request: PortalRequest, lead_id: int) -> HttpResponseBase:
    """The company of a lead, and everybody there that we know of, newest first."""
    lead, at = find(request, lead_id), wallclock.now()
    if kind := spreadsheet.asked(request):
        columns = _columns(ruling(at).words)
        return spreadsheet.listed(kind, f"colleagues-{lead.pk}", columns, _colleagues(lead))
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
def history(request: PortalRequest, lead_id: int) -> HttpResponseBase:
    """Every change of the lead's and the company's facts, as sentences, newest first."""
    lead = find(request, lead_id)
    if kind := spreadsheet.asked(request):
        return spreadsheet.listed(kind, f"changes-{lead.pk}", CHANGES, every_change(lead))
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


def _columns(words: StageWords) -> list[spreadsheet.Column]:
    return [
        (_("Lead"), lambda one: one.name),
        (_("Job title"), lambda one: one.job_title),
        *stage_columns(words, lambda one: one.stage),
        (_("Closed as"), lambda one: one.get_closed_as_display() if one.closed_as else ""),
        (_("Owned by"), lambda one: ", ".join(str(s.member or s.team) for s in one.seats)),
        (_("Received"), lambda one: one.received_at),
        (_("Lead number"), lambda one: one.pk),
    ]
