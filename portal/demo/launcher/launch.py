"""The whole launch: look before, prepare, start in order, watch, stop in order."""

import errno
import http.client
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from portal.demo.launcher.broker import EmbeddedBroker
from portal.demo.launcher.child import die_with_parent
from portal.demo.launcher.company import Company, is_empty
from portal.demo.launcher.lock import CannotStart, only_one_in
from portal.demo.launcher.reset import throw_away
from portal.demo.launcher.supervisor import Interrupted, Supervisor
from portal.demo.launcher.terminal import Terminal
from portal.errors import DomainError

HOST = "127.0.0.1"
START_WITHIN = 60.0  # seconds; longer is said
AT_MOST = 15 * 60.0  # a machine that is busy with something else is waited for
WEB_THREADS = "4"
WORKERS = "2"


def run(company: Company) -> int:
    """Run the portal until it is asked to stop; return the exit code."""
    if "MAKELEVEL" in os.environ:  # started by make: end with it
        die_with_parent(os.getppid())
    terminal = Terminal()
    supervisor = Supervisor(terminal)
    supervisor.listen()
    try:
        _refuse_production()
        _refuse_a_taken_port(settings.PORT)
        with only_one_in(settings.DATA_DIR):
            return _run(company, supervisor)
    except Interrupted:
        return 0
    except DomainError as refusal:
        terminal.say(str(refusal))
        return 1


def _run(company: Company, supervisor: Supervisor) -> int:
    environment = _environment()
    try:
        _prepare(company, supervisor, environment)
        with _broker(supervisor, environment) as url:
            return _serve(company, supervisor, environment | {"REDIS_URL": url})
    finally:
        supervisor.stop()


def _environment() -> dict[str, str]:
    return os.environ | {
        "DATA_DIR": str(settings.DATA_DIR),
        "PORT": str(settings.PORT),
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "PYTHONUNBUFFERED": "1",
    }


def _refuse_production() -> None:
    if not settings.SIMULATION_ALLOWED:
        raise CannotStart(
            "The launcher is for one machine and its own settings (portal.settings.local)."
            " For production see deploy/environment.md."
        )


def _refuse_a_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            raise CannotStart(
                f"Port {port} is taken. Choose another one: write PORT={port + 1} behind"
                " `make start` or `make demo`."
            ) from error


def _prepare(company: Company, supervisor: Supervisor, environment: dict[str, str]) -> None:
    terminal = supervisor.terminal
    terminal.say("Preparing the database and the static files.")
    if company.fill and _half_made().exists():
        terminal.say("The demo company was not finished last time; it begins anew.")
        throw_away()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    company.check()
    if company.fill and is_empty():
        terminal.say("Making the demo company. This takes up to a minute, once.")
        _fill(company.fill, supervisor, environment)
    connections.close_all()


def _half_made() -> Path:
    """Lies in the folder while a company is being made; stays there if that was cut short."""
    return settings.DATA_DIR / "half-made"


def _fill(command: str, supervisor: Supervisor, environment: dict[str, str]) -> None:
    _half_made().touch()
    code = supervisor.run("demo", _manage(command), environment)
    if code:
        raise CannotStart(f"The demo company could not be made (exit code {code}).")
    _half_made().unlink()


def _manage(*words: str) -> list[str]:
    return [sys.executable, "manage.py", *words]


@contextmanager
def _broker(supervisor: Supervisor, environment: dict[str, str]) -> Iterator[str]:
    """The broker of REDIS_URL, or one of our own while the block runs; yields its address."""
    if settings.REDIS_URL:
        yield settings.REDIS_URL
        return
    broker = EmbeddedBroker(settings.DATA_DIR / "broker")
    try:
        supervisor.start("broker", broker.command(), environment)
        _wait(supervisor, broker.answers, "The embedded broker")
        yield broker.url
    finally:
        supervisor.stop()  # the broker goes last, and its socket after it
        broker.clean_up()


def _serve(company: Company, supervisor: Supervisor, environment: dict[str, str]) -> int:
    celery = [sys.executable, "-m", "celery", "-A", "portal.celery", "--quiet"]
    worker = ["worker", "--concurrency", WORKERS, "--without-gossip", "--without-mingle"]
    supervisor.start("worker", [*celery, *worker], environment)
    supervisor.start("web", _web(), environment)
    supervisor.start("beat", [*celery, "beat", "--pidfile="], environment)
    _wait(supervisor, _web_answers, "The web server")
    _greet(company, supervisor.terminal)
    ended = supervisor.watch()
    if ended is None:
        supervisor.terminal.say("Stopping.")
        return 0
    supervisor.terminal.say(
        f"{ended.name} ended again and again (exit code {ended.exit_code}). Stopping."
    )
    return 1


def _wait(supervisor: Supervisor, answers: Callable[[], bool], what: str) -> None:
    """Until it answers; after a minute it is said that this takes long. Raises CannotStart
    once a process ended meanwhile, or after `AT_MOST`."""

    def is_over() -> bool:
        return answers() or any(one.exit_code is not None for one in supervisor.children)

    begun = time.monotonic()
    if supervisor.wait_for(answers, begun + START_WITHIN):
        return
    supervisor.terminal.say(f"{what} takes long to start: this machine is busy. Waiting on.")
    if not (supervisor.wait_for(is_over, begun + AT_MOST) and answers()):
        raise CannotStart(
            f"{what} did not start. What it said stands above; start once more,"
            " with less beside it."
        )


def _web() -> list[str]:
    options = ["--interface", "wsgi", "--host", HOST, "--port", str(settings.PORT)]
    quiet = ["--log-level", "warning", "--no-ws", "--blocking-threads", WEB_THREADS]
    return [sys.executable, "-m", "granian", *options, *quiet, "portal.wsgi:application"]


def _web_answers() -> bool:
    web = http.client.HTTPConnection(HOST, settings.PORT, timeout=5)
    try:
        web.request("GET", "/healthz/ready")
        return web.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        web.close()


def _greet(company: Company, terminal: Terminal) -> None:
    terminal.say()
    terminal.say(f"Concord is running at {settings.BASE_URL}")
    for line in company.greeting(settings.BASE_URL):
        terminal.say(line)
    terminal.say("Ctrl-C stops it.")
    terminal.say()
