"""Real processes for a benchmark: a broker, Celery's workers and beat; none outlives it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parents[1]
PATIENCE = 60.0  # seconds that a process may take to start


@contextmanager
def broker(folder: Path) -> Iterator[str]:
    """A Redis-compatible server of our own while the block runs; yields its address."""
    from portal.demo.launcher.broker import EmbeddedBroker

    server = EmbeddedBroker(folder)
    try:
        with _process(server.command()):
            wait_until(server.answers, "the broker answers")
            yield server.url
    finally:
        server.clean_up()


@contextmanager
def celery(app: str, *words: str) -> Iterator[None]:
    """One of Celery's programs, with the environment of this process."""
    command = [sys.executable, "-m", "celery", "-A", app, "--quiet", *words]
    paths = os.pathsep.join([str(HERE), str(HERE.parent)])
    with _process(command, os.environ | {"PYTHONPATH": paths}):
        yield


def worker(app: str) -> object:
    """Two processes, as the demo and the peers' measurements have."""
    return celery(app, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle")


def wait_until(is_so: Callable[[], object], what: str) -> None:
    """Look every millisecond. Exits when it takes a minute."""
    until = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > until:
            raise SystemExit(f"waited in vain: {what}")
        time.sleep(0.001)


@contextmanager
def _process(
    command: Sequence[str], environment: dict[str, str] | None = None
) -> Iterator[None]:
    child = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
