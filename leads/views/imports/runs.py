"""What came of an import: figures, the refused, every record by its line; taken back."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leads.actions.imports.files import brought, report
from leads.models import ImportRun, Lead
from leads.views.imports.operators import operators_only
from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest
from portal.jobs.models import Job
from portal.jobs.tasks import nudge
from portal.spreadsheet import Kind, table

SHOWN = 20


@require_safe
@operators_only
def show(request: PortalRequest, run_id: int) -> HttpResponse:
    """The report of an import."""
    run = _find(run_id)
    context = {
        "run": run,
        "refused": report.first_refused(run, SHOWN) if run.rejected else [],
        "why_not_back": brought.why_not_back(run, wallclock.now()),
        "file_is_there": run.upload is not None and run.upload.removed_at is None,
        "stopped": run.finished_at is None and (run.job is None or not run.job.is_open),
        "stayed": Lead.objects.filter(pk__in=run.undone.get("leads", [])[:SHOWN]),
        "mine": run.job is not None and run.job.by_id == request.user.pk,
    }
    return render(request, "leads/imports/run.html", context)


@require_POST
@operators_only
def go_on(request: PortalRequest, run_id: int) -> HttpResponse:
    """Go on with an import that was stopped."""
    return _asked(request, run_id, brought.go_on)


@require_POST
@operators_only
def undo(request: PortalRequest, run_id: int) -> HttpResponse:
    """Take a whole import back."""
    return _asked(request, run_id, brought.take_back)


def _asked(request: PortalRequest, run_id: int, act: Callable[..., Job]) -> HttpResponse:
    """Let a job do it; the page of the job shows how far it is."""
    _find(run_id)
    try:
        job = act(run_id=run_id, by=request.user, at=wallclock.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("leads:import", run_id=run_id)
    return _to(job)


@require_safe
@operators_only
def records(request: PortalRequest, run_id: int, kind: str) -> HttpResponseBase:
    """Every record by its line, with what became of it."""
    run = _find(run_id)
    found: Kind | None = "csv" if kind == "csv" else "xlsx" if kind == "xlsx" else None
    if found is None:
        raise Http404(kind)
    header = [_("line"), _("outcome"), _("lead"), _("column"), _("reason")]
    return table(found, f"import-{run.pk}-records", header, report.outcomes(run))


@require_safe
@operators_only
def refused(request: PortalRequest, run_id: int) -> HttpResponseBase:
    """The refused records with their reasons, to mend and send again."""
    run = _find(run_id)
    try:
        header, rows = report.refused_again(run)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("leads:import", run_id=run_id)
    return table("csv", f"import-{run.pk}-refused", header, rows)


def _find(run_id: int) -> ImportRun:
    found = ImportRun.objects.select_related("by", "upload", "job", "undone_by")
    return get_object_or_404(found, pk=run_id)


def _to(job: Job) -> HttpResponse:
    nudge()
    return redirect("job", job_id=job.pk)
