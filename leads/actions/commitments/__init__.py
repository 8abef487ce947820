"""Commitments in volume: each period watched for its pace, told once when it is behind."""

from leads.actions.commitments.watching import (
    begin,
    fire_due,
    look_through,
    next_instant,
    watch_all,
)

__all__ = ["begin", "fire_due", "look_through", "next_instant", "watch_all"]
