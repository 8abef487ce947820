"""Columns of rounds from what a database told of handoffs, and some of them told anew."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from leads.core.backtest import NEVER, Microseconds
from leads.core.trials.columns import EVENTS, Clocks, Columns, Numbers, Pauses
from leads.core.trials.ragged import begins_of, lying, nth

PARTED = ("returned", "cancelled", "excused")
NOW = ("offered_at", "accepted_at", "returned_at", "disputed_at")
"""When each of EVENTS was in the round that a handoff is in."""


@dataclass(frozen=True)
class Filled:
    """Columns by name: handoffs and clocks by number, the pauses of a clock and the attempts
    of a handoff in the order in which they were. Texts are places among `names`, `starts` of
    a clock the place among EVENTS."""

    handoffs: Mapping[str, Numbers]
    clocks: Mapping[str, Numbers]
    pauses: Mapping[str, Numbers]
    attempts: Mapping[str, Numbers]
    names: Mapping[str, int]


def filled(told: Filled) -> Columns:
    """The rounds of what was told. Teams stand for their calendars until those are named.

    What belongs to a handoff or clock that was not told is left out: it came in between, and
    is told when that is asked for again.
    """
    told = _belonging(told)
    handoffs = told.handoffs
    order = np.lexsort((handoffs["pk"], handoffs["first_offered_at"]))
    pks = handoffs["pk"][order]
    rank, sorted_pks = np.argsort(pks), np.sort(pks)

    def place(owners: Numbers) -> Numbers:
        """Where handoffs stand among them, by when they were offered."""
        return np.asarray(rank[np.searchsorted(sorted_pks, owners)])

    clocked, current = place(told.clocks["handoff"]), handoffs["round"][order]
    in_round = told.clocks["round"]
    many = current.copy()
    np.maximum.at(many, clocked, in_round)
    owner = np.repeat(np.arange(pks.size), many)
    first = np.cumsum(many) - many
    number = np.arange(owner.size) - first[owner] + 1
    where = first[clocked] + in_round - 1
    events = _events(handoffs, order, owner, number == current[owner])
    _begun(events, told.clocks, where)
    owned = {"lead": "lead", "giver": "giver_team", "receiver": "receiver_team"}
    rounds = {name: handoffs[of][order][owner] for name, of in owned.items()}
    ends = handoffs["ended_at"][order]
    clocks, pauses, attempts = _clocks(told, where, ends[clocked], place, clocked)
    return Columns(
        handoff=pks[owner], number=number,
        first_offer=handoffs["first_offered_at"][order][owner],
        kind=handoffs["kind"][order][owner],
        segment=handoffs["segment"][order][owner],
        events=events, clocks=clocks, pauses=pauses, attempts=attempts,
        names=tuple(told.names), calendar_of={}, **rounds,
    )  # fmt: skip


def _belonging(told: Filled) -> Filled:
    clocks = _of(told.clocks, "handoff", told.handoffs["pk"])
    return replace(
        told,
        clocks=clocks,
        pauses=_of(told.pauses, "clock", clocks["pk"]),
        attempts=_of(told.attempts, "handoff", told.handoffs["pk"]),
    )


def _of(table: Mapping[str, Numbers], column: str, owners: Numbers) -> Mapping[str, Numbers]:
    there = np.isin(table[column], owners)
    return table if there.all() else {name: rows[there] for name, rows in table.items()}


def _events(handoffs: Mapping[str, Any], order: Numbers, owner: Numbers, now: Any) -> Any:
    """The row of a handoff keeps the events of its current round; what was before its offer
    was of another one."""
    found = np.full((len(EVENTS), owner.size), NEVER, np.int64)
    offered = handoffs["offered_at"][order]
    for row, column in enumerate(NOW):
        at = handoffs[column][order]
        at = np.where(at >= offered, at, NEVER)[owner]
        found[row] = np.where(now, at, NEVER)
    return found


def _begun(events: Any, clocks: Mapping[str, Any], where: Numbers) -> None:
    """A clock tells when the event was that started it."""
    for row in range(len(EVENTS)):
        some = np.flatnonzero(clocks["starts"] == row)
        events[row, where[some]] = clocks["started_at"][some]


def _clocks(
    told: Filled, where: Numbers, ended: Microseconds, place: Any,
    owners: Numbers,
) -> tuple[Clocks, Pauses, Microseconds]:  # fmt: skip
    clocks = told.clocks
    order = np.argsort(where, kind="stable")
    pks, stop = clocks["pk"][order], clocks["stopped_at"][order]
    outcomes = clocks["outcome"][order]
    kinds = clocks["kind"][order]
    parted = np.isin(outcomes, [told.names.get(name, -1) for name in PARTED])
    pauses, pauses_from = _pauses(told.pauses, pks)
    cadences = kinds == told.names.get("cadence", -1)
    attempts, attempts_from = _attempts(told.attempts, place, owners[order], cadences)
    return Clocks(
        place=where[order], clock=pks, key=clocks["obligation"][order], kind=kinds,
        due=clocks["due_at"][order], stop=stop,
        over=np.where(parted, stop, ended[order]),
        needed=clocks["attempts_needed"][order],
        late=outcomes == told.names.get("late", -1), parted=parted,
        stands=(stop == NEVER) & (clocks["paused_at"][order] != NEVER),
        pauses_from=pauses_from, attempts_from=attempts_from,
    ), pauses, attempts  # fmt: skip


def _pauses(told: Mapping[str, Numbers], pks: Numbers) -> tuple[Pauses, Numbers]:
    by_pk = np.argsort(pks)
    owner = by_pk[np.searchsorted(pks[by_pk], told["clock"])]
    order = np.argsort(owner, kind="stable")
    owner, reason = owner[order], told["reason"][order]
    alike = np.lexsort((reason, owner))
    often = np.empty(owner.size, np.int64)
    often[alike] = nth(_runs(owner[alike], reason[alike]))
    begins, ends = (told[name][order] for name in ("paused_at", "resumed_at"))
    return Pauses(begins, ends, reason, often), begins_of(owner, pks.size)


def _runs(one: Numbers, other: Numbers) -> Numbers:
    """A number for each run of equal pairs, in order."""
    changes = (np.diff(one) != 0) | (np.diff(other) != 0)
    return np.concatenate([[0], np.cumsum(changes)])[: one.size]


def _attempts(
    told: Mapping[str, Any], place: Any, owners: Numbers, cadences: Any
) -> tuple[Microseconds, Numbers]:
    """Those of its handoff, for each clock that counts them."""
    made = place(told["handoff"])
    order = np.argsort(made, kind="stable")
    begins = begins_of(made[order], int(owners.max(initial=-1)) + 1)
    rows = np.flatnonzero(cadences)
    places, which = lying(begins, owners[rows])
    return told["occurred_at"][order][places], begins_of(rows[which], owners.size)
