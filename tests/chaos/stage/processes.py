"""Processes of a stage: started, killed with all they started, started again."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

ROOT = Path(__file__).parents[3]
PATIENCE = 180.0  # seconds; a slow machine is no failure
HOST = "127.0.0.1"
IN_FULL = 2  # starts of each process of a run by its own command; further ones are forked


def soon(true: Callable[[], object], patience: float = PATIENCE) -> bool:
    """Whether it became true before our patience ended.

    What takes long to ask is asked less often, so that asking takes no time from what is
    waited for.
    """
    until = time.monotonic() + patience
    while (asked := time.monotonic()) < until:
        if true():
            return True
        time.sleep(min(0.05 + 2 * (time.monotonic() - asked), 1))
    return bool(true())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int, host: str = HOST) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


class Forked:
    """A process that a zygote started and that is nobody's child here; asked as Popen is."""

    def __init__(self, pid: int) -> None:
        self.pid, self.handle = pid, os.pidfd_open(pid)
        self.has_ended = False

    def poll(self) -> int | None:
        """None while it lives. How it ended only its parent is told."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        if self._ended(timeout) is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return 0

    def terminate(self) -> None:
        if self.poll() is None:
            signal.pidfd_send_signal(self.handle, signal.SIGTERM)

    def _ended(self, timeout: float | None) -> int | None:
        if not self.has_ended and select.select([self.handle], [], [], timeout)[0]:
            os.close(self.handle)
            self.has_ended = True
        return 0 if self.has_ended else None


class Process:
    """A command that can be killed and started again; its output goes to a file.

    With a `zygote`, every start but the first two is forked from it.
    """

    starts = 0
    zygote: "Zygote | None" = None

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> None:
        self.name, self.command = name, list(command)
        self.environment, self.log = dict(environment), log
        self.process: subprocess.Popen[bytes] | Forked | None = None

    def start(self) -> "Process":
        self.starts += 1
        is_python = self.command[0] == sys.executable
        if self.zygote is not None and is_python and self.starts > IN_FULL:
            self.process = self.zygote.start(self.command[1:], self.log)
            return self
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> bool:
        """SIGKILL to it and all it started; whether it was running until then."""
        if self.process is None:
            return False
        was_running = self.is_running
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return was_running

    def stop(self) -> None:
        """Ask it to end, then insist."""
        if self.process is not None and self.is_running:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
        self.kill()

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Zygote:
    """Asks the forking process of `zygote.py` for acts; see there."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.log, self.lock = log, Lock()
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.stage.zygote"],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )

    def start(self, words: Sequence[str], log: Path) -> Forked:
        """`python` with these words, by a process that has imported the portal already."""
        return Forked(self.ask({"start": list(words), "log": str(log)})["pid"])

    def ask(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What became of a process that was asked to do this."""
        assert self.process.stdin
        assert self.process.stdout
        with self.lock:
            self.process.stdin.write(json.dumps(asked) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        assert line, self.log.read_text()
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
