"""The scorecard: the same figures for both departments, each of which is so many rows."""

from leads.reports.scorecard.card import Scorecard, scorecard

__all__ = ["Scorecard", "scorecard"]
