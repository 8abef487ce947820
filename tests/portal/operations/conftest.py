"""A company in a database of its own, which may be destroyed."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection, connections

from portal import ledger
from portal.ledger.genesis import forget_what_is_known
from tests.factories import MONDAY_NINE


class Company:
    """Where it is kept, and how it goes."""

    def __init__(self, settings, folder: Path) -> None:
        self.settings, self.folder = settings, folder
        self.usual = str(connection.settings_dict["NAME"])
        self.name = str(folder / "company.sqlite3")
        if connection.vendor == "postgresql":
            self.name = f"{self.usual}_drill"

    def open(self) -> None:
        """A copy of the migrated, empty database."""
        connections.close_all()
        if connection.vendor == "sqlite":
            shutil.copyfile(self.usual, self.name)
        else:
            self._command(f'DROP DATABASE IF EXISTS "{self.name}"')
            self._command(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.usual}"')
        connection.settings_dict["NAME"] = self.name
        forget_what_is_known()
        ledger.open_ledger(simulated=False, at=MONDAY_NINE)

    def destroy(self) -> None:
        """The disk is gone: an empty one is in its place."""
        connections.close_all()
        if connection.vendor == "sqlite":
            for file in self.folder.glob("company.sqlite3*"):
                file.unlink()
        else:
            self._command(f'DROP DATABASE "{self.name}" WITH (FORCE)')
            self._command(f'CREATE DATABASE "{self.name}"')

    def close(self) -> None:
        connections.close_all()
        connection.settings_dict["NAME"] = self.usual
        forget_what_is_known()
        if connection.vendor == "postgresql":
            self._command(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _command(self, words: str) -> None:
        """By another database of the same server."""
        with connection._nodb_cursor() as cursor:
            cursor.execute(words)

    @staticmethod
    def sent() -> Counter[str]:
        """How often each key left by mail."""
        return Counter(one.extra_headers["Message-ID"] for one in mail.outbox)


@pytest.fixture
def company(settings, tmp_path, transactional_db) -> Iterator[Company]:
    settings.FILES_DIR = tmp_path / "data" / "files"
    settings.LEDGER_HEADS_FILE = tmp_path / "elsewhere.jsonl"
    settings.FILES_DIR.mkdir(parents=True)
    made = Company(settings, tmp_path)
    made.open()
    try:
        yield made
    finally:
        made.close()
