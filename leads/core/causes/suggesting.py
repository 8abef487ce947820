"""The cause that the facts around a late clock speak for; nobody has to follow it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Cause = Literal["capacity", "routing", "data", "definition", "absence", "outside"]
CAUSES: tuple[Cause, ...] = get_args(Cause)


@dataclass(frozen=True, slots=True)
class Facts:
    """What was so when a clock ran out. `outage`: the portal was down while it ran. `away`:
    its owner was. `unowned`: nobody had it, or somebody only since it ran. `lacking`: the
    package was not whole, or what would have met it came to be known too late. `disputed`:
    both sides differed on whether the lead counts. `full`: its owner had no room left."""

    outage: bool = False
    away: bool = False
    unowned: bool = False
    lacking: bool = False
    disputed: bool = False
    full: bool = False


def suggested(facts: Facts) -> Cause | None:
    """The first that holds, from what nobody could help to what is agreed; else None."""
    order: tuple[tuple[bool, Cause], ...] = (
        (facts.outage, "outside"),
        (facts.away, "absence"),
        (facts.unowned, "routing"),
        (facts.lacking, "data"),
        (facts.disputed, "definition"),
        (facts.full, "capacity"),
    )
    return next((cause for holds, cause in order if holds), None)


def most(causes: Iterable[Cause | None]) -> tuple[Cause | None, int]:
    """What most clocks speak for, and how many; what says nothing does not count."""
    counts = Counter(cause for cause in causes if cause is not None)
    if not counts:
        return None, 0
    cause = max(counts, key=lambda one: (counts[one], -CAUSES.index(one)))
    return cause, counts[cause]
