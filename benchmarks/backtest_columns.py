"""A backtest from the database to its answer, beside fetching its columns alone, in one run.

    python benchmarks/backtest_columns.py [--size 1000000] [--database sqlite|postgresql]

So many handoffs that have ended, two clocks each. `fetch` asks the four statements that a
backtest reads and takes their rows from the driver, without making anything of them. `cold`
is a process that knows nothing and finds no file: it reads, makes columns, judges every
promise under a draft with other targets, and counts. `warm` is the same process asked again
after somebody touched a handoff; `another` a process that finds the files of the first. All
give the same counts. Only the ratios mean anything.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from ground import databases
from ground.goals import Goal, spread

SIZE, ROUNDS = 1_000_000, 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=SIZE, help="handoffs")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", choices=databases.KINDS, action="append")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside is None:
        given = ["--size", str(asked.size), "--rounds", str(asked.rounds)]
        databases.once_for_each(asked.database or databases.KINDS, __file__, given)
        return
    databases.begin()
    for goal in measure(asked.inside, asked.size, asked.rounds):
        print(goal, flush=True)


def measure(kind: str, size: int, rounds: int) -> Iterator[Goal]:
    """The goals of one database."""
    from ground import company
    from ground.many_handoffs import fill

    from portal import ledger

    ledger.open_ledger(simulated=True, at=company.BEGAN)
    version = company.found()
    fill(size, version)
    sides = _sides(_draft(version), version, size)
    taken: dict[str, list[float]] = {name: [] for name in sides}
    counts = set()
    for _round in range(rounds):
        for name, side in sides.items():
            began = time.perf_counter()
            found = side()
            taken[name].append(time.perf_counter() - began)
            if name != "fetch":
                counts.add(found)
    if len(counts) != 1:
        raise SystemExit(f"the sides differ: {counts}")
    print(f"{size:,} handoffs, the same counts on each side: {counts.pop()}")
    for name, seconds in taken.items():
        print(f"{kind} {name}: {spread(seconds)}")
    middle = {name: statistics.median(seconds) for name, seconds in taken.items()}
    for name, most in (("cold", 2.0), ("warm", 0.5), ("another", 0.5)):
        times = middle[name] / middle["fetch"]
        yield Goal(f"{kind}-backtest-{name}-over-fetch", times, "<=", most)


def _sides(draft: Any, version: Any, size: int) -> dict[str, Callable[[], object]]:
    from ground.company import BEGAN

    from leads.models import Handoff
    from leads.reports.backtest import columns
    from leads.reports.backtest.columns import files, memory

    known = columns.Memory()
    since, until = BEGAN - timedelta(minutes=size + 1), BEGAN + timedelta(1)

    def answer(one: Any) -> object:
        found = one.columns(version.agreement_id)
        past, handoffs = columns.history(found, since, until, until)
        return handoffs, tuple(_counts(draft.parsed, past))

    def cold() -> object:
        for folder in files.folders(version.agreement_id):
            files.take_away(folder)
        nonlocal known
        known = columns.Memory()
        return answer(known)

    def warm() -> object:
        _touch(Handoff.objects.order_by("-pk")[size // 2])
        return answer(known)

    return {
        "fetch": lambda: _fetch(version),
        "cold": cold,
        "warm": warm,
        "another": lambda: answer(memory.Memory()),
    }


def _counts(terms: Any, past: Any) -> Iterator[tuple[str, int, int]]:
    """Of each promise: judged, and late under the text."""
    from leads.core.rounds import judge
    from leads.core.trials.clauses import timed

    for owed in timed(terms):
        judged = judge(terms, owed, past)
        yield owed.key, judged.rows.size, int((judged.fate == 2).sum())


def _draft(version: Any) -> Any:
    """The text with another target for every promise, not saved."""
    from sla.models import Version

    text = dict(version.terms)
    text["obligations"] = [
        owed | {"targets": [{"segment": None, "within": "PT2H", "beyond": None}]}
        for owed in text["obligations"]
    ]
    return Version(agreement=version.agreement, number=2, terms=text)


def _touch(handoff: Any) -> None:
    """Something of one handoff that the ledger tells of."""
    from ground.company import BEGAN

    from portal import ledger

    with ledger.recording(at=BEGAN):
        ledger.append("handoff_accept", subject=("handoff", handoff.pk), lead=handoff.lead_id)


def _fetch(version: Any) -> int:
    """The rows of the columns as the driver gives them."""
    from django.db import connection

    from leads.models import Handoff
    from leads.reports.backtest.columns.asking import statements, told

    rows = 0
    there = Handoff.objects.filter(version__agreement=version.agreement_id)
    for one in statements(there):
        sql, given = told(*one).query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            rows += len(cursor.fetchall())
    return rows


if __name__ == "__main__":
    main()
