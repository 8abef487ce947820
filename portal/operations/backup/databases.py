"""Dumping and loading a whole database, by the means that each kind brings along.

SQLite: its own online backup; copying the file would tear what is being written. PostgreSQL:
pg_dump and pg_restore of the same major release as the server or newer.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from django.db import connection

from portal.operations.backup.manifest import BackupRefused

NAME = "database"
_TIP = "SELECT seq, hash FROM ledger_entry ORDER BY seq DESC LIMIT 1"
_STEPS = "SELECT app, name FROM django_migrations ORDER BY app, name"


@dataclass(frozen=True)
class Dumped:
    """What stands in a dump: its database, the head of its ledger, its migrations."""

    database: str
    seq: int
    hash: str
    migrations: list[str]


def dump(target: Path) -> Dumped:
    """Write the database to `target` as it is at one moment, while others go on writing."""
    if connection.vendor == "sqlite":
        return _dump_sqlite(target)
    return _dump_postgresql(target)


def _dump_sqlite(target: Path) -> Dumped:
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        tip = copy.execute(_TIP).fetchone()
        return _dumped(f"SQLite {sqlite3.sqlite_version}", tip, copy.execute(_STEPS).fetchall())


def _dump_postgresql(target: Path) -> Dumped:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        # The moment is kept open for as long as pg_dump takes.
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            cursor.execute(_TIP)
            tip = cursor.fetchone()
            cursor.execute(_STEPS)
            steps = cursor.fetchall()
            options = ["--format=custom", "--no-owner", "--no-privileges"]
            _run("pg_dump", *options, f"--snapshot={snapshot}", f"--file={target}")
        finally:
            cursor.execute("ROLLBACK")
            cursor.execute("RESET idle_in_transaction_session_timeout")
    return _dumped(_server(), tip, steps)


def _server() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


def _dumped(database: str, tip: Any, steps: list[Any]) -> Dumped:
    seq, head = tip or (0, "")
    return Dumped(database, seq, head, [f"{app}.{name}" for app, name in steps])


@contextmanager
def loading(source: Path, *, replace: bool, of: int) -> Iterator[None]:
    """Load the dump; the caller's block sees it and can still change it before anybody else
    works on it; `of` is the number that it is told by. Raises BackupRefused where a company is
    already, unless it may be replaced.
    """
    if connection.vendor == "sqlite":
        with _loading_sqlite(source, replace=replace, of=of):
            yield
    else:
        _load_postgresql(source, replace=replace)
        yield


@contextmanager
def _loading_sqlite(source: Path, *, replace: bool, of: int) -> Iterator[None]:
    """The block works on a copy beside the database, which takes its place at the end; what
    was there is kept under another name."""
    place = Path(connection.settings_dict["NAME"])
    if _holds_something(place) and not replace:
        raise BackupRefused(f"{place} is there; say --replace to put it aside")
    fresh = place.with_name(f"{place.name}.restoring")
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, fresh)
    connection.close()
    connection.settings_dict["NAME"] = str(fresh)
    try:
        yield
    except BaseException:
        connection.close()
        _remove(fresh)
        raise
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(place)
    if place.exists():
        _set_aside(place, of)
    fresh.replace(place)


def _holds_something(place: Path) -> bool:
    """Whoever only looked has left a file without tables."""
    if not place.exists():
        return False
    with closing(sqlite3.connect(place)) as there:
        return there.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


def _set_aside(place: Path, of: int) -> None:
    """Under a name that no other has: what was there before entry `of` came back."""
    names = (f"{place.name}.before-{of}-{number}" for number in count(1))
    name = next(one for one in names if not place.with_name(one).exists())
    for suffix in ("", "-wal", "-shm"):
        one = place.with_name(place.name + suffix)
        if one.exists():
            one.replace(place.with_name(f"{name}{suffix}"))


def _remove(place: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)


def _load_postgresql(source: Path, *, replace: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        tables = cursor.fetchone()[0]
        if others:
            raise BackupRefused(f"{others} others are connected; stop the portal first")
        if tables and not replace:
            raise BackupRefused("the database is not empty; say --replace to overwrite it")
        if tables:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    connection.close()
    _run(
        "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
        "--single-transaction", f"--dbname={connection.settings_dict['NAME']}", str(source),
    )  # fmt: skip


def _run(program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs on our database. Raises BackupRefused with its words."""
    if shutil.which(program) is None:
        raise BackupRefused(f"{program} is not here; install PostgreSQL's client programs")
    said = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD",
             "PGDATABASE": "NAME"}  # fmt: skip
    mine = {name: str(said[key]) for name, key in names.items() if said[key]}
    if mode := said["OPTIONS"].get("sslmode"):
        mine["PGSSLMODE"] = mode
    done = subprocess.run(  # noqa: S603  # our own words; the password is in the environment
        [program, *options], env=os.environ | mine, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupRefused(f"{program}: {done.stderr.strip()[-500:]}")
