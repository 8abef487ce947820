"""Every handoff of a long time, read by a job while its asker does something else."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from leads.reports.backtest import whole
from leads.views.reports.backtest.asked import AskedForm, base_of, version_of
from portal import wallclock
from portal.http import PortalRequest
from portal.jobs.tasks import nudge
from sla.core.terms import TermsError
from sla.views.agreements import may_draft


@require_POST
def ask(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """Read all handoffs of the time in the address; leads to the job's progress."""
    version, at = version_of(request, key, number), wallclock.now()
    if not may_draft(request.user):
        raise Http404
    page = reverse("leads:backtest", args=[key, number])
    try:
        form = AskedForm(request.GET.dict(), version.parsed, at)
    except TermsError:
        return redirect(page)  # it says there what is wrong with the text
    if not form.is_valid():
        return redirect(f"{page}?{request.GET.urlencode()}")
    since, until = form.span
    job = whole.ask(
        version=version, base=base_of(version, at), since=since, until=until,
        by=request.user, at=at, back=f"{page}?{form.query()}"[:200],
    )  # fmt: skip
    nudge()
    return redirect("job", job_id=job.pk)
