"""The sweep: ours beside SQL written by hand and beside a row-by-row peer, in one run.

    python benchmarks/sweep.py [--size 1000000] [--database sqlite|postgresql] [--profile]

Of `size` open clocks a thousand are due: the step that tells the owner and the manager, in
the portal and by mail. Each side takes waves of its own in turn, and the medians of the
waves are compared; so only the ratios mean anything. Before that, the rows that both sides
leave behind are compared: they must be the same ones.
"""

import argparse
import cProfile
import gc
import pstats
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

from ground import databases
from ground.goals import Goal, spread
from ground.watching import watched

SIZE, SMALL, DUE, ROUNDS, IDLE = 1_000_000, 10_000, 1_000, 7, 200
MINUTE = timedelta(minutes=1)
BATCHES_OF_A_PASS = {
    "alerts": "leads.actions.sweeping.raising._insert",
    "deliveries": "portal.notifications.outbox.tell_all",
    "ledger": "portal.ledger.recording._insert",
    "next steps": "leads.actions.sweeping.sweep._save_next_steps",
}
Side = Callable[..., int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=SIZE, help="open clocks")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", choices=databases.KINDS, action="append")
    parser.add_argument("--profile", action="store_true", help="where our time goes")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside is None:
        given = ["--size", str(asked.size), "--rounds", str(asked.rounds)]
        given += ["--profile"] if asked.profile else []
        databases.once_for_each(asked.database or databases.KINDS, __file__, given)
        return
    databases.begin()
    for goal in measure(asked.inside, asked.size, asked.rounds, profile=asked.profile):
        print(goal, flush=True)


