"""What people asked of their data: what waits, by when, and what was answered."""

from datetime import datetime
from itertools import chain

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads.models import PrivacyRequest, RetentionRule
from leads.views.lead.finding import number
from portal import spreadsheet, wallclock
from portal.http import PortalRequest

PAGE = 25


@require_safe
def index(request: PortalRequest) -> HttpResponseBase:
    """Open requests first, then those answered, newest first; for operations and auditors."""
    if not request.user.reads_privacy:
        raise Http404
    at = wallclock.now()
    rows = PrivacyRequest.objects.visible_to(request.user).select_related(
        "lead", "noted_by", "done_by", "rule"
    )
    if kind := spreadsheet.asked(request):
        lists = (rows.open().order_by("asked_at"), rows.exclude(done_at=None))
        every = chain.from_iterable(map(spreadsheet.read, lists))
        return spreadsheet.listed(kind, "privacy-requests", _columns(at), every)
    before = number(request.GET.get("before", ""))
    answered = rows.exclude(done_at=None)
    if before is not None:
        answered = answered.filter(pk__lt=before)
    page = list(answered[: PAGE + 1])
    waiting = [] if before is not None else list(rows.open().order_by("asked_at")[:100])
    context = {
        "waiting": [(one, one.is_late(at)) for one in waiting],
        "answered": page[:PAGE],
        "older": f"?before={page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "rules": RetentionRule.objects.filter(is_active=True),
        "first": before is None,
    }
    return render(request, "leads/privacy/index.html", context)


def _columns(at: datetime) -> list[spreadsheet.Column]:
    return [
        (_("Request"), PrivacyRequest.get_kind_display),
        (_("Basis"), PrivacyRequest.get_basis_display),
        (_("Lead"), lambda one: one.lead.name),
        (_("Reason"), lambda one: one.reason),
        (_("Asked"), lambda one: one.asked_at),
        (_("Answer by"), lambda one: one.due_at),
        (_("Late"), lambda one: one.done_at is None and one.is_late(at)),
        (_("Answered"), lambda one: one.done_at),
        (_("By"), lambda one: one.done_by),
        (_("Lead number"), lambda one: one.lead_id),
    ]
