"""Events in and out beside a process that sweeps: systems that hang hold up no clock."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Lock, Thread

from django.db import DatabaseError, connections

from leads.actions.events.incoming import rounds
from leads.actions.events.outgoing import gathering, sending

logger = logging.getLogger(__name__)
_aside = Lock()


def go_round(*, now: Callable[[], datetime]) -> None:
    """All that events need from time to time: what waits goes on, what happened is told."""
    rounds.go_on(now=now)
    at = now()
    gathering.gather_all(at=at)
    sending.send_due(at=at)


def go_round_aside(*, now: Callable[[], datetime]) -> Thread | None:
    """`go_round` in a thread of its own, if none is still under way here."""
    if not _aside.acquire(blocking=False):
        return None
    thread = Thread(target=_aside_of_all, args=[now], daemon=True)
    thread.start()
    return thread


def _aside_of_all(now: Callable[[], datetime]) -> None:
    try:
        go_round(now=now)
    except DatabaseError:
        logger.warning("events wait: the database did not answer")
    finally:
        connections.close_all()
        _aside.release()
