"""What an action costs: statements, processor time, rows and bytes."""

import os
import pkgutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from django.apps import apps
from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")
INSERT = "portal.ledger.recording._insert"
PARTS = {"clock": "leads.actions.clocks.starting.start", "ledger": INSERT}
COMMIT = "django.db.backends.base.base.BaseDatabaseWrapper._commit"
LEDGER = "ledger_entry"


@dataclass(frozen=True)
class Step:
    """One step of a life: seconds, rows and bytes of each; entries of the ledger."""

    name: str
    statements: float
    portal: float
    database: float
    rows: float
    bytes: float
    entries: float

    def __str__(self) -> str:
        return (
            f"| {self.name} | {self.statements:.1f} | {self.portal * 1e3:.2f} |"
            f" {self.database * 1e3:.2f} | {self.rows:.1f} | {max(self.bytes, 0):,.0f} |"
        )


class Counting:
    """Counts what runs inside; `held` is how long each act had the end of the chain."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.times: Counter[str] = Counter()
        self.held: list[float] = []
        self.statements = 0
        self.took: float | None = None

    def step(
        self,
        name: str,
        many: int,
        act: Callable[[int], Any],
        *,
        of: Callable[[], int] | None = None,
    ) -> Step:
        """Do it so many times; of each, or of as many as `of` says afterwards."""
        before, self.statements = sizes(), 0
        portal, database = time.process_time(), _of_the_database()
        with self._watching():
            for number in range(many):
                act(number)
        portal, database = time.process_time() - portal, _of_the_database() - database
        statements = self.statements
        after = sizes()
        each = (of() if of else many) or 1
        rows = sum(one[0] for one in after.values()) - sum(one[0] for one in before.values())
        held = sum(one[1] for one in after.values()) - sum(one[1] for one in before.values())
        entries = after[LEDGER][0] - before[LEDGER][0]
        costs = (statements, portal, database, rows, held, entries)
        return Step(name, *(cost / each for cost in costs))

    def share(self, part: str) -> float:
        """Processor milliseconds of one of PARTS."""
        return self.spent[part] / max(self.times[part], 1) * 1e3

    @contextmanager
    def _watching(self) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(connection.execute_wrapper(self._count))
            for part, name in PARTS.items():
                stack.enter_context(
                    mock.patch(name, self._timed(part, pkgutil.resolve_name(name)))
                )
            commit = pkgutil.resolve_name(COMMIT)

            def committed(database: Any) -> None:
                commit(database)
                if self.took is not None:
                    self.held.append(time.perf_counter() - self.took)
                    self.took = None

            stack.enter_context(mock.patch(COMMIT, committed))
            yield

    def _count(self, execute: Any, *asked: Any) -> Any:
        self.statements += 1
        return execute(*asked)

    def _timed(self, part: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            began = time.process_time()
            if part == "ledger" and args[0]:
                self.took = time.perf_counter()
            try:
                return real(*args, **kwargs)
            finally:
                self.spent[part] += time.process_time() - began
                self.times[part] += len(args[0]) if part == "ledger" else 1

        return run


def _of_the_database() -> float:
    """Processor seconds of PostgreSQL's process that serves us; SQLite's are our own."""
    if connection.vendor == "sqlite":
        return 0.0
    with connection.cursor() as cursor, suppress(OSError):
        cursor.execute("SELECT pg_backend_pid()")
        stat = (
            Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(") ")[2].split()
        )
        return (int(stat[11]) + int(stat[12])) / TICKS
    return 0.0


def sizes() -> dict[str, tuple[int, int]]:
    """Rows and bytes, indexes included, of each table of the portal, vacuumed."""
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT s.tbl_name, sum(d.pgsize) FROM dbstat d"
                " JOIN sqlite_schema s ON s.name = d.name GROUP BY s.tbl_name"
            )
            held = dict(cursor.fetchall())
        else:
            cursor.execute("VACUUM")
            held = {}
            for table in tables:
                cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [f'"{table}"'])
                held[table] = cursor.fetchone()[0]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = (cursor.fetchone()[0], held.get(table, 0))
    return found
