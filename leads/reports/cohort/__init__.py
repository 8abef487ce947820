"""The journey of a cohort: who began it in a period, and where they went since."""

from leads.reports.cohort.reading import Cohort, cohort

__all__ = ["Cohort", "cohort"]
