"""The batch says of each past promise what the engine says of one."""

from datetime import datetime, timedelta
from random import Random

import numpy as np
import pytest

from leads.core.backtest import NEVER, Ends, Fate, dues, fates
from sla.core import ladder
from sla.core.workingtime import instant, microseconds
from tests.core.calendars import NEW_YORK_NIGHTS, NINE_TO_FIVE, WEEKDAYS, make_calendar

ROWS = 2_000
BERLIN = make_calendar(
    "Europe/Berlin",
    [["09:00", "12:00"], ["13:00", "17:15"]],
    WEEKDAYS[:5],
    closed=["2026-04-03"],
)
MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize("number", [ROWS, pytest.param(33_334, marks=pytest.mark.slow)])
def test_due_instants_equal_those_of_the_engine_on_so_many_random_promises(number):
    """Of three calendars each: with the large count a hundred thousand in all."""
    random = Random(20260302)
    for calendar in (NINE_TO_FIVE, NEW_YORK_NIGHTS, BERLIN):
        rows = [_row(random) for _ in range(number)]

        batch = dues(
            calendar,
            np.array([start for start, _, _ in rows]),
            np.array([target for _, target, _ in rows]),
            _columns([pauses for _, _, pauses in rows]),
        )

        engine = [_engine(calendar, *row) for row in rows]
        assert [instant(int(due)) for due in batch] == engine


def test_what_stops_at_the_due_instant_is_on_time_and_a_moment_later_is_late():
    ends = Ends(np.array([100, 101, 100, 101, NEVER, NEVER]), _flags(0, 0, 1, 1, 0, 0))

    found = fates(np.array([100, 100, 100, 100, 100, 101]), ends, 101)

    assert [Fate(one) for one in found] == [
        Fate.MET, Fate.LATE, Fate.LEFT_OUT, Fate.LATE, Fate.LATE, Fate.OPEN,
    ]  # fmt: skip


def test_nothing_happened_is_no_error():
    nothing = np.empty(0, np.int64)

    assert dues(NINE_TO_FIVE, nothing, nothing).size == 0


def _row(random: Random) -> tuple[int, int, list[tuple[int, int]]]:
    start = microseconds(datetime.fromisoformat("2026-01-01T00:00+00:00"))
    start += random.randrange(0, 300 * 86_400) * 1_000_000
    target = random.choice((60, 900, 3_600, 28_800, 201_600)) * 1_000_000
    pauses, since = [], start
    for _ in range(random.choice((0, 0, 0, 1, 2, 3))):
        since += random.randrange(-3_600, 90_000) * 1_000_000
        until = since + random.randrange(0, 200_000) * 1_000_000
        pauses.append((since, until))
        since = until
    return start, target, sorted(pauses)


def _columns(pauses: list[list[tuple[int, int]]]) -> list[tuple[np.ndarray, np.ndarray]]:
    most = max(map(len, pauses))
    padded = [[*one, *[(NEVER, 0)] * (most - len(one))] for one in pauses]
    table = np.array(padded, np.int64)
    return [(table[:, n, 0], table[:, n, 1]) for n in range(most)]


def _engine(calendar, start: int, target: int, pauses: list[tuple[int, int]]) -> datetime:
    spans = [(instant(begins), instant(ends)) for begins, ends in pauses]
    return ladder.due(calendar, instant(start), target * MICROSECOND, spans)


def _flags(*values: int) -> np.ndarray:
    return np.array(values, np.bool_)
