"""What waits to be swept, asked in one statement: most passes find nothing at all, and one
runs every second."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from leads.models import Clock, Pace, Timer
from sla.models import RequestTimer

_TO_COME = "done_at IS NULL AND cancelled_at IS NULL AND at <= %s"
_ASK = f"""
    SELECT EXISTS (SELECT 1 FROM {Timer._meta.db_table} WHERE {_TO_COME}),
           EXISTS (SELECT 1 FROM {RequestTimer._meta.db_table} WHERE {_TO_COME}),
           EXISTS (SELECT 1 FROM {Pace._meta.db_table} WHERE at <= %s),
           EXISTS (SELECT 1 FROM {Clock._meta.db_table} WHERE next_step_at <= %s)
"""  # noqa: S608 - names of tables


class Waiting(NamedTuple):
    """Whether a timer, a request for a signature, a look at a pace, a clock's step is due."""

    timers: bool
    requests: bool
    paces: bool
    steps: bool


def waiting(at: datetime) -> Waiting:
    """What is due by `at`."""
    due = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [due, due, due, due])
        return Waiting(*map(bool, cursor.fetchone()))
