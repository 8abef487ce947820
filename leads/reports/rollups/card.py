"""Reports as pages, files and programs get them: from the sums as far as there are any, else
from the rows. Seals are always counted from the rows."""

from collections.abc import Sequence

from leads.reports.cohort import Journey, cohort
from leads.reports.period import Filters
from leads.reports.rollups import spans
from leads.reports.rollups.reading import rolled
from leads.reports.rollups.sums import Rolled
from sla.models import Version


def sums_of(version: Version | None, filters: Filters) -> Rolled | None:
    """What the scorecard and the coverage over it need, of both periods that are shown; None
    where there are no sums that hold."""
    asked = [filters, filters.other] if filters.other else [filters]
    return _read(version, filters, spans.of_card(asked, version))


def sums_of_review(version: Version | None, filters: Filters) -> Rolled | None:
    """What the week in questions needs, and the coverage over it."""
    return _read(version, filters, spans.of_review([filters], version))


def sums_of_coverage(version: Version | None, filters: Filters) -> Rolled | None:
    """What the portal sees of all leads."""
    return _read(version, filters, spans.of_coverage([filters]))


def sums_of_integrity(version: Version | None, filters: Filters) -> Rolled | None:
    """What the checks of a period count that is the same each day."""
    return _read(version, filters, spans.of_integrity(filters.period))


def journey_of(version: Version | None, filters: Filters) -> Journey:
    """The numbers of a cohort."""
    found = _read(version, filters, spans.of_cohort([filters]))
    return found.journey(version, filters) if found else cohort(version, filters).told()


def _read(
    version: Version | None, filters: Filters, wanted: Sequence[spans.Span]
) -> Rolled | None:
    """Who read `version` may have found that there are no sums."""
    if not getattr(version, "has_sums", True):
        return None
    return rolled(wanted, filters.period.zone, version)
