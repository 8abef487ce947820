"""One process that the launcher starts, and that never outlives it."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[3]
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def die_with_parent(parent: int) -> None:
    """Ask the kernel to end this process when `parent` is gone, however that happened."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal.SIGTERM)


def _orphan_guard() -> Callable[[], None]:
    launcher = os.getpid()
    return lambda: die_with_parent(launcher)


class Child:
    """A running process, in a session of its own: a terminal's Ctrl-C does not reach it."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str]
    ) -> None:
        self.name, self.command, self.environment = name, command, environment
        self.process = subprocess.Popen(  # noqa: S603  # our own commands
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_orphan_guard(),  # the launcher has one thread
        )
        assert self.process.stdout is not None  # noqa: S101  # for the type checker
        self.output = self.process.stdout
        os.set_blocking(self.output.fileno(), False)
        self.silent = False  # it has closed its output
        self._rest = b""

    @property
    def exit_code(self) -> int | None:
        return self.process.poll()

    def lines(self) -> list[str]:
        """The whole lines written since the last call; at the end, the last one as it is."""
        ended = self.exit_code is not None
        with suppress(BlockingIOError):
            while chunk := os.read(self.output.fileno(), 65536):
                self._rest += chunk
            self.silent = True
        whole, newline, self._rest = self._rest.rpartition(b"\n")
        if ended or self.silent:
            whole, self._rest = whole + newline + self._rest, b""
        return whole.decode(errors="replace").splitlines()

    def ask_to_stop(self) -> None:
        if self.exit_code is None:
            self.process.send_signal(signal.SIGTERM)

    def kill_group(self) -> None:
        """End it and whatever it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
