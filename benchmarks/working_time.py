"""Working time: ours beside two peers and beside the physical limit, in one run.

    python benchmarks/working_time.py [--quick]

Each round lets every side answer the same questions, one side after the other, and the
medians of the rounds are compared; so only the ratios mean anything. The calendar is
Europe/Berlin, Monday to Friday 09-12 and 13-17, with 54 holidays in six years. The
limits are bare tables of open intervals: no rules, no checks, no growth.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import time as wall
from pathlib import Path
from typing import NamedTuple

import businesstimedelta
import numpy as np
import pytz
import workclock
from ground.goals import Goal
from limits.open_intervals import BERLIN, HOLIDAYS, BareTable

sys.path.insert(0, str(Path(__file__).parent.parent))  # run as a file, from anywhere

from sla.core import workingtime

FOUR_HOURS = timedelta(hours=4)
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
OFFICE = workingtime.WorkingCalendar.from_json(
    {
        "name": "office",
        "zone": "Europe/Berlin",
        "weekly": {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in WEEKDAYS},
        "closed": [day.isoformat() for day in HOLIDAYS],
        "day": "PT7H",
    }
)


class Size(NamedTuple):
    """How much is asked, and how often."""

    calls: int
    slow_calls: int
    rows: int
    rounds: int


FULL = Size(calls=20_000, slow_calls=300, rows=1_000_000, rounds=7)
QUICK = Size(calls=500, slow_calls=20, rows=20_000, rounds=2)


# ---------- the peers ----------


def workclock_schedule() -> workclock.Schedule:
    rules = [
        workclock.WorkDay(wall(9), wall(17)),
        workclock.Break(wall(12), wall(13)),
        workclock.Holidays(HOLIDAYS),
    ]
    return workclock.Schedule(rules, time_zone=BERLIN)


def businesstimedelta_rules() -> businesstimedelta.Rules:
    zone, days = pytz.timezone("Europe/Berlin"), list(range(5))
    return businesstimedelta.Rules(
        [
            businesstimedelta.WorkDayRule(wall(9), wall(17), days, tz=zone),
            businesstimedelta.LunchTimeRule(wall(12), wall(13), days, tz=zone),
            businesstimedelta.HolidayRule(HOLIDAYS, tz=zone),
        ]
    )


# ---------- measuring ----------


Sides = dict[str, Callable[[], object]]


def medians(sides: Sides, counts: dict[str, int], rounds: int) -> dict[str, float]:
    """Seconds for one question (or one whole batch) on each side: the median round."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, ask in sides.items():
            began = time.perf_counter()
            ask()
            taken[name].append((time.perf_counter() - began) / counts.get(name, 1))
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def each(function: Callable, questions: list[tuple]) -> Callable[[], list]:
    return lambda: [function(*question) for question in questions]


def single_calls(size: Size, bare: BareTable) -> dict[str, dict[str, float]]:
    """Seconds a call, of `add` 4 hours and of `between` over 0 to 14 days."""
    chance = random.Random(7)
    low, high = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2025, 2028))
    seconds = [chance.randrange(low, high) for _ in range(size.calls)]
    pairs = [(at, at + chance.randrange(14 * 86_400)) for at in seconds]
    clock, rules = workclock_schedule(), businesstimedelta_rules()
    four = businesstimedelta.BusinessTimeDelta(rules, hours=4)

    def zoned(zone: tzinfo, count: int = size.calls) -> list[tuple[datetime, datetime]]:
        at = datetime.fromtimestamp
        return [(at(start, zone), at(end, zone)) for start, end in pairs[:count]]

    utc, berlin = zoned(UTC), zoned(BERLIN)
    slow = zoned(pytz.timezone("Europe/Berlin"), size.slow_calls)
    add: Sides = {
        "ours": each(workingtime.add, [(OFFICE, start, FOUR_HOURS) for start, _ in utc]),
        "limit": each(bare.add, [(start, 14_400) for start, _ in utc]),
        "workclock": each(clock.add, [(start, FOUR_HOURS) for start, _ in berlin]),
        "businesstimedelta": each(lambda start: start + four, [(start,) for start, _ in slow]),
    }
    between: Sides = {
        "ours": each(workingtime.between, [(OFFICE, start, end) for start, end in utc]),
        "limit": each(bare.between, utc),
        "workclock": each(clock.between, berlin),
        "businesstimedelta": each(rules.difference, slow),
    }
    agree(add, {"workclock", "limit"})
    agree(between, {"workclock"})
    counts = dict.fromkeys(add, size.calls) | {"businesstimedelta": size.slow_calls}
    return {
        "add": medians(add, counts, size.rounds),
        "between": medians(between, counts, size.rounds),
    }


