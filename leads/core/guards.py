"""What must be true before a handoff moves: each condition once, as words and as a rule."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Guard(StrEnum):
    """A condition, in the words that the table of moves prints."""

    VERSION = "a version is in force"
    LEAD_OPEN = "the lead is open"
    NOT_HELD = "the lead is not held back"
    ONE_OPEN = "no handoff of this kind is open"
    AHEAD = "the lead has not entered the next stage"
    PACKAGE = "the package is complete, or the offer is automatic"
    CRITERIA = "the next stage's criteria are met, or the receiver waives them with a reason"
    REASON = "the version lists the reason"
    CADENCE = "the cadence was kept, if the reason asks for it"
    UNDISPUTED = "this return was not disputed before"
    DISPUTED = "the return is disputed and undecided"
    LATER = "the day lies ahead"
    MEMBER = "the next person is an active member of the team"
    FRESH = "at most 30 seconds have passed"
    UNFOLLOWED = "nothing followed"


@dataclass(frozen=True, slots=True)
class Situation:
    """What the guards look at. The defaults let everything pass; an action fills in what its
    move depends on. `missing`: parts of the package; `unmet`: keys of criteria."""

    in_force: bool = True
    lead_open: bool = True
    held: bool = False
    another_open: bool = False
    already_there: bool = False
    automatic: bool = False
    missing: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    waived: bool = False
    reason_listed: bool = True
    needs_cadence: bool = False
    cadence_kept: bool = False
    disputed: bool = False
    decided: bool = False
    later: bool = True
    member: bool = True
    fresh: bool = True
    followed: bool = False


_RULES: dict[Guard, Callable[[Situation], bool]] = {
    Guard.VERSION: lambda now: now.in_force,
    Guard.LEAD_OPEN: lambda now: now.lead_open,
    Guard.NOT_HELD: lambda now: not now.held,
    Guard.ONE_OPEN: lambda now: not now.another_open,
    Guard.AHEAD: lambda now: not now.already_there,
    Guard.PACKAGE: lambda now: now.automatic or not now.missing,
    Guard.CRITERIA: lambda now: now.waived or not now.unmet,
    Guard.REASON: lambda now: now.reason_listed,
    Guard.CADENCE: lambda now: now.cadence_kept or not now.needs_cadence,
    Guard.UNDISPUTED: lambda now: not now.disputed,
    Guard.DISPUTED: lambda now: now.disputed and not now.decided,
    Guard.LATER: lambda now: now.later,
    Guard.MEMBER: lambda now: now.member,
    Guard.FRESH: lambda now: now.fresh,
    Guard.UNFOLLOWED: lambda now: not now.followed,
}


def holds(guard: Guard, situation: Situation) -> bool:
    """Whether the condition is true of the situation."""
    return _RULES[guard](situation)
