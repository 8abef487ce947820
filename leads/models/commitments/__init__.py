"""Volumes that were agreed, period by period."""

from leads.models.commitments.pace import Pace, PaceAlert

__all__ = ["Pace", "PaceAlert"]
