"""A sign of life of each kind of process, in the cache that all of them share.

The last one of its kind that gave one is remembered: whether any lives is what counts, as
any number of each may run.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.core.cache import cache
from django.db import DatabaseError

from portal import wallclock

EVERY = 20.0  # seconds
KEPT = timedelta(days=7)
KINDS = ("worker", "beat", "sweeper")

_given: dict[str, float] = {}  # kind -> when this process gave its last sign, steadily


@dataclass(frozen=True)
class Pulse:
    """When a process last gave a sign of life, and which one it was."""

    at: datetime
    machine: str
    process: int


def give(kind: str, *, at: datetime) -> bool:
    """Say that a process of this `kind` lives; at most once in twenty seconds. Whether it was
    said: a database that is away costs the sign and nothing else."""
    if monotonic() - _given.get(kind, float("-inf")) < EVERY:
        return False
    _given[kind] = monotonic()
    sign = {"at": at.isoformat(), "machine": wallclock.machine(), "process": os.getpid()}
    try:
        cache.set(_key(kind), sign, KEPT.total_seconds())
    except DatabaseError:
        return False
    return True


def last(kind: str) -> Pulse | None:
    """The last sign of a kind of process. Raises DatabaseError."""
    sign = cache.get(_key(kind))
    if sign is None:
        return None
    return Pulse(datetime.fromisoformat(sign["at"]), sign["machine"], sign["process"])


def forget() -> None:
    """Let the next sign of this process be given at once."""
    _given.clear()


def _key(kind: str) -> str:
    return f"pulse:{kind}"
