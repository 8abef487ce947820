"""The database's own refusal to change the ledger: triggers on the entry table.

They stop a slip and a curious administrator. Whoever owns the database can drop them;
what finds *that* is the chain and its published heads.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

WHY = "a ledger entry is never changed or deleted"

# REPLACE deletes without firing a delete trigger, hence the one before an insert.
_SQLITE = [
    f"CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger_entry"
    f" BEGIN SELECT RAISE(ABORT, '{WHY}'); END",
    f"CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger_entry"
    f" BEGIN SELECT RAISE(ABORT, '{WHY}'); END",
    "CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger_entry"  # noqa: S608
    " WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE seq = NEW.seq)"
    f" BEGIN SELECT RAISE(ABORT, '{WHY}'); END",
]
# A statement's trigger sees TRUNCATE too, and an UPDATE that meets no row. ALWAYS holds
# in a session that calls itself a replica as well.
_POSTGRESQL = [
    f"CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{WHY}' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER ledger_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
    "ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_guard",
]
_INSTALL = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
_REMOVE = {
    "sqlite": [
        f"DROP TRIGGER IF EXISTS ledger_no_{what}" for what in ("update", "delete", "replace")
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS ledger_guard ON ledger_entry",
        "DROP FUNCTION IF EXISTS ledger_refuse()",
    ],
}
_COUNT = {
    "sqlite": "SELECT count(*) = 3 FROM sqlite_master WHERE type = 'trigger'"
    " AND tbl_name = 'ledger_entry' AND name LIKE 'ledger\\_no\\_%' ESCAPE '\\'",
    "postgresql": "SELECT count(*) = 1 FROM pg_trigger WHERE tgname = 'ledger_guard'"
    " AND tgrelid = 'ledger_entry'::regclass AND tgenabled = 'A'",
}


def install(connection: BaseDatabaseWrapper) -> None:
    _run(connection, _INSTALL[connection.vendor])


def remove(connection: BaseDatabaseWrapper) -> None:
    _run(connection, _REMOVE[connection.vendor])


def stands(connection: BaseDatabaseWrapper) -> bool:
    """Whether the triggers are there and switched on."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT[connection.vendor])
        return bool(cursor.fetchone()[0])


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """The table without its triggers: for emptying a database that is thrown away."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
