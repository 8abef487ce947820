"""Columns of rounds put together: some taken out, and others told anew."""

from dataclasses import replace
from typing import Any

import numpy as np

from leads.core.trials.columns import NAMES, ROUND, Columns, Numbers, Pauses
from leads.core.trials.ragged import begins_of, lying

CODED = {"rounds": ("kind", "segment"), "clocks": ("key", "kind")}


def renewed(base: Columns, gone: Numbers, fresh: Columns) -> Columns:
    """`base` without the handoffs `gone`, with the rounds of `fresh`, in their order."""
    kept = np.flatnonzero(~np.isin(base.handoff, gone))
    if kept.size == len(base) and not len(fresh):
        return base
    both = _beside(base, fresh)
    rows = np.concatenate([kept, np.arange(len(base), len(both))])
    keys = (both.number[rows], both.handoff[rows], both.first_offer[rows])
    return gathered(both, rows[np.lexsort(keys)])


def gathered(columns: Columns, rows: Numbers) -> Columns:
    """The rounds of these places, in the order of `rows`."""
    clocks = columns.clocks
    begins = begins_of(clocks.place, len(columns))
    some, place = lying(begins, rows)
    pauses, paused = lying(clocks.pauses_from, some)
    attempts, made = lying(clocks.attempts_from, some)
    found = {name: getattr(clocks, name)[some] for name in NAMES[:-2]}
    there = columns.pauses
    return replace(
        columns,
        **{name: getattr(columns, name)[rows] for name in ROUND},
        events=columns.events[:, rows],
        clocks=type(clocks)(
            **found | {"place": place},
            pauses_from=begins_of(paused, some.size),
            attempts_from=begins_of(made, some.size),
        ),
        pauses=Pauses(
            there.begins[pauses], there.ends[pauses], there.reason[pauses], there.nth[pauses]
        ),
        attempts=columns.attempts[attempts],
    )


def _beside(one: Columns, other: Columns) -> Columns:
    """Both, one after the other, under the names of both."""
    known = {name: code for code, name in enumerate(one.names)}
    for name in other.names:
        known.setdefault(name, len(known))
    coded = np.array([known[name] for name in other.names], np.int64)
    rounds: dict[str, Any] = {
        name: np.concatenate([getattr(one, name), _said(other, name, "rounds", coded)])
        for name in ROUND
    }
    a, b = one.clocks, other.clocks
    clocks = {
        name: np.concatenate([getattr(a, name), _said(b, name, "clocks", coded)])
        for name in NAMES[1:-2]
    }
    reason = np.where(other.pauses.reason < 0, -1, _recoded(other.pauses.reason, coded))
    pauses = Pauses(
        np.concatenate([one.pauses.begins, other.pauses.begins]),
        np.concatenate([one.pauses.ends, other.pauses.ends]),
        np.concatenate([one.pauses.reason, reason]),
        np.concatenate([one.pauses.nth, other.pauses.nth]),
    )
    return replace(
        one,
        **rounds,
        events=np.concatenate([one.events, other.events], axis=1),
        clocks=type(a)(
            place=np.concatenate([a.place, b.place + len(one)]),
            pauses_from=np.concatenate([a.pauses_from, b.pauses_from[1:] + a.pauses_from[-1]]),
            attempts_from=np.concatenate(
                [a.attempts_from, b.attempts_from[1:] + a.attempts_from[-1]]
            ),
            **clocks,
        ),
        pauses=pauses,
        attempts=np.concatenate([one.attempts, other.attempts]),
        names=tuple(known),
    )


def _said(columns: object, name: str, which: str, coded: Numbers) -> Numbers:
    found: Numbers = getattr(columns, name)
    return _recoded(found, coded) if name in CODED[which] else found


def _recoded(codes: Numbers, coded: Numbers) -> Numbers:
    return coded[codes] if codes.size else codes