def batches(size: Size, bare: BareTable) -> dict[str, dict[str, float]]:
    """Seconds a batch of int64 instants, of the same two questions."""
    chance = np.random.default_rng(7)
    low, high = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2025, 2028))
    starts = chance.integers(low, high, size.rows)
    ends = starts + chance.integers(0, 14 * 86_400, size.rows)
    our_starts, our_ends = starts * 1_000_000, ends * 1_000_000
    their_starts, their_ends = starts.astype("M8[s]"), ends.astype("M8[s]")
    clock, four = workclock_schedule(), np.timedelta64(14_400, "s")
    add: Sides = {
        "ours": lambda: workingtime.add_many(OFFICE, our_starts, 14_400_000_000),
        "limit": lambda: bare.add_blocked(starts, 14_400),
        "searchsorted": lambda: bare.add_searched(starts, 14_400),
        "workclock": lambda: clock.add_many(their_starts, four),
    }
    between: Sides = {
        "ours": lambda: workingtime.between_many(OFFICE, our_starts, our_ends),
        "limit": lambda: bare.between_blocked(starts, ends),
        "searchsorted": lambda: bare.between_searched(starts, ends),
        "workclock": lambda: clock.between_many(their_starts, their_ends),
    }
    for sides in (add, between):
        ours, limit, searched = (sides[name]() for name in ("ours", "limit", "searchsorted"))
        if not ((ours == limit * 1_000_000).all() and (limit == searched).all()):
            raise SystemExit("the sides of a batch disagree; their speed means nothing")
    return {"add": medians(add, {}, size.rounds), "between": medians(between, {}, size.rounds)}


def agree(sides: Sides, others: set[str]) -> None:
    """Stop unless the others answer as we do: a wrong answer is quickly given."""
    ours = sides["ours"]()
    for name in others:
        if sides[name]() != ours:
            raise SystemExit(f"{name} answers otherwise; its speed means nothing")


# ---------- the goals ----------


def single_goals(times: dict[str, dict[str, float]]) -> Iterator[Goal]:
    slower = {"add": 200, "between": 1_000}
    for name, taken in times.items():
        ours = taken["ours"]
        yield Goal(f"{name}-times-workclock", taken["workclock"] / ours, ">=", 3)
        figure = taken["businesstimedelta"] / ours
        yield Goal(f"{name}-times-businesstimedelta", figure, ">=", slower[name])
        yield Goal(f"{name}-over-bare-table", ours / taken["limit"], "<=", 1.3)


def batch_goals(times: dict[str, dict[str, float]]) -> Iterator[Goal]:
    for name, taken in times.items():
        ours = taken["ours"]
        yield Goal(f"{name}_many-times-workclock", taken["workclock"] / ours, ">=", 100)
        yield Goal(f"{name}_many-times-searchsorted", taken["searchsorted"] / ours, ">=", 5)
        yield Goal(f"{name}_many-over-direct-index", ours / taken["limit"], "<=", 1.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="only see that it runs")
    size = QUICK if parser.parse_args().quick else FULL
    bare = BareTable()
    single, batch = single_calls(size, bare), batches(size, bare)
    for name, taken in single.items():
        for side, seconds in taken.items():
            print(f"{name} {side}: {seconds * 1e6:.2f} us a call")
    for name, taken in batch.items():
        for side, seconds in taken.items():
            print(f"{name}_many {side}: {seconds * 1e3:.2f} ms for {size.rows:,} rows")
    for goal in (*single_goals(single), *batch_goals(batch)):
        print(goal)


if __name__ == "__main__":
    main()
