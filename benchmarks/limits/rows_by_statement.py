"""The least that putting the rows of a file into a table costs: `executemany` on SQLite, and
on PostgreSQL COPY into a table of its own, then one INSERT. Each row is checked and its
address looked for among those before; nothing is made of it but its columns."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from peers.rows_in_bulk import COLUMNS, Row

STATES = {"new", "open", "working", "won", "lost"}
TABLE, NAMES = Row._meta.db_table, ", ".join(COLUMNS)
TYPES = "text, text, text, text, int, int, text, timestamptz, timestamptz"


def rows_by_statement(path: Path) -> int:
    """Insert all rows of the file; return how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return _executemany(cursor, path)
        return _copy(cursor, path)


def _executemany(cursor: Any, path: Path) -> int:
    marks = ", ".join(["%s"] * len(COLUMNS))
    statement = f"INSERT INTO {TABLE} ({NAMES}) VALUES ({marks}) ON CONFLICT DO NOTHING"
    cursor.executemany(statement, _checked(path))
    return int(cursor.rowcount)


def _copy(cursor: Any, path: Path) -> int:
    typed = ", ".join(map(" ".join, zip(COLUMNS, TYPES.split(", "), strict=True)))
    cursor.execute(f"CREATE TEMP TABLE stage ({typed}) ON COMMIT DROP")
    with cursor.copy(f"COPY stage ({NAMES}) FROM STDIN") as copy:
        for row in _checked(path):
            copy.write_row(row)
    cursor.execute(
        f"INSERT INTO {TABLE} ({NAMES}) SELECT {NAMES} FROM stage ON CONFLICT DO NOTHING"
    )
    return int(cursor.rowcount)


def _checked(path: Path) -> Iterator[tuple[Any, ...]]:
    seen: set[str] = set()
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for _, email, name, company, status, owner, score, source, created, due in rows:
            key = email.strip().lower()
            wrong = "@" not in key or status not in STATES
            if wrong or key in seen or not (owner.isdigit() and score.isdigit()):
                continue
            seen.add(key)
            yield (
                key, name, company, status, int(owner), int(score), source,
                f"{created[:10]} {created[11:19]}", f"{due[:10]} {due[11:19]}",
            )  # fmt: skip
