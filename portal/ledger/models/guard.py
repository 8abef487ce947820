"""The database's own refusal to change evidence: triggers on the table of entries, and on
the tables that other apps add to GUARDED.

They stop a slip and a curious administrator. Whoever owns the database can drop them;
what finds *that* is the chain and its published heads.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Guarded:
    """A table whose rows are never changed or deleted. `name` begins that of its triggers."""

    table: str
    name: str
    key: str
    why: str


LEDGER = Guarded("ledger_entry", "ledger", "seq", "a ledger entry is never changed or deleted")
GUARDED = [LEDGER]


def guard(table: Guarded) -> None:
    """Count a table among the guarded ones; its own migration installs the triggers."""
    if table not in GUARDED:
        GUARDED.append(table)


def _sqlite(of: Guarded) -> list[str]:
    """REPLACE deletes without firing a delete trigger, hence the one before an insert."""
    refusal = f"BEGIN SELECT RAISE(ABORT, '{of.why}'); END"
    same = f"SELECT 1 FROM {of.table} WHERE {of.key} = NEW.{of.key}"  # noqa: S608
    return [
        f"CREATE TRIGGER {of.name}_no_update BEFORE UPDATE ON {of.table} {refusal}",
        f"CREATE TRIGGER {of.name}_no_delete BEFORE DELETE ON {of.table} {refusal}",
        f"CREATE TRIGGER {of.name}_no_replace BEFORE INSERT ON {of.table}"
        f" WHEN EXISTS ({same}) {refusal}",
    ]


def _postgresql(of: Guarded) -> list[str]:
    """A statement's trigger sees TRUNCATE too, and an UPDATE that meets no row. ALWAYS
    holds in a session that calls itself a replica as well."""
    return [
        f"CREATE FUNCTION {of.name}_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{of.why}' USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER {of.name}_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON {of.table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {of.name}_refuse()",
        f"ALTER TABLE {of.table} ENABLE ALWAYS TRIGGER {of.name}_guard",
    ]


def _removal(vendor: str, of: Guarded) -> list[str]:
    if vendor == "sqlite":
        what = ("update", "delete", "replace")
        return [f"DROP TRIGGER IF EXISTS {of.name}_no_{one}" for one in what]
    return [
        f"DROP TRIGGER IF EXISTS {of.name}_guard ON {of.table}",
        f"DROP FUNCTION IF EXISTS {of.name}_refuse()",
    ]


_COUNT = {
    "sqlite": "SELECT count(*) = 3 FROM sqlite_master WHERE type = 'trigger'"
    " AND tbl_name = '{table}' AND name LIKE '{name}\\_no\\_%' ESCAPE '\\'",
    "postgresql": "SELECT count(*) = 1 FROM pg_trigger WHERE tgname = '{name}_guard'"
    " AND tgrelid = to_regclass('{table}') AND tgenabled = 'A'",
}


def install(connection: BaseDatabaseWrapper, of: Guarded = LEDGER) -> None:
    _run(connection, (_sqlite if connection.vendor == "sqlite" else _postgresql)(of))


def remove(connection: BaseDatabaseWrapper, of: Guarded = LEDGER) -> None:
    _run(connection, _removal(connection.vendor, of))


def stands(connection: BaseDatabaseWrapper) -> bool:
    """Whether the triggers of every guarded table are there and switched on."""
    return all(_stands(connection, of) for of in GUARDED)


def _stands(connection: BaseDatabaseWrapper, of: Guarded) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT[connection.vendor].format(table=of.table, name=of.name))
        return bool(cursor.fetchone()[0])


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """The tables without their triggers: for emptying a database that is thrown away."""
    there = [of for of in GUARDED if _stands(connection, of)]
    _check(connection, "IMMEDIATE")
    for of in GUARDED:
        remove(connection, of)
    try:
        yield
    finally:
        for of in there:
            install(connection, of)
        _check(connection, "DEFERRED")


def _check(connection: BaseDatabaseWrapper, when: str) -> None:
    """PostgreSQL alters no table whose foreign keys wait to be checked at commit."""
    if connection.vendor == "postgresql":
        _run(connection, [f"SET CONSTRAINTS ALL {when}"])


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
