"""Past rounds as columns: the batch says of each what the engine says of one."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from leads.core.backtest import NEVER, Fate
from leads.core.rounds import _mondays, judge, target_of
from leads.core.trials.filling import Filled, filled
from leads.core.trials.joining import renewed
from leads.core.trials.seen import Measured, Round
from leads.core.trials.written import written
from sla.core import ladder, terms
from sla.core.workingtime import instant, microseconds
from tests.core.agreements import classic
from tests.core.calendars import utc
from tests.core.past import a_history, columns_of

MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
NINE = microseconds(utc("2026-03-02 08:00"))
UNTIL = NINE + 60 * DAY
SEGMENTS = ("", "demo_request", "trial", "content", "partner")
CALENDARS = ("berlin", "new-york", "sao-paulo", "gone")
PAUSES = (
    {"reason": "call_back", "name": "asked", "cap": "PT5H", "times": 1},
    {"reason": "waiting", "name": "waiting", "cap": "P2D", "times": 2},
)
OWED = ("accept", "first_attempt", "cadence", "disposition", "answer", "accept_outside")


def a_text():
    document = classic()
    for owed in document["obligations"]:
        owed["pauses"] = list(PAUSES)
        if owed["key"] == "cadence":
            owed["attempts"] = 4
        if owed["key"] == "first_attempt":
            owed["targets"][0]["beyond"] = {"weekly": 3, "within": "P1D"}
    return terms.parse(document)


def a_past(number, seed=20260302):
    random = Random(seed)
    rounds = sorted((_round(random, n) for n in range(number)), key=lambda one: one.first_offer)
    offers = {
        kind: np.array([one.first_offer for one in rounds if one.kind == kind], np.int64)
        for kind in ("to_inside_sales", "to_outside_sales")
    }
    return a_history(rounds, offers, UNTIL), rounds


def _round(random, number):
    offer = NINE + random.randrange(50 * DAY)
    later = offer + random.randrange(5 * DAY)
    events = {"offer": offer}
    for name in ("acceptance", "return", "dispute"):
        if random.random() < 0.6:
            events[name] = later + random.randrange(DAY)
    one = Round(
        number, random.choice(("to_inside_sales", "to_outside_sales")),
        random.choice(SEGMENTS), 1, offer, random.choice(CALENDARS), random.choice(CALENDARS),
        events,
    )  # fmt: skip
    for place, (key, kind) in enumerate((("accept", "accept"), ("old", "accept"),
                        ("first_attempt", "first_attempt"), ("cadence", "cadence"),
                        ("disposition", "disposition"), ("answer", "answer"))):  # fmt: skip
        if random.random() < 0.7:
            one.put(key, kind, _measured(random, 10 * number + place, offer, kind))
    return one


def _measured(random, clock, offer, kind):
    stop = random.choice((NEVER, offer + random.randrange(12 * DAY)))
    edges = sorted(offer + random.randrange(6 * DAY) for _ in range(2 * random.randrange(4)))
    spans = tuple(zip(edges[::2], edges[1::2], strict=True))
    reasons = tuple(random.choice(("call_back", "waiting", "unknown")) for _ in spans)
    made = tuple(sorted(offer + random.randrange(9 * DAY) for _ in range(random.randrange(7))))
    needed = 6 if kind == "cadence" else 0
    over = random.choice((NEVER, offer + random.randrange(12 * DAY)))
    parted = stop != NEVER and random.random() < 0.2
    return Measured(
        clock, offer, stop, random.random() < 0.5, parted, spans, needed,
        made if needed else (), over, reasons,
    )  # fmt: skip


def engine(parsed, owed, past, one):
    """When it was due and how it ended, one clock by itself; None where it is not owed."""
    start, seen = one.events.get(owed.starts), one.of(owed)
    promised = None if start is None else target_of(parsed, owed, one, past)
    if promised is None or seen is None:
        return None
    calendar = parsed.calendar(promised[0])
    stood = seen.asked(owed.attempts, start).allowed(owed, calendar)
    pauses = [(instant(begins), instant(ends)) for begins, ends in stood.pauses]
    target = timedelta(microseconds=promised[1])
    due = microseconds(ladder.due(calendar, instant(start), target, pauses))
    if due < min(stood.stop, UNTIL):
        return due, Fate.LATE
    if stood.stop == NEVER:
        return due, Fate.OPEN
    return due, Fate.LEFT_OUT if stood.parted else Fate.MET


@pytest.mark.parametrize("number", [600, pytest.param(100_000, marks=pytest.mark.slow)])
def test_the_batch_says_of_so_many_random_handoffs_what_the_engine_says_of_each(number):
    parsed, (past, rounds) = a_text(), a_past(number)
    for key in OWED:
        owed = parsed.obligation(key)

        judged = judge(parsed, owed, past)

        told = [engine(parsed, owed, past, one) for one in rounds]
        wanted = {place: one for place, one in enumerate(told) if one is not None}
        assert judged.rows.tolist() == list(wanted)
        assert judged.due.tolist() == [due for due, _fate in wanted.values()]
        assert [Fate(fate) for fate in judged.fate] == [fate for _due, fate in wanted.values()]
        clocks = past.columns.clocks.clock[judged.clocks].tolist()
        assert clocks == [rounds[place].of(owed).clock for place in wanted]


def test_rounds_come_back_from_their_columns_as_they_were():
    past, rounds = a_past(40)

    assert list(past.rounds) == [_known(one) for one in rounds]
    assert [past.columns.part(10, 30).round(place) for place in range(20)] == [
        _known(one) for one in rounds[10:30]
    ]


def _known(one):
    """A round whose clocks of one kind are told in the order in which they were put."""
    again = Round(**{name: getattr(one, name) for name in one.__slots__} | {"measured": {}})
    for name, seen in one.measured.items():
        if name.startswith("="):
            again.put(*name[1:].rsplit(":", 1), seen)
    return again


def test_some_handoffs_told_anew_take_the_place_of_what_was_known_of_them():
    _past, rounds = a_past(30)
    _past, others = a_past(30, seed=7)
    before, fresh = columns_of(rounds), columns_of(others[::3])

    after = renewed(before, fresh.handoff, fresh)

    gone = {one.handoff for one in others[::3]}
    wanted = [one for one in rounds if one.handoff not in gone] + list(others[::3])
    wanted.sort(key=lambda one: (one.first_offer, one.handoff))
    told = [_told(after, place) for place in range(len(after))]
    assert told == [_plain(one) for one in wanted]


def _told(columns, place):
    return _plain(columns.round(place))


def _plain(one):
    """Without the calendars, which every set of columns numbers for itself."""
    parts = (
        one.handoff,
        one.kind,
        one.segment,
        one.first_offer,
        one.events,
        _known(one).measured,
    )
    return [str(part) for part in parts]


def test_nothing_that_changed_leaves_columns_as_they_are():
    before = columns_of(a_past(3)[1])

    assert renewed(before, np.array([99]), columns_of([])) is before


def instants(*values):
    return np.array([NEVER if value is None else NINE + value * MINUTE for value in values])


def _said(**tables):
    """Columns as they are asked for: texts by their places among all names."""
    names = {"": 0}

    def column(values):
        for value in values:
            if isinstance(value, str):
                names.setdefault(value, len(names))
        return np.array([names.get(value, value) for value in values], np.int64)

    said = {
        table: {name: column(values) for name, values in columns.items()}
        for table, columns in tables.items()
    }
    return Filled(**said, names=names)


def test_columns_are_filled_from_what_a_database_tells():
    """Two handoffs, the second offered first: one in its second round, and one that stands.
    A pause and an attempt came in between, of a clock and a handoff that were not told."""
    told = _said(
        handoffs={
            "pk": (4, 9), "lead": (40, 90), "round": (2, 1), "giver_team": (1, 1),
            "receiver_team": (2, 3), "kind": ("to_inside_sales",) * 2, "segment": ("trial", ""),
            "first_offered_at": instants(5, 1), "offered_at": instants(20, 1),
            "accepted_at": instants(7, 3), "returned_at": instants(None, None),
            "disputed_at": instants(None, None), "ended_at": instants(90, None),
        },
        clocks={
            "pk": (1, 2, 3), "handoff": (4, 9, 4), "round": (1, 1, 2),
            "attempts_needed": (0, 6, 0), "version": (1, 1, 1),
            "kind": ("accept", "cadence", "accept"), "starts": (0, 1, 0),
            "obligation": ("accept", "cadence", "accept"), "outcome": ("returned", "", "late"),
            "started_at": instants(5, 3, 20), "due_at": instants(65, 80, 81),
            "stopped_at": instants(8, None, 85), "paused_at": instants(None, 40, None),
        },
        pauses={
            "clock": (2, 1, 2, 8), "reason": ("waiting",) * 4,
            "paused_at": instants(10, 11, 40, 50), "resumed_at": instants(20, 12, None, None),
        },
        attempts={"handoff": (9, 4, 5, 9), "occurred_at": instants(5, 6, 7, 9)},
    )  # fmt: skip

    columns = filled(told)

    assert (columns.handoff.tolist(), columns.number.tolist()) == ([9, 4, 4], [1, 1, 2])
    assert columns.event("offer").tolist() == instants(1, 5, 20).tolist()
    assert columns.event("acceptance").tolist() == instants(3, None, None).tolist()
    assert columns.event("request").tolist() == [NEVER] * 3
    standing = columns.at(NINE + 100 * MINUTE)
    cadence, first, second = (standing.measured(row) for row in range(3))
    later = NINE + 100 * MINUTE
    assert cadence.pauses == (
        (NINE + 10 * MINUTE, NINE + 20 * MINUTE),
        (NINE + 40 * MINUTE, later),
    )
    assert (cadence.late, cadence.attempts) == (False, (NINE + 5 * MINUTE, NINE + 9 * MINUTE))
    assert (cadence.over, cadence.reasons) == (NEVER, ("waiting", "waiting"))
    assert (first.parted, first.over, first.late) == (True, NINE + 8 * MINUTE, False)
    assert (second.late, second.over) == (True, NINE + 90 * MINUTE)
    assert columns.pauses.nth.tolist() == [1, 2, 1]
    assert columns.offers(NINE)["to_inside_sales"].tolist() == instants(1, 5).tolist()


def test_instants_are_read_as_databases_write_them():
    said = ["2026-03-02 08:00:00", None, "2024-02-29 23:59:59.000001", "1969-12-31 23:00:00.5"]

    found = written(said).tolist()

    told = [utc("2026-03-02 08:00"), utc("2024-02-29 23:59:59.000001"),
            utc("1969-12-31 23:00:00.500000")]  # fmt: skip
    assert found == [microseconds(told[0]), NEVER, *map(microseconds, told[1:])]


def test_a_round_that_is_not_there_is_an_error():
    with pytest.raises(IndexError):
        a_past(2)[0].rounds[2]


def test_nothing_at_all_has_columns_too():
    empty = a_history([], {}, UNTIL)
    parsed = a_text()

    assert judge(parsed, parsed.obligation("cadence"), empty).rows.size == 0


def test_a_promise_of_another_kind_of_handoff_has_no_target():
    parsed, (past, rounds) = a_text(), a_past(20)
    owed = parsed.obligation("accept")
    other = next(one for one in rounds if one.kind != owed.handoff)

    assert target_of(parsed, owed, other, past) is None
    trials = replace(owed, targets=tuple(replace(one, segment="trial") for one in owed.targets))
    content = next(one for one in rounds if one.kind == owed.handoff and one.segment != "trial")
    assert target_of(parsed, trials, content, past) is None


def test_where_nothing_began_no_week_is_counted():
    parsed = a_text()
    owed = parsed.obligation("first_attempt")

    assert judge(parsed, owed, a_history([], {}, UNTIL)).rows.size == 0
    assert _mondays(np.empty(0, np.int64), ZoneInfo("Europe/Berlin")).size == 0
