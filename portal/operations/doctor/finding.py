"""What a check says, and how all of them are asked."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import DatabaseError


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One answer: how it stands, in words, and what to do about it."""

    level: Level
    said: str
    todo: str = ""


Check = Callable[[datetime], Finding]
CHECKS: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Count a function among the checks, in the order in which they are written."""

    def keep(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return keep


def ok(said: str) -> Finding:
    return Finding(Level.OK, said)


def warning(said: str, todo: str) -> Finding:
    return Finding(Level.WARNING, said, todo)


def wrong(said: str, todo: str) -> Finding:
    return Finding(Level.WRONG, said, todo)


def examine(at: datetime, only: Collection[str] = ()) -> Iterator[tuple[str, Finding]]:
    """Each check's name and finding as of `at`; of those called `only`, if any are.

    Raises KeyError for a name that no check has.
    """
    for name in only or CHECKS:
        yield name, _asked(CHECKS[name], at)


def _asked(function: Check, at: datetime) -> Finding:
    try:
        return function(at)
    except DatabaseError as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        return wrong(
            f"not to be seen: the database says {said[0]}",
            "see the checks `database` and `migrations`",
        )
