"""The scorecard as a PDF to print and to keep."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from leads.reports.coverage import coverage
from leads.reports.rollups import sums_of
from leads.reports.scorecard import scorecard as counted
from leads.reports.scorecard.document import pdf
from leads.views.reports.choosing import filters_of, in_force, require_reader
from leads.views.reports.coverage.drawn import said
from portal import ledger, wallclock
from portal.http import PortalRequest


@require_safe
def scorecard(request: PortalRequest) -> HttpResponse:
    """The page's figures on paper, with the head of the ledger under each page."""
    require_reader(request)
    at = wallclock.now()
    version = in_force(at)
    filters = filters_of(request, version, at)
    place, tip = ledger.tip()
    sums = sums_of(version, filters)
    covered = said(coverage(filters, sums))
    made = pdf(counted(version, filters, at, sums), head=f"{place} {tip}", covered=covered)
    name = f"scorecard-{filters.period.first}.pdf"
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(made, "application/pdf", headers={"Content-Disposition": disposition})
