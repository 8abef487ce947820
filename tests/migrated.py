"""A database is migrated once; each process of the tests begins with a copy of it.

Migrating takes a process ten seconds, most of them Python's. For SQLite the copy stays for
the next run, under a name that tells everything it was made from.
"""

import fcntl
import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".pytest_cache" / "migrated"
# Migrations, what they import of ours, and the versions of everybody else's.
MADE_FROM = (
    "*/migrations/*.py", "portal/*/migrations/*.py", "portal/ledger/kinds.py",
    "portal/ledger/models/guard.py", "sla/models/signature.py", "leads/core/identity*.py",
    "requirements.txt", "tests/migrated.py",
)  # fmt: skip


def name() -> str:
    """Another one for each state of what a new database is made from."""
    made = hashlib.sha256()
    for path in sorted(path for pattern in MADE_FROM for path in ROOT.glob(pattern)):
        made.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return f"concord_{made.hexdigest()[:20]}"


def copy_to(path: Path) -> None:
    """Begin an SQLite database as one that somebody has migrated, where a run of the tests
    has kept such a one. What migrates it finds nothing to do then.
    """
    with suppress(FileNotFoundError):
        path.write_bytes((FOLDER / f"{name()}.sqlite3").read_bytes())


class Migrated:
    """What one process takes its copy from, or makes for the others while they wait."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection, self.name = connection, name()
        self.creation: Any = connection.creation
        self.is_sqlite = connection.vendor == "sqlite"
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.file = FOLDER / f"{self.name}.sqlite3"
        self.lock = (FOLDER / f"{connection.vendor}.lock").open("w")
        self.is_copied = self.is_maker = False

    def take(self) -> None:
        """Copy it if it is there; else nobody passes until `give` is called."""
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.is_copied = self._copied() if self.is_sqlite else self._named_as_template()
        if self.is_copied:
            self.lock.close()

    def give(self) -> None:
        """Keep this process's database, now migrated, for the others."""
        if self.is_copied:
            return
        if self.is_sqlite:
            self._keep_file()
        else:
            self.connection.close()
            with self.creation._nodb_cursor() as cursor:
                own = self.connection.settings_dict["NAME"]
                cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{own}"')
            self.is_maker = True
        self.lock.close()

    def forget(self) -> None:
        """Leave no database behind on a server."""
        if self.is_maker:
            with self.creation._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}"')

    def _copied(self) -> bool:
        with suppress(FileNotFoundError):
            Path(self.creation._get_test_db_name()).write_bytes(self.file.read_bytes())
            return True
        return False

    def _named_as_template(self) -> bool:
        with self.creation._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
            if cursor.fetchone() is None:
                return False
        self.connection.settings_dict["TEST"]["TEMPLATE"] = self.name
        return True

    def _keep_file(self) -> None:
        for old in FOLDER.glob("*.sqlite3"):
            old.unlink(missing_ok=True)
        draft = self.file.with_suffix(f".{os.getpid()}")
        with suppress(FileNotFoundError):
            draft.unlink()
        with self.connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(draft)])
        draft.rename(self.file)
