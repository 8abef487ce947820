"""What waits to be swept, and since or until when, each asked in one statement: most passes
find nothing at all, and beat and every sweep that watches ask once a second."""

from datetime import UTC, datetime
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
_FIRST = f"""
    SELECT (SELECT at FROM {Timer._meta.db_table}
             WHERE done_at IS NULL AND cancelled_at IS NULL ORDER BY at LIMIT 1),
           (SELECT at FROM {RequestTimer._meta.db_table}
             WHERE done_at IS NULL AND cancelled_at IS NULL ORDER BY at LIMIT 1),
           (SELECT at FROM {Pace._meta.db_table} WHERE at IS NOT NULL ORDER BY at LIMIT 1),
           (SELECT next_step_at FROM {Clock._meta.db_table}
             WHERE next_step_at IS NOT NULL ORDER BY next_step_at LIMIT 1)
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


def first_waiting() -> datetime | None:
    """When the first of all of them is due, in the past or to come; None if none waits."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST)
        return min(
            (_instant(one) for one in cursor.fetchone() if one is not None), default=None
        )


def _instant(value: datetime) -> datetime:
    """SQLite gives instants in UTC and does not say so."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)
