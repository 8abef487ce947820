"""What people asked of their data: what waits, by when, and what was answered."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leads.models import PrivacyRequest, RetentionRule
from leads.views.lead.finding import number
from portal import wallclock
from portal.http import PortalRequest

PAGE = 25


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Open requests first, then those answered, newest first; for operations and auditors."""
    if not request.user.reads_privacy:
        raise Http404
    at = wallclock.now()
    rows = PrivacyRequest.objects.visible_to(request.user).select_related(
        "lead", "noted_by", "done_by", "rule"
    )
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
