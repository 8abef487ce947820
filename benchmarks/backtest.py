"""The arithmetic of a backtest: ours in batch beside the same rows one by one, in one run.

    python benchmarks/backtest.py [--size 1000000] [--rounds 5]

So many handoffs in eight calendars of eight zones, with four targets, a fifth of them
paused once: when each was due, and whether it was late. `row by row` is a plain Python loop
with two bisections over the same table of openings; `limit` the barest arithmetic in numpy,
without checks (limits/replay.py); `compiled` the same as one pass of machine code, made by
numba (limits/compiled.py); `workclock` a loop that calls that library, on fewer rows,
multiplied. First every due instant is compared; then each round
lets every side answer, and the medians are compared, so only the ratios mean anything.
What is read from a database is not in it.
"""

import argparse
import random
import statistics
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from ground.goals import Goal, spread
from limits.replay import Quarters

sys.path.insert(0, str(Path(__file__).parent.parent))  # run as a file, from anywhere

from leads.core.backtest import NEVER, Ends, dues, fates
from sla.core import workingtime
from sla.core.workingtime import microseconds

ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Chicago",
    "America/Los_Angeles", "Asia/Tokyo", "Asia/Kolkata", "Australia/Sydney",
)  # fmt: skip
HOUR = 3_600_000_000
TARGETS = (HOUR // 4, HOUR, 4 * HOUR, 16 * HOUR)
BEGAN, UNTIL = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
CALENDARS = [
    workingtime.WorkingCalendar.from_json(
        {
            "name": zone, "zone": zone, "day": "PT7H",
            "weekly": {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in WEEKDAYS},
        }
    )
    for zone in ZONES
]  # fmt: skip
ENOUGH = 2_000  # rows of the library's loop


class Rows:
    """The handoffs of one calendar, as columns and as a table of its openings."""

    def __init__(self, calendar: workingtime.WorkingCalendar, size: int, seed: int) -> None:
        draw = np.random.default_rng(seed)
        first, last = microseconds(BEGAN), microseconds(UNTIL)
        self.calendar = calendar
        self.starts = draw.integers(first, last, size)
        self.targets = draw.choice(np.array(TARGETS, np.int64), size)
        self.stops = self.starts + draw.integers(0, 72 * HOUR, size)
        paused = draw.random(size) < 0.2
        begins = self.starts + draw.integers(0, 6 * HOUR, size)
        ends = begins + draw.integers(1, 8 * HOUR, size)
        self.pauses = [(np.where(paused, begins, NEVER), np.where(paused, ends, 0))]
        self.opens, self.before, self.reach = _table(calendar)
        table = (np.array(column, np.int64) for column in (self.opens, self.before, self.reach))
        self.quarters = Quarters(*table)

    def ours(self) -> np.ndarray:
        due = dues(self.calendar, self.starts, self.targets, self.pauses)
        ends = Ends(self.stops, np.zeros(due.size, np.bool_))
        self.late = int((fates(due, ends, microseconds(UNTIL)) == 2).sum())
        return due

    def limit(self) -> np.ndarray:
        due = self.quarters.dues(self.starts, self.targets, *self.pauses[0])
        self.limit_late = int((due < self.stops).sum())
        return due

    def compiled(self) -> np.ndarray:
        from limits import compiled  # numba is of the tools for benchmarks alone

        columns = self.starts, self.targets, *self.pauses[0], self.stops
        due, self.compiled_late = compiled.dues(self.quarters, *columns)
        return due

    def one_by_one(self) -> list[int]:
        (begins, ends), rows = self.pauses[0], []
        for start, target, stop, begin, end in zip(
            self.starts.tolist(), self.targets.tolist(), self.stops.tolist(),
            begins.tolist(), ends.tolist(), strict=True,
        ):  # fmt: skip
            due = self._due(start, target, begin, end)
            rows.append((due, due < stop))
        self.looped_late = sum(late for _due, late in rows)
        return [due for due, _late in rows]

    def _due(self, start: int, target: int, begin: int, end: int) -> int:
        if begin < end:
            ran = self._worked(begin) - self._worked(start)
            if ran < target:
                start, target = end, target - ran
        goal = self._worked(start) + target
        place = bisect_left(self.reach, goal)
        return self.opens[place] + goal - self.before[place]

    def _worked(self, at: int) -> int:
        place = bisect_right(self.opens, at) - 1
        return min(self.before[place] + at - self.opens[place], self.reach[place])


def _table(calendar: workingtime.WorkingCalendar) -> tuple[list[int], list[int], list[int]]:
    """When each opening begins, and the open time before it and up to its end."""
    opens, before, reach, total = [], [], [], 0
    spans = workingtime.openings(calendar, BEGAN - timedelta(14), UNTIL + timedelta(60))
    for begins, closes in spans:
        opens.append(microseconds(begins))
        before.append(total)
        total += microseconds(closes) - opens[-1]
        reach.append(total)
    return opens, before, reach


def library(rows: Rows, number: int) -> float:
    """Seconds that the library's loop would take for all rows, from `number` of them."""
    import workclock  # of the tools for benchmarks alone

    rules = [workclock.WorkDay(wall(9), wall(17)), workclock.Break(wall(12), wall(13))]
    clock = workclock.Schedule(rules, time_zone=ZoneInfo(rows.calendar.zone))
    asked = [
        (workingtime.instant(int(start)), timedelta(microseconds=int(target)))
        for start, target in zip(rows.starts[:number], rows.targets[:number], strict=True)
    ]
    began = time.perf_counter()
    for start, target in asked:
        clock.add(start, target)
    return (time.perf_counter() - began) / len(asked) * rows.starts.size


def measure(size: int, rounds: int, *, peer: bool = True) -> Iterator[Goal]:
    each = max(size // len(CALENDARS), 1)
    parts = [Rows(calendar, each, seed) for seed, calendar in enumerate(CALENDARS)]
    _agree(parts, peer=peer)
    sides: dict[str, Callable[[], object]] = {
        "ours": lambda: [part.ours() for part in parts],
        "limit": lambda: [part.limit() for part in parts],
        "row by row": lambda: [part.one_by_one() for part in parts],
    }
    if peer:
        sides["compiled"] = lambda: [part.compiled() for part in parts]
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _round in range(rounds):
        for name, side in random.sample(list(sides.items()), len(sides)):
            began = time.perf_counter()
            side()
            taken[name].append(time.perf_counter() - began)
        some = max(min(ENOUGH // len(parts), each), 1)
        if peer:
            seconds = sum(library(part, some) for part in parts)
            taken.setdefault("workclock", []).append(seconds)
    for name, seconds in taken.items():
        print(f"{name}: {spread(seconds)} for {each * len(parts):,}")
    ours = statistics.median(taken.pop("ours"))
    for name, target in (("row by row", 30), ("workclock", 300)):
        if name in taken:
            times = statistics.median(taken[name]) / ours
            yield Goal(f"backtest-times-{name.replace(' ', '-')}", times, ">=", target)
    for name in ("limit", "compiled"):
        if name in taken:
            yield Goal(
                f"backtest-times-of-{name}", ours / statistics.median(taken[name]), "<=", 1.5
            )


def _agree(parts: list[Rows], *, peer: bool) -> None:
    """All sides say the same of every row; or it ends here."""
    differ = sum(_differ(part) for part in parts)
    late = sum(part.late for part in parts)
    others = {sum(p.looped_late for p in parts), sum(p.limit_late for p in parts)}
    if peer:
        differ += sum(int((part.ours() != part.compiled()).sum()) for part in parts)
        others.add(sum(part.compiled_late for part in parts))
    if differ or others != {late}:
        raise SystemExit(f"{differ} due instants differ")
    rows = sum(part.starts.size for part in parts)
    print(f"{rows:,} handoffs, 0 due instants differ, {late:,} late")


def _differ(part: Rows) -> int:
    """In how many due instants the three sides are not of one mind."""
    ours, looped = part.ours(), np.array(part.one_by_one(), np.int64)
    return int(((ours != looped) | (ours != part.limit())).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1_000_000, help="handoffs")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    for goal in measure(asked.size, asked.rounds):
        print(goal, flush=True)


if __name__ == "__main__":
    main()
