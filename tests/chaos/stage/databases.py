"""Databases of a stage: files that are copied, or a PostgreSQL that can be killed."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests import migrated
from tests.chaos.stage.processes import HOST, Process, free_port, soon
from tools import postgres_lane


class Files:
    """SQLite: one file for each run, copied from the one that was founded."""

    kind = "sqlite"
    server = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.sqlite3"

    def make(self, name: str) -> str:
        migrated.copy_to(self.folder / f"{name}.sqlite3")
        return self.url(name)

    def copy(self, name: str) -> str:
        """A new database like the one called `founded`."""
        with (
            sqlite3.connect(self.folder / "founded.sqlite3") as source,
            sqlite3.connect(self.folder / f"{name}.sqlite3") as target,
        ):
            source.backup(target)
        return self.url(name)


class Cluster:
    """PostgreSQL on a port of its own, with fsync as it comes: on. `inside` begins a command
    where its `address` is."""

    kind = "postgresql"

    def __init__(self, folder: Path, address: str = HOST, inside: Sequence[str] = ()) -> None:
        self.port, self.folder, self.address = free_port(), folder, address
        self.data = folder / "data"
        command = [*inside, *self._command()]
        self.server = Process("postgres", command, os.environ, folder / "log")

    def _command(self) -> list[str]:
        options = {
            "listen_addresses": self.address,
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            "log_min_messages": "fatal",
        }
        pairs = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        server = [str(postgres_lane.binaries() / "postgres"), "-D", str(self.data)]
        command = [*server, "-p", str(self.port), *pairs]
        if os.geteuid() != 0:
            return command
        # PostgreSQL refuses to run as root. The process that is killed is the server itself.
        return ["setpriv", f"--reuid={postgres_lane.SYSTEM_USER}", "--regid=postgres",
                "--clear-groups", *command]  # fmt: skip

    def initialise(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, postgres_lane.SYSTEM_USER)
        postgres_lane.run(
            [postgres_lane.binaries() / "initdb", "-D", self.data, "-U", "concord", "-A",
             "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        )  # fmt: skip
        with (self.data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {self.address}/24 trust\n")

    def start(self) -> None:
        """Start, and wait until it has recovered; a lock that is not free yet is waited for."""

        def up() -> bool:
            if not self.server.is_running:
                self.server.start()
            return self.answers()

        assert soon(up), self.server.said()

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, name: str) -> str:
        return f"postgresql://concord@{self.address}:{self.port}/{name}"

    def make(self, name: str, template: str = "template1") -> str:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def copy(self, name: str) -> str:
        return self.make(name, "founded")


Databases = Files | Cluster


@contextmanager
def databases(kind: str) -> Iterator[Databases]:
    """Where databases of a kind live while the block runs."""
    folder = Path(tempfile.mkdtemp(prefix=f"concord-chaos-{kind}-"))
    try:
        if kind == "sqlite":
            yield Files(folder)
            return
        found = Cluster(folder)
        found.initialise()
        try:
            found.start()
            yield found
        finally:
            found.server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def whole(url: str) -> str:
    """What the database itself says of its pages: ok, or what is broken; for SQLite."""
    if not url.startswith("sqlite"):
        return "ok"
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
