"""Intake: a person is told of, by a form, a system or a file, and becomes one lead."""

from leads.actions.intake.arrival import Arrival, clean, cleaned
from leads.actions.intake.receiving import Received, receive, receive_step

__all__ = ["Arrival", "Received", "clean", "cleaned", "receive", "receive_step"]
