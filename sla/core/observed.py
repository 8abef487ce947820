"""What a version under observation would have done, beside what really happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

T = TypeVar("T")
PAGE = 25
Which = Literal["all", "late", "other", "any"]
"""Which clocks are listed: `any` are those that end otherwise, and all where none does."""
Ending = Literal["open", "met", "late", "left_out"]


@dataclass(frozen=True, slots=True)
class Question:
    """What of an observation is looked at: what began in [since, until) as it stands at `at`;
    `which` of its clocks are listed, PAGE of them at a time; of one `team` alone, by its key.

    `alone`: no other text was in force, so there are no real clocks beside it."""

    since: datetime
    until: datetime
    at: datetime
    which: Which = "any"
    page: int = 1
    team: str = ""
    alone: bool = False

    def turned(self, clocks: Sequence[T]) -> tuple[Sequence[T], int, int]:
        """The clocks on the page asked for, or on the last one there is; its number, and how
        many pages there are: one at least."""
        pages = max(-(-len(clocks) // PAGE), 1)
        page = min(max(self.page, 1), pages)
        return clocks[(page - 1) * PAGE : page * PAGE], page, pages


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
