"""A pytest plugin: the large counts of a run, written down with commit and command.

    pytest -p tools.results --results docs/results/full.md -m slow tests

writes one line for each test that passed: what it counted (`record_property(what, figure)`),
how long it took, of which commit and on which day. Lines of tests that did not run this time
stay as they are: hours of counting may be spread over several runs, also of single tests.
"""

import platform
import re
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

HEADING = """\
# Figures of the large counts

Each line says of which commit it is. `make full` counts all of them again; one of them pytest
does with `-p tools.results --results {path}{more}` and its name.

| test | counted | seconds | commit | day |
| --- | --- | ---: | --- | --- |
"""
ROW = re.compile(r"\| `([^`]+)` \|.*\|$")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--results", help="the Markdown file that the figures go to")


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption("results")
    if path and not hasattr(config, "workerinput"):  # xdist: the controller sees them all
        config.pluginmanager.register(Results(config, path), "results")


class Results:
    """Gathers what the tests of a run have counted."""

    def __init__(self, config: pytest.Config, path: str) -> None:
        self.path, self.shown = config.rootpath / path, path
        self.more = " --whole" if config.getoption("whole", default=False) else ""
        self.ran: list[pytest.TestReport] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.ran.append(report)

    def pytest_sessionfinish(self) -> None:
        if not self.ran:
            return
        rows = kept(self.path) | rows_of(self.ran, commit(), datetime.now(UTC))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        heading = HEADING.format(path=self.shown, more=self.more)
        self.path.write_text(heading + "".join(f"{rows[name]}\n" for name in sorted(rows)))


def kept(path: Path) -> dict[str, str]:
    """The lines of earlier runs by their tests; none where there is no file."""
    lines = path.read_text().splitlines() if path.exists() else []
    return {found[1]: line for line in lines if (found := ROW.match(line))}


def rows_of(ran: Iterable[pytest.TestReport], commit: str, at: datetime) -> dict[str, str]:
    """A line for each test."""
    return {_name(report): _row(report, commit, at) for report in ran}


def commit() -> str:
    """The commit at hand; says so where the folder holds more than it and earlier results."""
    head = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "-uno", "--", ":/", ":!/docs/results")
    return f"{head}, with changes" if changed else head


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)  # noqa: S607
    return done.stdout.strip() if done.returncode == 0 else "unknown"


def _name(report: pytest.TestReport) -> str:
    return report.nodeid.replace("|", "/").replace("`", "'")


def _row(report: pytest.TestReport, commit: str, at: datetime) -> str:
    counted = "; ".join(f"{what}: {_figure(value)}" for what, value in report.user_properties)
    what = f"| `{_name(report)}` | {counted} | {report.duration:.0f} |"
    return f"{what} {commit} | {at:%Y-%m-%d}, Python {platform.python_version()} |"


def _figure(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
