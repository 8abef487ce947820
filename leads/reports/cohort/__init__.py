"""The journey of a cohort: who began it in a period, and where they went since."""

from leads.reports.cohort.reading import Cohort, Journey, cohort

__all__ = ["Cohort", "Journey", "cohort"]
