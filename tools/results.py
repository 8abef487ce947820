"""A pytest plugin: the large counts of a run, written down with commit and command.

    pytest -p tools.results --results docs/results/full.md -m slow tests

writes one line for each test that ran: what it counted (`record_property(what, figure)`)
and how long it took. A run with a red test writes nothing.
"""

import platform
import shlex
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--results", help="the Markdown file that the figures go to")


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption("results")
    if path and not hasattr(config, "workerinput"):  # xdist: the controller sees them all
        config.pluginmanager.register(Results(config.rootpath / path), "results")


class Results:
    """Gathers what the tests of a run have counted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ran: list[pytest.TestReport] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.ran.append(report)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if exitstatus == pytest.ExitCode.OK and self.ran:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text("\n".join([*heading(), *lines(self.ran), ""]))


def heading() -> list[str]:
    """When, of which commit and by which command: so that anybody can repeat it."""
    words = ["python", "-m", "pytest", *sys.argv[1:]]
    return [
        "# Figures of a run",
        "",
        f"- commit {commit()}",
        f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}",
        f"- `{shlex.join(words)}`",
        "",
        "| test | counted | seconds |",
        "| --- | --- | ---: |",
    ]


def commit() -> str:
    """The commit at hand; says so where the folder holds more than it."""
    head = _git("rev-parse", "--short=12", "HEAD")
    return f"{head}, with changes" if _git("status", "--porcelain", "-uno") else head


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)  # noqa: S607
    return done.stdout.strip() if done.returncode == 0 else "unknown"


def lines(ran: Iterable[pytest.TestReport]) -> list[str]:
    """A row for each test, in the order of their names."""
    return [_line(report) for report in sorted(ran, key=lambda report: report.nodeid)]


def _line(report: pytest.TestReport) -> str:
    counted = "; ".join(f"{what}: {_figure(value)}" for what, value in report.user_properties)
    return f"| {report.nodeid.replace('|', '/')} | {counted} | {report.duration:.0f} |"


def _figure(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
