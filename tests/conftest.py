"""What all tests share: lanes by folder, no chance in Hypothesis, no unexplained skips."""

import gc
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from portal import wallclock
from portal.settings import test
from tests.lanes import postgres
from tests.migrated import Migrated

ROOT = Path(__file__).parent
LANES = ("browser", "chaos")
THOROUGH = ("races", "machine", "interleaved", "fuzz", "leaves", "benchmarks")
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}

ALIKE: dict[str, Any] = {
    "derandomize": True, "deadline": None, "suppress_health_check": [HealthCheck.too_slow]
}  # fmt: skip
# Where a test does not say how many: the thorough lane asks all of them for `many` again.
settings.register_profile("lane", **ALIKE, max_examples=25)
settings.register_profile("many", **ALIKE, max_examples=100)
settings.load_profile("lane")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--allowed-skips", help="a skip that this file does not name is a failure")
    parser.addoption("--whole", action="store_true", help="real data: all of it, not a sample")
    parser.addoption(
        "--only-with-database",
        action="store_true",
        help="leave out what knows no database, and what tests/lanes/postgres.toml lists",
    )


def pytest_configure(config: pytest.Config) -> None:
    allowed = config.getoption("allowed_skips")
    if allowed and not hasattr(config, "workerinput"):  # xdist: the controller sees them all
        config.pluginmanager.register(Skips(config.rootpath / allowed), "skips")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """What is loaded stays until the end, so the collector of cycles need not walk it for
    each test; and what a test makes is mostly gone before 20,000 more things are there.
    """
    gc.disable()
    collected = yield
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
    return collected


def pytest_unconfigure() -> None:
    """Leave no folder behind: xdist ends its workers without Python's own farewell."""
    test.FOLDER.cleanup()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test belongs to the lane whose folder it lives in, or that its file is named for."""
    for item in items:
        path = item.path.relative_to(ROOT) if item.path.is_relative_to(ROOT) else item.path
        if path.parts[0] in LANES:
            item.add_marker(path.parts[0])
        if set(THOROUGH) & {path.parts[0], *path.stem.split("_")}:
            item.add_marker("thorough")
    items.sort(key=lambda item: item.get_closest_marker("first") is None)
    if config.getoption("only_with_database"):
        chosen = [item for item in items if knows_a_database(item) and is_for_both(item)]
        config.hook.pytest_deselected(items=list(set(items) - set(chosen)))
        items[:] = chosen


def is_for_both(item: pytest.Item) -> bool:
    """Whether PostgreSQL can answer the test otherwise than SQLite does."""
    return postgres.runs(item.path, getattr(item, "originalname", item.name))


def knows_a_database(item: pytest.Item) -> bool:
    """Whether the test may touch one: pytest-django refuses it to every other test."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES)


@pytest.fixture(scope="session")
def migrated(django_db_modify_db_settings: None, django_db_blocker: Any) -> Migrated:
    """Where this process's database comes from, if another one has migrated it before."""
    with django_db_blocker.unblock():
        found = Migrated(connection)
        found.take()
    return found


@pytest.fixture(scope="session")
def django_db_keepdb(migrated: Migrated) -> bool:
    """A copied file is not made anew; it goes with the folder of the run."""
    return migrated.is_copied and migrated.is_sqlite


@pytest.fixture(scope="session")
def django_db_setup(
    migrated: Migrated, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    with django_db_blocker.unblock():
        migrated.give()
    yield
    with django_db_blocker.unblock():
        migrated.forget()


@pytest.fixture(autouse=True)
def time_of_day(request: pytest.FixtureRequest) -> None:
    """What the doors read as now, where `pytest.mark.now(INSTANT)` says so."""
    mark = request.node.get_closest_marker("now")
    if mark is not None:
        patched = request.getfixturevalue("monkeypatch")
        patched.setattr(wallclock, "now", lambda: mark.args[0])


@pytest.fixture(scope="session")
def whole(pytestconfig: pytest.Config) -> bool:
    """Whether to take all of the real data instead of a sample."""
    return bool(pytestconfig.getoption("whole"))


class Skips:
    """Makes the run red for every skip that the list does not explain."""

    def __init__(self, allowed: Path) -> None:
        lines = [line.partition(" # ") for line in allowed.read_text().splitlines()]
        self.allowed = tuple(name for name, _, reason in lines if reason and name[:1] != "#")
        self.unexplained: list[str] = []

    def _skipped(self, where: str) -> None:
        if not where.startswith(self.allowed):
            self.unexplained.append(where)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self._skipped(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self._skipped(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.unexplained and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for where in self.unexplained:
            terminalreporter.write_line(
                f"skipped without a reason on the list: {where}", red=True
            )