def measure(kind: str, size: int, rounds: int, *, profile: bool) -> Iterator[Goal]:
    from ground.open_clocks import OpenClocks

    small, due = min(SMALL, size // 5), min(DUE, size // 50)
    filled = time.perf_counter()
    clocks = OpenClocks(_founded())
    clocks.grow(small)
    run = Run(kind, clocks, due)
    run.agree()
    few = run.rounds(rounds)
    clocks.grow(size)
    print(f"{kind}: {size:,} open clocks after {time.perf_counter() - filled:.0f} s")
    many = run.rounds(rounds)
    if profile:
        run.profile()
    idle = run.idle()
    for name, taken in many.items():
        print(f"{kind} {name}: {spread(taken)} for {due:,} due of {size:,} open")
    print(f"{kind} ours: {spread(few['ours'])} for {due:,} due of {small:,} open")
    print(f"{kind} idle: {spread(idle)}")
    run.print_shares()
    ours = statistics.median(many["ours"])
    limit = statistics.median(many["by hand"])
    yield Goal(f"{kind}-sweep-over-hand-written-sql", ours / limit, "<=", 2)
    grown = ours / statistics.median(few["ours"])
    yield Goal(f"{kind}-sweep-of-{size}-open-over-{small}", grown, "<=", 1.5)
    yield Goal(f"{kind}-idle-milliseconds", statistics.median(idle) * 1e3, "<=", 1)
    if kind == "postgresql":
        peer = run.peer(size)
        print(f"{kind} one by one: {spread(peer)} for {due:,} due of {size:,}, alert alone")
        light = run.first_steps()
        print(f"{kind} ours, the owner told in the portal: {spread(light)}")
        for name, taken in {"one": light, "four": many["ours"]}.items():
            times = statistics.median(peer) / statistics.median(taken)
            yield Goal(f"{kind}-sweep-times-one-by-one-{name}-told", times, ">=", 10)
    run.verify()


def _founded() -> Any:
    from ground import company

    return company.found()


class Run:
    """Both sides on one database; time goes on by a minute from wave to wave."""

    def __init__(self, kind: str, clocks: Any, due: int) -> None:
        from django.db import connection
        from ground.company import BEGAN
        from limits import sweep_by_hand

        self.kind, self.clocks, self.due = kind, clocks, due
        self.at = BEGAN + timedelta(days=30)  # after the last of a million began
        terms = clocks.version.parsed
        promises = {owed.key: owed.name for owed in terms.obligations}
        self.hand = sweep_by_hand.connect(connection.settings_dict, promises)
        self.shares: dict[str, Counter[str]] = {}

    def wave(self, step: int | None = None) -> list[int]:
        from ground.open_clocks import DUE_STEP, settle

        self.at += MINUTE
        step = DUE_STEP if step is None else step
        ids = self.clocks.let_be_due(self.due, self.at, step=step)
        settle()
        gc.collect()
        return ids

    def ours(self) -> int:
        from leads.actions.sweeping import sweep

        return sweep.raise_all(at=self.at, by="benchmark").raised

    def by_hand(self) -> int:
        return self.hand.sweep(self.at)

    def rounds(self, number: int) -> dict[str, list[float]]:
        sides: dict[str, Side] = {
            "by hand": lambda: self.hand.sweep(self.at),
            "ours": self.ours,
        }
        taken: dict[str, list[float]] = {name: [] for name in sides}
        for turn in range(number + 1):
            for name, side in sides.items():
                self.wave()
                self.hand.spent.clear()
                seconds = _timed(side, self.due)
                if turn:  # the first one warms up
                    taken[name].append(seconds)
                if name == "by hand":
                    self.shares[name] = Counter(self.hand.spent)
                    self.shares[name]["all"] = seconds
        return taken

    def idle(self) -> list[float]:
        from leads.actions.sweeping import sweep

        return [
            _timed(lambda: sweep.raise_due(at=self.at, by="benchmark").raised, 0)
            for _ in range(IDLE)
        ]

    def first_steps(self) -> list[float]:
        """Our times for waves of the step that tells one person in the portal."""
        from ground.open_clocks import FIRST_STEP

        taken = []
        for _ in range(3):
            self.wave(FIRST_STEP)
            taken.append(_timed(self.ours, self.due))
        return taken

    def peer(self, size: int) -> list[float]:
        from ground.open_clocks import FAR, settle
        from peers import one_by_one

        one_by_one.prepare(size, FAR)
        taken = []
        for wave in range(3):
            stride = size // self.due
            one_by_one.let_be_due([1 + wave + i * stride for i in range(self.due)], self.at)
            settle()
            taken.append(_timed(lambda: one_by_one.sweep(self.at), self.due))
        one_by_one.clear()
        return taken

    def agree(self) -> None:
        """Let both sides write the same wave, the first one to be rolled back."""
        ids = self.wave()
        commit, self.hand.commit = self.hand.commit, lambda: None
        self.hand.sweep(self.at)
        self.hand.commit = commit
        theirs = _written(self.hand.raw.cursor(), ids)
        self.hand.undo()
        self.ours()
        ours = _written(self.hand.raw.cursor(), ids)
        for name, rows in ours.items():
            others = sorted(set(map(repr, rows)) ^ set(map(repr, theirs[name])))
            if others or len(rows) != len(theirs[name]):
                raise SystemExit(f"the sides disagree on {name}: {others[:2]}")

    def print_shares(self) -> None:
        """What each kind of row costs, by hand and with us, in the last wave."""
        self.wave()
        spent = self.shares["ours"] = Counter()
        with ExitStack() as stack:
            for kind, name in BATCHES_OF_A_PASS.items():
                stack.enter_context(watched(name, kind, spent))
            spent["all"] = _timed(self.ours, self.due)
        for name, parts in self.shares.items():
            whole = parts.pop("all")
            parts["the rest"] = whole - sum(parts.values())
            told = ", ".join(f"{kind} {s / whole:.0%}" for kind, s in parts.most_common())
            print(f"{self.kind} shares {name}: {told}")

    def profile(self) -> None:
        self.wave()
        watch = cProfile.Profile()
        watch.runcall(self.ours)
        pstats.Stats(watch).sort_stats("tottime").print_stats(45)

    def verify(self) -> None:
        """The chain that both sides wrote is one."""
        from portal.ledger import chain
        from portal.ledger.models import LedgerEntry

        before = chain.NO_HASH
        for link in LedgerEntry.objects.links():
            if link.before != before or chain.digest(before, link.line) != link.hash:
                raise SystemExit(f"the chain is broken at {link.seq}")
            before = link.hash
        self.hand.raw.close()


def _timed(side: Callable[[], int], expected: int) -> float:
    began = time.perf_counter()
    done = side()
    seconds = time.perf_counter() - began
    if done != expected:
        raise SystemExit(f"{done} alerts instead of {expected}; their speed means nothing")
    return seconds


def _written(cursor: Any, ids: list[int]) -> dict[str, list[Any]]:
    """What a sweep of these clocks left, with the clock in the place of an alert's number."""
    listed = ", ".join(map(str, ids))
    ask = partial(_rows, cursor)
    alerts = ask(
        f"SELECT id, clock_id, step, level, due_at, raised_at, found_late"
        f" FROM leads_alert WHERE clock_id IN ({listed}) ORDER BY clock_id"
    )
    clock = {row[0]: row[1] for row in alerts}
    told = ask(
        "SELECT about, recipient_id, channel, digest, level, title, text, link, state,"
        " created_at, next_at, sent_at, attempts, last_error, endpoint_id"
        " FROM notifications_delivery WHERE about LIKE 'alert:%'"
    )
    entries = ask(
        "SELECT subject_id, at, kind, subject_type, lead_id, actor_id, department,"
        " team, body FROM ledger_entry WHERE kind = 'alert_raised'"
    )
    return {
        "alerts": [row[1:] for row in alerts],
        "deliveries": sorted(
            (clock[int(row[0][6:])], *map(str, row[1:])) for row in told
            if int(row[0][6:]) in clock
        ),
        "ledger": sorted(
            (clock[row[0]], *map(str, row[1:])) for row in entries if row[0] in clock
        ),
        "next steps": ask("SELECT id, next_step, next_step_at, sweep_error FROM leads_clock"
                          f" WHERE id IN ({listed}) ORDER BY id"),
    }  # fmt: skip


def _rows(cursor: Any, statement: str) -> list[tuple[Any, ...]]:
    return list(map(tuple, cursor.execute(statement).fetchall()))


if __name__ == "__main__":
    main()
