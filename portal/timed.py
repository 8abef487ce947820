"""Rows whose instant has come: each is done by itself, and one that fails stops no other."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import DataError, IntegrityError, models

from portal.errors import DomainError

logger = logging.getLogger(__name__)

POISON = (
    ArithmeticError, AttributeError, DataError, DomainError, IntegrityError, LookupError,
    TypeError, ValueError,
)  # fmt: skip
"""What a row that makes no sense raises. A database that is away is not the row's fault."""
TRY_AGAIN = timedelta(minutes=5)


def said(error: Exception) -> str:
    """An error in one line, as it is kept on the row."""
    return f"{type(error).__name__}: {error}"[:300]


def fire_each(
    timers: models.QuerySet[Any],
    due: Iterable[tuple[int, int]],
    fire: Callable[[int, int, datetime], bool],
    at: datetime,
) -> tuple[int, int]:
    """Do each of `due` (a timer and what it is about) by `fire`, in a transaction of its own.

    Return how many were done, and how many failed: these are put off by five minutes, and
    the row of `timers` says why.
    """
    fired = failed = 0
    for timer_id, about_id in list(due):
        try:
            fired += fire(timer_id, about_id, at)
        except POISON as error:
            failed += 1
            extra = {"timer": timer_id, "of": timers.model.__name__, "error": said(error)}
            logger.error("a timer failed", extra=extra, exc_info=error)
            timers.filter(pk=timer_id).update(at=at + TRY_AGAIN, error=said(error))
    return fired, failed
