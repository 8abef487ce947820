"""Sums by day of what reports count, kept up by the ledger's tail."""

from leads.reports.rollups.card import (
    journey_of,
    sums_of,
    sums_of_coverage,
    sums_of_integrity,
    sums_of_review,
)
from leads.reports.rollups.sums import Rolled

__all__ = [
    "Rolled",
    "journey_of",
    "sums_of",
    "sums_of_coverage",
    "sums_of_integrity",
    "sums_of_review",
]
