"""The launcher, started for real: it answers, and leaves no process behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path

import pytest

from portal.demo.launcher.child import Child
from portal.demo.launcher.supervisor import OFTEN, Supervisor
from portal.demo.launcher.terminal import Terminal
from portal.settings.environment import sqlite_in
from tests import migrated

ROOT = Path(__file__).parents[2]
PATIENCE = 400.0  # seconds; a slow machine is no failure, a process that stays is


def soon(true: Callable[[], bool]) -> bool:
    """Whether it became true before our patience ended."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.1)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Launched:
    """One launcher with a folder and a port of its own."""

    def __init__(self, data: Path, through_make: bool = False) -> None:
        self.data, self.port = data, free_port()
        self.log = data / "log"
        data.mkdir(exist_ok=True)
        environment = os.environ | {
            "DATA_DIR": str(data),
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "portal.settings.local",
            "DATABASE_URL": "",
            "REDIS_URL": "",
        }
        for name in ("MAKELEVEL", "PYTHONDONTWRITEBYTECODE"):
            environment.pop(name, None)
        command = [sys.executable, "manage.py", "start"]
        if through_make:
            makefile = data / "Makefile"
            makefile.write_text(f"start:\n\t@{' '.join(command)}\n")
            command = ["make", "-f", str(makefile), "start"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def said(self) -> str:
        return self.log.read_text()

    def fetch(self, path: str) -> int:
        url = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(url, timeout=5) as response:
            status: int = response.status
            return status

    def sweeps(self) -> bool:
        try:
            return self.fetch("/healthz/sweep") == 200
        except urllib.error.HTTPError:
            return False

    def answer(self, path: str) -> int | None:
        """The status, or None where nobody answered."""
        try:
            return self.fetch(path)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def is_up(self) -> bool:
        return "Ctrl-C stops it." in self.said()

    def left(self) -> list[int]:
        """Every living process that was started with our folder in its environment."""
        return [
            pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if self.owns(pid)
        ]

    def owns(self, pid: int) -> bool:
        # The broker writes its title over its environment, but it works in our folder.
        folder = f"{self.data}/broker"
        mine = f"DATA_DIR={self.data}\0".encode() in read(pid, "environ")
        return mine or works_in(pid) == folder

    def named(self, word: str) -> list[int]:
        return [pid for pid in self.left() if word.encode() in read(pid, "cmdline")]


def read(pid: int, what: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:
        return b""


def works_in(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/cwd").readlink())
    except OSError:
        return ""


@contextmanager
def clicking(launched: Launched) -> Iterator[list[int | None]]:
    """Somebody who loads pages, one after the other, while the block runs."""
    answers: list[int | None] = []
    done = threading.Event()

    def click() -> None:
        for path in cycle(["/accounts/login/", "/healthz/ready", "/"]):
            if done.is_set():
                return
            answers.append(launched.answer(path))

    clicks = threading.Thread(target=click)
    clicks.start()
    try:
        yield answers
    finally:
        done.set()
        clicks.join()


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[..., Launched]]:
    started: list[Launched] = []
    data = tmp_path / "data"

    def start(through_make: bool = False, anew: bool = False) -> Launched:
        """`anew`: with no tables, which the other tests need not wait for again."""
        if not anew and not started:
            data.mkdir()
            migrated.copy_to(Path(sqlite_in(data).removeprefix("sqlite:///")))
        started.append(Launched(data, through_make))
        return started[-1]

    yield start
    for launched in started:
        for pid in launched.left():
            os.kill(pid, signal.SIGKILL)
        launched.process.wait()


@pytest.mark.chaos
def test_it_answers_shows_the_way_in_and_stops_without_a_trace(launch):
    launched = launch(anew=True)
    assert soon(launched.is_up), launched.said()
    link = re.search(r"/setup/\S+/", launched.said())

    assert launched.fetch("/healthz/live") == 200
    assert link is not None
    assert launched.fetch(link[0]) == 200
    assert soon(lambda: launched.sweeps()), launched.said()

    launched.process.send_signal(signal.SIGTERM)
    assert launched.process.wait(PATIENCE) == 0
    assert launched.left() == []


@pytest.mark.chaos
def test_a_second_start_keeps_the_data(launch):
    first = launch()
    assert soon(first.is_up), first.said()
    key = (first.data / "secret_key").read_text()
    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(PATIENCE) == 0
    first.log.write_text("")

    second = launch()

    assert soon(second.is_up), second.said()
    assert (second.data / "secret_key").read_text() == key


@pytest.mark.chaos
def test_a_killed_launcher_leaves_no_process_behind(launch):
    launched = launch()
    assert soon(launched.is_up), launched.said()
    assert len(launched.left()) > 5

    launched.process.send_signal(signal.SIGKILL)
    launched.process.wait()

    assert soon(lambda: launched.left() == [])


@pytest.mark.chaos
def test_a_killed_make_takes_the_launcher_with_it(launch):
    launched = launch(through_make=True)
    assert soon(launched.is_up), launched.said()

    launched.process.send_signal(signal.SIGKILL)
    launched.process.wait()

    assert soon(lambda: launched.left() == [])


@pytest.mark.chaos
def test_any_process_may_be_killed_while_one_clicks_and_no_page_shows_an_error(launch):
    launched = launch()
    assert soon(launched.is_up), launched.said()
    with clicking(launched) as answers:
        for role in ("worker", "valkey", "beat", "granian"):
            before = launched.named(role)
            answers.clear()
            os.kill(min(before), signal.SIGKILL)
            assert soon(lambda role=role, old=before: set(launched.named(role)) - set(old))
            since = len(answers)  # what is answered from now on, is so without the old one
            assert soon(lambda since=since: answers[since:][-3:] == [200] * 3), launched.said()
            assert set(answers) <= {200, None}, "None: no connection while the web came back"
            assert role == "granian" or None not in answers

    assert soon(launched.sweeps), launched.said()
    assert launched.said().count("ended (exit code -9). Starting it again.") == 4
    assert "Traceback" not in launched.said()


@pytest.mark.chaos
def test_a_process_that_does_not_stay_up_stops_all_and_the_terminal_says_which(launch):
    launched = launch()
    assert soon(launched.is_up), launched.said()

    def gave_up() -> bool:
        for beat in launched.named("beat"):
            with suppress(ProcessLookupError):
                os.kill(beat, signal.SIGKILL)
        return launched.process.poll() is not None

    assert soon(gave_up), launched.said()
    assert launched.process.returncode == 1
    assert launched.left() == []
    assert "beat ended again and again (exit code -9). Stopping." in launched.said()


@pytest.mark.chaos
def test_a_taken_port_and_a_folder_in_use_are_refused_politely(launch, tmp_path):
    launched = launch()
    assert soon(launched.is_up), launched.said()
    command = [sys.executable, "manage.py", "start"]
    settings = {"DJANGO_SETTINGS_MODULE": "portal.settings.local", "DATABASE_URL": ""}

    def refused(data: Path, port: int) -> str:
        environment = os.environ | settings | {"DATA_DIR": str(data), "PORT": str(port)}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 1
        return done.stdout

    assert f"Port {launched.port} is taken" in refused(tmp_path / "other", launched.port)
    assert "running already" in refused(launched.data, free_port())


class Listener(Terminal):
    """A terminal that remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def relay(self, name: str, line: str) -> None:
        self.lines.append(f"{name}: {line}")


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    supervisor = Supervisor(Listener())
    yield supervisor
    supervisor.stop()


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_each_line_is_relayed_whole_and_with_the_name_of_who_said_it(supervisor):
    code = "import sys; print('one'); print('two', file=sys.stderr); print('thr', end='ee')"

    exit_code = supervisor.run("web", python(code), os.environ | {"PYTHONUNBUFFERED": "1"})

    assert exit_code == 0
    assert supervisor.terminal.lines == ["web: one", "web: two", "web: three"]


def test_processes_are_stopped_in_the_reverse_order_of_their_start(supervisor):
    says_goodbye = (
        "import signal, sys\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('bye'), sys.exit()))\n"
        "print('here', flush=True)\nsignal.pause()"
    )
    for name in ("broker", "worker", "web", "beat"):
        supervisor.start(name, python(says_goodbye), os.environ)
    supervisor.wait_for(lambda: len(supervisor.terminal.lines) == 4, until=float("inf"))
    supervisor.terminal.lines.clear()

    supervisor.stop()

    said = supervisor.terminal.lines
    assert said == ["beat: bye", "web: bye", "worker: bye", "broker: bye"]


def test_who_ends_by_itself_is_started_again_and_named_if_it_does_not_stay(supervisor, capsys):
    supervisor.start("web", python("import signal; signal.pause()"), os.environ)
    supervisor.start("worker", python("raise SystemExit(3)"), os.environ)

    ended: Child | None = supervisor.watch()

    assert ended is not None
    assert (ended.name, ended.exit_code) == ("worker", 3)
    assert (
        capsys.readouterr().out.splitlines()
        == ["worker ended (exit code 3). Starting it again."] * OFTEN
    )


def test_a_process_that_is_started_again_is_stopped_in_its_old_order(supervisor):
    for name in ("broker", "web"):
        supervisor.start(name, python("import signal; signal.pause()"), os.environ)
    first = supervisor.children[0]
    first.process.kill()

    first.process.wait()
    assert supervisor._again(first)

    assert [child.name for child in supervisor.children] == ["broker", "web"]
    assert supervisor.children[0].exit_code is None


def test_what_a_process_started_is_ended_with_it(supervisor):
    code = (
        "import subprocess, sys, signal\n"
        "p = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])\n"
        "print(p.pid, flush=True); signal.pause()"
    )
    supervisor.start("worker", python(code), os.environ)
    supervisor.wait_for(lambda: bool(supervisor.terminal.lines), until=float("inf"))
    grandchild = int(supervisor.terminal.lines[0].partition(": ")[2])

    supervisor.stop()

    assert soon(lambda: read(grandchild, "cmdline") == b"")
