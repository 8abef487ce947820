"""Sums by day of what the scorecard counts, kept up by the ledger's tail."""

from leads.reports.rollups.card import summed
from leads.reports.rollups.reading import Rolled, rolled

__all__ = ["Rolled", "rolled", "summed"]
