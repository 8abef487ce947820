"""The scorecard as pages, files and programs get it."""

from datetime import datetime

from leads.reports.period import Filters
from leads.reports.rollups.reading import rolled
from leads.reports.scorecard import Scorecard, scorecard
from sla.models import Version


def summed(version: Version | None, filters: Filters, at: datetime) -> Scorecard:
    """The scorecard from the sums as far as there are any, else from the rows alone. Seals
    are always counted from the rows. Who read `version` may have found that there are none."""
    if not getattr(version, "has_sums", True):
        return scorecard(version, filters, at)
    asked = [filters, filters.other] if filters.other else [filters]
    return scorecard(version, filters, at, rolled(*asked, version=version))
