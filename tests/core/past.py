"""Rounds written down as values, as the columns that a history has."""

import numpy as np

from leads.core.backtest import NEVER
from leads.core.rounds import History
from leads.core.trials.columns import EVENTS, Clocks, Columns, Pauses


def a_history(rounds, offers, until):
    return History(columns_of(rounds), offers, until)


def columns_of(rounds):
    """`measured` by the kind alone, or by key and kind, as `Round.put` writes it."""
    names, calendars = {"": 0}, {}

    def code(name):
        return names.setdefault(name, len(names))

    def calendar(name):
        return calendars.setdefault(name, len(calendars))

    seen = [(place, *one) for place, a_round in enumerate(rounds) for one in _seen(a_round)]
    spans = [(n, why, *span) for n, row in enumerate(seen) for why, *span in _spans(row[3])]
    made = [(n, at) for n, row in enumerate(seen) for at in row[3].attempts]
    some = [row[3] for row in seen]
    return Columns(
        handoff=_ints(one.handoff for one in rounds), lead=_ints(0 for _ in rounds),
        number=_ints(one.number for one in rounds),
        first_offer=_ints(one.first_offer for one in rounds),
        kind=_ints(code(one.kind) for one in rounds),
        segment=_ints(code(one.segment) for one in rounds),
        giver=_ints(calendar(one.giver_calendar) for one in rounds),
        receiver=_ints(calendar(one.receiver_calendar) for one in rounds),
        events=np.array(
            [[one.events.get(name, NEVER) for one in rounds] for name in EVENTS], np.int64
        ),
        clocks=Clocks(
            place=_ints(row[0] for row in seen), clock=_ints(one.clock for one in some),
            key=_ints(code(row[1]) for row in seen), kind=_ints(code(row[2]) for row in seen),
            due=_ints(one.due for one in some), stop=_ints(one.stop for one in some),
            over=_ints(one.over for one in some), needed=_ints(one.needed for one in some),
            late=_flags(one.late for one in some), parted=_flags(one.parted for one in some),
            stands=_flags(False for _ in some),
            pauses_from=_begins(spans, seen), attempts_from=_begins(made, seen),
        ),
        pauses=Pauses(
            begins=_ints(row[2] for row in spans), ends=_ints(row[3] for row in spans),
            reason=_ints(-1 if row[1] is None else code(row[1][0]) for row in spans),
            nth=_ints(0 if row[1] is None else row[1][1] for row in spans),
        ),
        attempts=_ints(at for _n, at in made),
        names=tuple(names), calendar_of={place: name for name, place in calendars.items()},
    )  # fmt: skip


def _seen(a_round):
    for name, seen in a_round.measured.items():
        if name.startswith("="):
            yield *name[1:].rsplit(":", 1), seen


def _spans(seen):
    used = {}
    for place, span in enumerate(seen.pauses):
        why = seen.reasons[place] if seen.reasons else None
        used[why] = used.get(why, 0) + 1
        yield None if why is None else (why, used[why]), *span


def _begins(rows, owners):
    return np.searchsorted(_ints(row[0] for row in rows), np.arange(len(owners) + 1))


def _ints(values):
    return np.array(list(values), np.int64)


def _flags(values):
    return np.array(list(values), np.bool_)
