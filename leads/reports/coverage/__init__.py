"""Which share of the CRM's leads the portal sees, and who does not use it."""

from leads.reports.coverage.counting import ENOUGH, FIGURES, Coverage, Part, coverage, leads_of
from leads.reports.coverage.glance import glance
from leads.reports.coverage.using import Using, using

__all__ = [
    "ENOUGH",
    "FIGURES",
    "Coverage",
    "Part",
    "Using",
    "coverage",
    "glance",
    "leads_of",
    "using",
]
