"""Questions that the figures ask of those who make them; the same for both departments."""

from leads.reports.integrity.checks import CHECKS
from leads.reports.integrity.reading import Asked, look
from leads.reports.integrity.scope import Check, Scope

__all__ = ["CHECKS", "Asked", "Check", "Scope", "look"]
