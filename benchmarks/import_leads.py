"""The import of leads: ours beside the ORM, django-import-export and the limit, in one run.

    python benchmarks/import_leads.py [--size 10000] [--long 1000000] [--database ...]

Every side takes a new file of `size` people in turn, so that only the ratios mean anything.
`rows` is our reading with all its checks, who is who within the file, and bare rows into the
peers' own table; `whole leads` is what an import does: companies, seats by turns, stages,
history, and an entry of the ledger for each. Then a file of `long` records is imported by a
process of its own while the desk is opened here, over and over.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from unittest import mock

from ground import databases, files_of_leads
from ground.goals import Goal, percentile, spread
from ground.watching import watched

SIZE, ROUNDS, LONG, CHUNK = 10_000, 5, 1_000_000, 1_000
LOOKS, PAUSE = 30, 0.2  # at the desk without an import, before it and after; seconds between
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PARTS = {
    "checking": "leads.actions.imports.sifting.Sifter.sift",
    "who is known": "leads.actions.imports.running.parted",
    "companies": "leads.actions.imports.bulk.employers_of",
    "seats": "leads.actions.imports.bulk.Newcomers._marketing_seat",
    "rows written": "leads.actions.imports.writing.insert_values",
    "ledger": "portal.ledger.recording._insert",
}
Side = Callable[[Path], int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=SIZE, help="records of a file")
    parser.add_argument("--long", type=int, default=LONG, help="records beside the desk")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", choices=databases.KINDS, action="append")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone is not None:
        databases.begin("ground.list_settings")
        _import_alone(asked.alone)
        return
    if asked.inside is None:
        given = [f"--size={asked.size}", f"--rounds={asked.rounds}", f"--long={asked.long}"]
        databases.once_for_each(asked.database or databases.KINDS, __file__, given)
        return
    databases.begin("ground.list_settings")  # pages find their files as they are
    with tempfile.TemporaryDirectory(prefix="concord-bench-") as folder:
        found = measure(asked.inside, asked.size, asked.rounds, Path(folder), peers=True)
        for goal in (*found, *beside(asked.inside, asked.long, Path(folder))):
            print(goal, flush=True)


def measure(kind: str, size: int, rounds: int, folder: Path, *, peers: bool) -> Iterator[Goal]:
    """The goals of one database; `peers` False leaves the other library out."""
    from ground import company
    from limits.rows_by_statement import rows_by_statement
    from peers import rows_in_bulk

    company.found()
    rows_in_bulk.prepare()
    sides: dict[str, Side] = {
        "limit": rows_by_statement,
        "rows": rows,
        "bulk_create": rows_in_bulk.bulk_create,
    }
    if peers:
        sides["tuned bulk"] = rows_in_bulk.tuned_bulk
    sides |= {"whole leads": whole, "the same again": whole, "changed": _changed}
    taken, busy = _rounds(sides, size, rounds, folder)
    for name, seconds in taken.items():
        rate = size / statistics.median(seconds)
        own = statistics.median(busy[name]) / size * 1e6
        print(f"{kind} {name}: {rate:,.0f} records/s, {spread(seconds)} for {size:,}; ", end="")
        print(f"{own:.1f} µs of this process's CPU a record")
    _print_shares(kind, files_of_leads.write(folder / "s.csv", size, prefix="s"))
    middle = {name: statistics.median(seconds) for name, seconds in taken.items()}
    ours = middle["rows"]
    yield Goal(f"{kind}-import-rows-times-bulk-create", middle["bulk_create"] / ours, ">=", 3)
    yield Goal(f"{kind}-import-rows-over-limit", ours / middle["limit"], "<=", 2)
    if peers:
        tuned = middle["tuned bulk"]
        yield Goal(f"{kind}-import-rows-times-tuned-bulk", tuned / ours, ">=", 8)
        whole_leads = tuned / middle["whole leads"]
        yield Goal(f"{kind}-import-whole-leads-times-tuned-bulk", whole_leads, ">=", 2)
    rows_in_bulk.clear()


def _rounds(
    sides: dict[str, Side], size: int, rounds: int, folder: Path
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """The seconds of each side in each round, by the clock and of this process's CPU: where
    others work on the machine, the second says more, but knows nothing of a server."""
    from peers import rows_in_bulk

    taken: dict[str, list[float]] = {name: [] for name in sides}
    busy: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(rounds + 1):
        path = files_of_leads.write(folder / f"r{turn}.csv", size, prefix=f"r{turn}")
        for name, side in sides.items():
            rows_in_bulk.empty()
            if name == "changed":
                files_of_leads.write(path, size, prefix=f"r{turn}", score=1_000)
            began, worked = time.perf_counter(), time.process_time()
            done = side(path)
            seconds, own = time.perf_counter() - began, time.process_time() - worked
            if done != (0 if name == "the same again" else size):
                raise SystemExit(f"{name}: {done} of {size}; its speed means nothing")
            if turn:  # the first one warms up
                taken[name].append(seconds)
                busy[name].append(own)
        path.unlink()
    return taken, busy


def rows(path: Path) -> int:
    """Our reading and checking, who is who in the file and in the table, and bare rows."""
    from django.db import transaction

    from leads.actions.imports import running
    from leads.actions.imports.sifting import Sifter

    source = running.open_file(path, {"source": "crm", "columns": files_of_leads.BARE})
    sifter, read, seen = Sifter(source, AT), source.read(), set[str]()
    with running.unwatched(), transaction.atomic():
        while some := list(islice(read, CHUNK)):
            _put(sifter.sift(some).arriving, seen)
            del some
    return len(seen)


def _put(arriving: list[Any], seen: set[str]) -> None:
    from peers.rows_in_bulk import COLUMNS, Row

    from leads.actions.imports import writing
    from portal import bulk

    found = {one.arrival.email_key: one for one in arriving}
    keys = [key for key in found if key and key not in seen]
    seen.update(keys)
    there = {key for (key,) in bulk.among(Row, "email", keys, told=["email"])}
    new = (_bare(key, found[key]) for key in keys if key not in there)
    writing.insert_values(Row, COLUMNS, new)


def _bare(key: str, one: Any) -> tuple[Any, ...]:
    told = one.arrival
    own = told.attributes
    return (
        key, told.name, told.company_name, own["status"], own["owner"], told.score,
        told.source, told.occurred_at, one.claims["offered"].at,
    )  # fmt: skip


def whole(path: Path) -> int:
    """An import as it is; how many leads are new."""
    return int(_imported(path).new)


def _changed(path: Path) -> int:
    return int(_imported(path).updated)


def _imported(path: Path) -> Any:
    from leads.actions import imports

    mapping = {"source": "crm", "columns": files_of_leads.WHOLE}
    return imports.import_file(path=path, mapping=mapping, at=AT, by=None, refuse=print)


def _print_shares(kind: str, path: Path) -> None:
    """What each part of an import of new leads costs."""
    spent: Counter[str] = Counter()
    with ExitStack() as stack:
        for part, name in PARTS.items():
            stack.enter_context(watched(name, part, spent))
        name = "leads.actions.imports.running.islice"
        stack.enter_context(mock.patch(name, _reading(spent)))
        began = time.perf_counter()
        whole(path)
        seconds = time.perf_counter() - began
    spent["the rest"] = seconds - spent.total()
    told = ", ".join(f"{part} {share / seconds:.0%}" for part, share in spent.most_common())
    print(f"{kind} shares of whole leads: {told}")


def _reading(spent: Counter[str]) -> Callable[[Any, int], Iterator[Any]]:
    def some(records: Any, count: int) -> Iterator[Any]:
        began = time.perf_counter()
        read = list(islice(records, count))
        spent["reading"] += time.perf_counter() - began
        return iter(read)

    return some


def beside(kind: str, size: int, folder: Path) -> Iterator[Goal]:
    """A long import in a process of its own, as the command runs, and how long the desk
    takes meanwhile; how long it takes alone is asked before and after, so that whatever else
    the machine does is on both sides."""
    from django.test import Client

    from portal.accounts.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.filter(name="Seller 00").get())
    for _ in range(5):
        _desk(client)
    alone = _alone(client)
    path = files_of_leads.write(folder / "long.csv", size, prefix="long")
    command = [sys.executable, __file__, "--inside", kind, "--alone", str(path)]
    began, busy = time.perf_counter(), list[float]()
    with subprocess.Popen(command, env=os.environ, stdout=subprocess.PIPE, text=True) as run:
        while run.poll() is None:
            busy.append(_desk(client))
            time.sleep(PAUSE)
        said = run.stdout.read() if run.stdout else ""
    seconds = time.perf_counter() - began
    if run.returncode:
        raise SystemExit(f"the long import ended with {run.returncode}")
    alone += _alone(client)
    print(f"{kind} {size:,} records beside the desk: {seconds:.0f} s; {said.strip()}")
    for name, taken in {"alone": alone, "beside the import": busy}.items():
        print(
            f"{kind} desk {name}: {spread(taken)}, p95 {percentile(taken, 0.95) * 1e3:.1f} ms"
        )
    times = statistics.median(busy) / statistics.median(alone)
    yield Goal(f"{kind}-desk-beside-import-over-alone", times, "<=", 1.5)
    peak = int(said.split("MB")[0].split()[-1])
    yield Goal(f"{kind}-import-of-{size}-peak-megabytes", peak, "<=", 300)


def _alone(client: Any) -> list[float]:
    """The desk's times with no import beside it, as often as it is asked beside one."""
    taken = []
    for _ in range(LOOKS):
        taken.append(_desk(client))
        time.sleep(PAUSE)
    return taken


def _desk(client: Any) -> float:
    began = time.perf_counter()
    answer = client.get("/desk/")
    if answer.status_code != 200:
        raise SystemExit(f"the desk answers {answer.status_code}")
    return time.perf_counter() - began


def _import_alone(path: Path) -> None:
    """In the process of the long import: what it took, and what it needed at most."""
    from leads.management.commands.import_leads import BEHIND

    os.nice(BEHIND)
    run = _imported(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{run.new:,} new of {run.records:,}, at most {peak} MB")


if __name__ == "__main__":
    main()
