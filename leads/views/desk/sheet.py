"""The desk as a file to keep."""

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from leads.desk.mine import filters, sheet
from leads.desk.words import stage_words
from portal import wallclock
from portal.http import PortalRequest
from portal.spreadsheet import Kind, table


@require_safe
def file(request: PortalRequest, kind: Kind) -> HttpResponseBase:
    """The rows that the address shows, over all pages."""
    if not request.user.reads_leads:
        raise Http404
    at = wallclock.now()
    rows = sheet.lines(request.user, at, filters.read(request.GET), stage_words(at))
    return table(kind, f"desk-{at:%Y-%m-%d}", sheet.header(), rows)
