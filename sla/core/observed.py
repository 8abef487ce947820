"""What a version under observation would have done, beside what really happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Which = Literal["all", "late", "other", "any"]
"""Which clocks are listed: `any` are those that end otherwise, and all where none does."""
Ending = Literal["open", "met", "late", "left_out"]


@dataclass(frozen=True, slots=True)
class Observed:
    """One clock. `really` is None where no such promise is in force for it.

    `told` are those whom the version's ladder would have told by now, in words.
    """

    subject: str
    link: str
    promise: str
    started_at: datetime
    really_due: datetime
    really: Ending
    would_due: datetime
    would: Ending
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shadow:
    """A page of clocks, newest first, and the count of all. `n` are met or late under the
    version; `late` under it, `really_late` under what was in force.

    `alone`: nothing was in force, so no clock ran really; `leads` arrived meanwhile.
    """

    n: int
    late: int
    really_late: int
    differ: int
    rows: tuple[Observed, ...]
    page: int
    pages: int
    cut: bool = False
    alone: bool = False
    leads: int = 0


def listed(which: Which, would: Ending, really: Ending) -> bool:
    """Whether a clock that would end so, and really ended so, is one of those asked for."""
    if which == "late":
        return would == "late"
    return which == "all" or would != really


def chosen(which: Which, differ: int) -> Which:
    """What `any` means where so many clocks end otherwise.

    >>> chosen("any", 2), chosen("any", 0), chosen("late", 0)
    ('other', 'all', 'late')
    """
    if which != "any":
        return which
    return "other" if differ else "all"
