"""What is said in time of calendars that run out."""

from sla.actions.renewing.noticing import BEFORE, remind, runs_out

__all__ = ["BEFORE", "remind", "runs_out"]
