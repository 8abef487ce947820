"""Breaches that are reviewed: past the last step of their ladder, or several alike."""

from leads.reports.breaches.reading import Breaches, breaches

__all__ = ["Breaches", "breaches"]
