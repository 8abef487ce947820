"""Every command that a page prints is run, or understood by what it calls, or named here."""

import re
import subprocess
from functools import cache

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandError

from tests.docs.commands import EVERY, ROOT, SETTING, Command
from tests.docs.prepared import RUN

# Words of the reader, or of the system: they need another machine, root or a network.
BESIDE = {
    "docker": "containers: tests/deploy reads the file, tests/chaos starts its processes",
    "useradd": "changes the machine's accounts",
    "install": "writes to /etc",
    "cp": "copies what tests/deploy reads",
    "chmod": "the reader's own file",
    "for": "the shell's own: makes the reader's secrets",
    "touch": "the reader's own file",
    "psql": "speaks to the reader's server; tests/portal/test_ledger_parts.py runs the file",
    "systemctl": "needs systemd; tests/deploy reads each unit",
    "runuser": "needs root",
    "cd": "the reader's own folder",
    "set": "the shell's own; tests/deploy reads the example of the file",
    "export": "the shell's own",
    "pip": "installs: `tools/setup` does the same for every run of the tests",
    "granian": "tests/chaos/test_deployed.py starts it so",
    "celery": "tests/chaos/test_deployed.py starts it so",
    "venv": "makes the folder that these tests run from",
}
# What commands print, beside them.
PRINTED = re.compile(
    r"^(\d+ records: |why: |\S+\.csv: |\w+_date: )", re.M
)  # fmt: skip
MAKEFILE = (ROOT / "Makefile").read_text()


def ids(command: Command) -> str:
    return f"{command.page}: {command.line[:50]}"


@cache
def dry(target: str) -> str:
    """What make says to a target without doing it; empty where it would do it."""
    done = subprocess.run(
        ["make", "-n", "--no-print-directory", target], cwd=ROOT, capture_output=True, text=True
    )
    return done.stderr if done.returncode else ""


def make(command: Command) -> str:
    targets = [one for one in command.given if "=" not in one]
    names = [one.partition("=")[0] for one in command.given if "=" in one]
    known = [name for name in names if f"$({name})" in MAKEFILE or f"{name} :=" in MAKEFILE]
    return "".join(map(dry, targets)) + " ".join(set(names) - set(known))


def managed(command: Command) -> str:
    name, *rest = command.given
    app = get_commands().get(name)
    if app is None:
        return f"no command {name}"
    parser = load_command_class(app, name).create_parser("manage.py", name)
    if not command.shown and not rest:
        return ""  # named in a sentence, where what it needs is said around it
    try:
        parser.parse_args(rest)
    except CommandError as refused:
        return "" if not command.shown and "required" in str(refused) else str(refused)
    return ""


def scripted(path: str, given: list[str]) -> str:
    """Whether a program of ours is there and knows the options that it is given."""
    file = ROOT / path
    if not file.is_file():
        return f"no {path}"
    text = file.read_text() + "".join(
        near.read_text() for near in (ROOT / "benchmarks/ground").glob("*.py")
    )
    lost = [one for one in given if one.startswith("--") and f'"{one}"' not in text]
    return " ".join(lost)


def fault(command: Command) -> str:
    """Why a reader could not run it; empty where they could."""
    program, given = command.program, command.given
    if program == "make":
        return make(command)
    if program == "manage.py":
        return managed(command)
    if program == "-m":
        module, *rest = given
        if module in BESIDE:
            return ""
        path = module.replace(".", "/")
        return scripted(f"{path}/__main__.py" if (ROOT / path).is_dir() else f"{path}.py", rest)
    if program == "pytest":
        return " ".join(one for one in given if "/" in one and not (ROOT / one).exists())
    if program.startswith("verify_"):
        return "" if list(ROOT.glob(f"[pst]*/**/{program}")) else f"no {program}"
    return scripted(program, given) if "/" in program else f"nobody knows {program}"


def is_known(command: Command) -> bool:
    if PRINTED.match(command.line):
        return True
    if SETTING.match(command.line) and not command.words:
        name = command.line.partition("=")[0]
        return f"`{name}`" in (ROOT / "deploy/environment.md").read_text()
    return command.program in BESIDE or command.line in {".", "set +a"}


@pytest.mark.parametrize("command", EVERY, ids=ids)
def test_a_reader_can_run_what_is_printed(command):
    assert is_known(command) or fault(command) == ""


def test_nothing_is_excused_that_no_page_prints():
    used = {one.program for one in EVERY} | {one.given[0] for one in EVERY if one.given}

    assert set(BESIDE) - used == set()


def test_every_command_of_the_portal_that_stands_apart_is_really_run():
    ours = [one for one in EVERY if one.program == "manage.py" or "verify_" in one.program]
    shown = {one.line.partition(" #")[0].strip() for one in ours if one.shown}

    assert len(shown) > 10
    assert shown - set(RUN) == set()


@pytest.mark.parametrize(
    "line",
    [
        "make nothing-of-the-kind",
        "make backup NOWHERE=/mnt",
        "manage.py doctor --loudly",
        "manage.py nothing",
        "python benchmarks/sweep.py --sighs 3",
        "python -m tools.docs.nothing x",
        "rm -rf /",
    ],
)
def test_a_command_that_would_fail_is_found(line):
    command = Command("a page", line, True)

    assert not is_known(command)
    assert fault(command) != ""
