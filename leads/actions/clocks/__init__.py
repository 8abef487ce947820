"""Clocks: where promises start, stop, pause, change hands, and run on after an undo."""

from leads.actions.clocks.owning import reassign
from leads.actions.clocks.pausing import end_at_the_cap, pause, resume, resume_step
from leads.actions.clocks.reading import account, calendar_of
from leads.actions.clocks.starting import start, start_for
from leads.actions.clocks.stopping import attempted, stop
from leads.actions.clocks.undoing import reopen, snapshot

__all__ = [
    "account",
    "attempted",
    "calendar_of",
    "end_at_the_cap",
    "pause",
    "reassign",
    "reopen",
    "resume",
    "resume_step",
    "snapshot",
    "start",
    "start_for",
    "stop",
]
