"""The figures of the scorecard, and the rows of each, as files to keep."""

from collections.abc import Iterator
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads.reports.coverage import Coverage, coverage
from leads.reports.rollups import sums_of
from leads.reports.scorecard import scorecard
from leads.reports.scorecard.lines import lines
from leads.reports.scorecard.rows import Asked
from leads.views.reports.choosing import filters_of, in_force, require_reader
from leads.views.reports.evidence import file_header, values
from leads.views.reports.scorecard import rows_of
from leads.views.reports.tables import address
from portal import wallclock
from portal.http import PortalRequest
from portal.spreadsheet import Kind, table


@require_safe
def figures(request: PortalRequest, kind: Kind) -> HttpResponseBase:
    """One line for each figure, with the address of its rows."""
    require_reader(request)
    at = wallclock.now()
    version = in_force(at)
    filters = filters_of(request, version, at)
    sums = sums_of(version, filters)
    found = lines(scorecard(version, filters, at, sums))
    period = (filters.period.first, filters.period.last)
    header = [
        _("From"), _("To"), _("Part"), _("Department"), _("Figure"), _("Value"), _("Of"),
        _("Percent"), _("Agreed"), _("Low (95 %)"), _("High (95 %)"), _("Verdict"), _("Rows"),
    ]  # fmt: skip
    rows = [
        [
            *period, one.part, one.department, one.name, one.value, one.of, one.percent,
            one.agreed, one.low, one.high, one.verdict,
            address(one.figure, filters) if one.figure else "",
        ]
        for one in found
    ]  # fmt: skip
    covered = coverage(filters, sums)
    if covered.is_low:
        rows.append([*period, *_covered(covered)])
    return table(kind, f"scorecard-{filters.period.first}", header, rows)


def _covered(found: Coverage) -> list[Any]:
    """Which part of all leads the figures are of, as a line of its own."""
    whole, name = found.whole, _("Leads of the CRM that the portal sees")
    share = None if whole.share is None else round(whole.share * 100, 1)
    return [_("Coverage"), "", name, whole.seen, whole.crm, share, *[""] * 5]


@require_safe
def rows(request: PortalRequest, kind: Kind) -> HttpResponseBase:
    """Exactly the rows that a figure counts, all of them."""
    require_reader(request)
    at = wallclock.now()
    version = in_force(at)
    found = rows_of(
        request.GET.get("figure", ""), Asked(version, filters_of(request, version, at), at)
    )

    def each() -> Iterator[list[Any]]:
        for one in found.found.order_by("pk").iterator(chunk_size=2_000):
            yield values(found.noun, one, at)

    return table(kind, f"scorecard-{found.noun}", file_header(found.noun), each())
