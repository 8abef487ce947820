"""A job's page: how far it is, by itself every other second, and by loading it again."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal import wallclock
from portal.http import PortalRequest
from portal.jobs import actions
from portal.jobs.models import Job


@require_safe
def show(request: PortalRequest, job_id: int) -> HttpResponse:
    """How far one's own job is. htmx asks for the part that moves, and is led on at its end."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=job_id)
    ended_well = job.state == Job.State.DONE and bool(job.back)
    if not request.htmx:
        return redirect(job.back) if ended_well else _page(request, job, "job")
    if ended_well:
        return HttpResponse(headers={"HX-Redirect": job.back})
    return _page(request, job, "_progress")


@require_POST
def cancel(request: PortalRequest, job_id: int) -> HttpResponse:
    """Stop one's own job."""
    get_object_or_404(Job.objects.visible_to(request.user), pk=job_id)
    actions.cancel(job_id=job_id, by=request.user, at=wallclock.now())
    return redirect("job", job_id=job_id)


def _page(request: PortalRequest, job: Job, name: str) -> HttpResponse:
    waits = job.is_open and job.lease_until is None and job.cursor == 0
    context = {"job": job, "waits": waits}
    return render(request, f"portal/jobs/{name}.html", context)
