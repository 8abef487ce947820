"""Instants that a database writes as text, read many at once."""

from collections.abc import Sequence

import numpy as np

from leads.core.backtest import NEVER, Microseconds

LENGTH = 26  # 2026-03-02 08:00:00.123456, its fraction shorter or left out
BLOCK = 65_536
_PARTS = {"year": (0, 4), "month": (5, 7), "day": (8, 10), "rest": (20, 26)}
_CLOCK = ((11, 3_600), (14, 60), (17, 1))


def written(column: Sequence[str | None]) -> Microseconds:
    """Int64 microseconds since 1970-01-01T00:00Z of `YYYY-MM-DD HH:MM:SS[.f]` in UTC, NEVER
    for none. Nothing is checked: only what a database wrote is read here."""
    found = np.empty(len(column), np.int64)
    for first in range(0, len(column), BLOCK):
        found[first : first + BLOCK] = _read(column[first : first + BLOCK])
    return found


def _read(column: Sequence[str | None]) -> Microseconds:
    text = np.array(column, f"U{LENGTH}")
    digits = text.view(np.uint32).reshape(-1, LENGTH).astype(np.int64) - ord("0")
    none = digits[:, 0] > 9  # "None"
    digits[none] = 0
    np.maximum(digits, 0, out=digits)
    year, month, day, rest = (_number(digits, *_PARTS[name]) for name in _PARTS)
    months = (year - 1970) * 12 + month - 1
    days = months.astype("M8[M]").astype("M8[D]").astype(np.int64) + day - 1
    seconds = days * 86_400
    for place, worth in _CLOCK:
        seconds += _number(digits, place, place + 2) * worth
    return np.where(none, NEVER, seconds * 1_000_000 + rest)


def _number(digits: Microseconds, first: int, last: int) -> Microseconds:
    found = digits[:, first].copy()
    for place in range(first + 1, last):
        found *= 10
        found += digits[:, place]
    return found
