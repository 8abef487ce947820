"""Stretches of time, half-open: what they share, and how long they are together."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]


def shared(spans: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    """The parts of `spans` that lie within any of `others`, in order."""
    parts = [(max(start, low), min(end, high)) for start, end in spans for low, high in others]
    return sorted(part for part in parts if part[0] < part[1])


def without(spans: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    """The parts of `spans` outside all of `others`, in order."""
    left = list(spans)
    for low, high in others:
        cut = [[(start, min(end, low)), (max(start, high), end)] for start, end in left]
        left = [part for pieces in cut for part in pieces if part[0] < part[1]]
    return sorted(left)


def together(spans: Iterable[Span]) -> timedelta:
    return sum((end - start for start, end in spans), timedelta(0))
