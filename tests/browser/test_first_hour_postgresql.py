"""The first hour in Chromium once more, on PostgreSQL: the same story, in its own process."""

from pathlib import Path

import pytest

from tools import postgres_lane

STORY = Path(__file__).with_name("test_first_hour.py")
APART = ("-p", "no:xdist", "-p", "no:cacheprovider")
OURS = ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_CURRENT_TEST")


@pytest.fixture
def server(monkeypatch):
    """A cluster of its own; without PostgreSQL this fails."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    with postgres_lane.cluster() as url:
        yield url


def test_the_first_hour_goes_the_same_way_on_postgresql(server, capfd):
    ended = postgres_lane.tests(server, ["-q", "-m", "browser", *APART, str(STORY)])

    said = capfd.readouterr().out
    assert (ended, "1 passed" in said) == (0, True), said
