import pytest

from portal import wallclock


class Clock:
    """The time of day, as the test says it is."""

    def __init__(self) -> None:
        self.at = None

    def __call__(self):
        return self.at


@pytest.fixture
def clock(monkeypatch):
    """Set `clock.at`: every door then reads it."""
    found = Clock()
    monkeypatch.setattr(wallclock, "now", found)
    return found
