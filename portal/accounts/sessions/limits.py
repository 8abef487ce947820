"""How long a session lasts: some hours without a request, a day in all. Pure."""

from collections.abc import Mapping, MutableMapping
from typing import Any

BEGAN, SEEN, NOTED, PROVED = "began", "seen", "noted", "proved"
PROOFS = "account_authentication_methods"  # allauth's list
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


def is_proved_anew(session: MutableMapping[str, Any]) -> bool:
    """Whether its owner has proved again who they are since this was last asked."""
    proofs = [one["at"] for one in session.get(PROOFS, []) if one.get("reauthenticated")]
    if not proofs or proofs[-1] == session.get(PROVED):
        return False
    session[PROVED] = proofs[-1]
    return True
