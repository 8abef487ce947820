"""How long a session lasts: some hours without a request, a day in all. Pure."""

from collections.abc import Mapping
from typing import Any

BEGAN, SEEN, NOTED = "began", "seen", "noted"
NOTED_EVERY = 300  # seconds


def is_over(session: Mapping[str, Any], now: float, *, idle: int, whole: int) -> bool:
    """Whether a session, of which is known when it began, has lasted long enough: `idle`
    seconds without a request, or `whole` in all. Of one that nothing is known, no."""
    began, seen = session.get(BEGAN), session.get(SEEN)
    if not isinstance(began, int | float) or not isinstance(seen, int | float):
        return False
    return now - began >= whole or now - seen >= idle


def is_worth_noting(session: Mapping[str, Any], now: float) -> bool:
    seen = session.get(SEEN)
    return isinstance(seen, int | float) and now - seen >= NOTED_EVERY
