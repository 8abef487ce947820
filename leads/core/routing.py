"""Who of a team gets the next lead, and why: turns, shares, or the shortest queue.

Turns follow start-time fair queuing. Each turn stands on a scale that only moves forward:
it starts at the later of the team's place and the end of the member's turn before, and is
`TURN` long, or a share of it by weight. The earliest start is next; among equals, whoever
waited longest. So who joins, or comes back, takes part from now on and catches up nothing,
and nobody else notices who leaves. A turn that was given back is owed: it comes first.

Source: Goyal, Vin and Cheng, Start-Time Fair Queueing, 1996; the owed turn is our own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from leads.core.words import reasons

Method = Literal["round_robin", "weighted", "least_loaded"]
METHODS: tuple[Method, ...] = ("round_robin", "weighted", "least_loaded")
TURN = 1_000_000_000  # length of one turn; a whole number, so that nothing is rounded twice

_BY = {
    "round_robin": reasons.BY_TURNS,
    "weighted": reasons.WEIGHTED,
    "least_loaded": reasons.SHORTEST,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One member of the pool as of now.

    `open`: handoffs on which they must act. `away_until` is in their own zone. `finish` and
    `last_turn` (greater is later, 0 never) place their last turn; `owed` counts turns given
    back and not yet made good.
    """

    member_id: int
    name: str
    weight: int = 1
    open: int = 0
    capacity: int | None = None
    away_until: datetime | None = None
    in_hours: bool = True
    owns_company: bool = False
    finish: int = 0
    last_turn: int = 0
    owed: int = 0


@dataclass(frozen=True, slots=True)
class Spent:
    """The turn that a choice costs, on the team's scale; an owed one moves nothing."""

    start: int
    finish: int
    owed: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom the rules choose. `member_id` None: nobody can, so the steward gets it.

    `lines` explain it, first the rule and then each candidate; `spent` is None where no
    turn is due, as for the company's owner.
    """

    member_id: int | None
    lines: tuple[str, ...] = field(default=())
    spent: Spent | None = None
    to_steward: bool = False


def choose(method: Method, candidates: Sequence[Candidate], place: int = 0) -> Choice:
    """Return who gets the next lead, and one line for each candidate.

    `place` is the start of the team's latest turn. The company's owner comes first, if
    present and below capacity. People outside their own hours are passed over, unless that
    leaves nobody: then their hours are set aside, since a clock waits for its opening.
    """
    owner = next((one for one in candidates if one.owns_company and not _hindered(one)), None)
    if owner is not None:
        return Choice(owner.member_id, _lines(candidates, {owner.member_id: reasons.OWNS}))
    free = [one for one in candidates if not _hindered(one) and one.weight]
    pool = [one for one in free if one.in_hours] or free
    if not pool:
        said = reasons.NOBODY if candidates else reasons.NO_MEMBERS
        return Choice(None, (said, *_lines(candidates, {})), to_steward=True)
    order = sorted(pool, key=lambda one: _rank(method, one, place))
    first = order[0]
    remarks = {one.member_id: _place(method, n, one, order) for n, one in enumerate(order, 1)}
    set_aside = () if pool[0].in_hours else (reasons.HOURS_ASIDE,)
    lines = (_BY[method], *set_aside, *_lines(candidates, remarks))
    return Choice(first.member_id, lines, cost(method, first, place))


def after(candidate: Candidate, spent: Spent, turn: int) -> Candidate:
    """The candidate once the turn is spent; for who chooses often without reading again.

    What is `open` is the caller's to say: a seat is no handoff.
    """
    if spent.owed:
        return replace(candidate, owed=candidate.owed - 1)
    return replace(candidate, finish=spent.finish, last_turn=turn)


def _hindered(one: Candidate) -> bool:
    full = one.capacity is not None and one.open >= one.capacity
    return full or one.away_until is not None


def _rank(method: Method, one: Candidate, place: int) -> tuple[int, ...]:
    if method == "least_loaded":
        return one.open, one.last_turn, one.member_id
    return 0 if one.owed else 1, max(place, one.finish), one.last_turn, one.member_id


def cost(method: Method, one: Candidate, place: int) -> Spent:
    """The turn that a lead costs `one`; an owed turn moves nothing."""
    if one.owed and method != "least_loaded":
        return Spent(one.finish, one.finish, owed=True)
    start = max(place, one.finish)
    share = one.weight if method == "weighted" else 1
    return Spent(start, start + TURN // share, owed=False)


def _place(method: Method, n: int, one: Candidate, order: Sequence[Candidate]) -> str:
    if method == "least_loaded":
        return reasons.QUEUED % {"open": one.open, "n": n, "of": len(order)}
    return (reasons.OWED if one.owed else reasons.TURN) % {"n": n, "of": len(order)}


def _lines(candidates: Sequence[Candidate], remarks: dict[int, str]) -> tuple[str, ...]:
    return tuple(
        f"{one.name}: {remarks.get(one.member_id) or _passed_over(one)}" for one in candidates
    )


def _passed_over(one: Candidate) -> str:
    if one.away_until is not None:
        until = one.away_until
        date = {"weekday": f"{until:%a}", "day": until.day, "month": f"{until:%b}"}
        return reasons.AWAY % date
    if one.capacity is not None and one.open >= one.capacity:
        return reasons.FULL % {"open": one.open, "most": one.capacity}
    if not one.weight:
        return reasons.NO_TURNS
    return reasons.NOT_NEEDED if one.in_hours else reasons.OFF_HOURS
