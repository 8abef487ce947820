"""The launcher fills an empty database once, and never takes a half-made company for one."""

from types import SimpleNamespace

import pytest

from portal.demo.launcher import launch
from portal.demo.launcher.company import Company
from portal.demo.launcher.lock import CannotStart, only_one_in

pytestmark = pytest.mark.django_db
DEMO = Company(check=lambda: None, fill="seed_demo", greeting=lambda address: [])


class Fake:
    """A supervisor whose commands end with the exit codes it was given."""

    def __init__(self, *exit_codes: int) -> None:
        self.exit_codes = list(exit_codes)
        self.said: list[str] = []
        self.terminal = SimpleNamespace(say=self.said.append)

    def run(self, name: str, command: list[str], environment: dict[str, str]) -> int:
        return self.exit_codes.pop(0)


@pytest.fixture
def thrown_away(settings, tmp_path, monkeypatch):
    """How often the company was thrown away; nothing else of the launch happens."""
    settings.DATA_DIR = tmp_path
    times: list[bool] = []
    monkeypatch.setattr(launch, "call_command", lambda *words, **options: None)
    monkeypatch.setattr(launch, "throw_away", lambda: times.append(True))
    monkeypatch.setattr(launch.connections, "close_all", lambda: None)
    return times


def test_an_empty_database_is_filled(thrown_away):
    supervisor = Fake(0)

    launch._prepare(DEMO, supervisor, {})

    assert supervisor.exit_codes == []
    assert thrown_away == []


def test_a_company_whose_making_was_cut_short_begins_anew(thrown_away):
    supervisor = Fake(1, 0)
    with pytest.raises(CannotStart, match="could not be made"):
        launch._prepare(DEMO, supervisor, {})

    launch._prepare(DEMO, supervisor, {})
    launch._prepare(DEMO, Fake(0), {})

    assert thrown_away == [True]


def test_a_folder_has_one_launcher_at_a_time(tmp_path):
    refused = pytest.raises(CannotStart, match="running already")

    with only_one_in(tmp_path), refused, only_one_in(tmp_path):
        pass

    with only_one_in(tmp_path):
        pass


class Slow(Fake):
    """A supervisor on a busy machine: whatever it waits for comes at the second look."""

    def __init__(self, *, ended: int | None = None) -> None:
        super().__init__()
        self.children, self.looks = [SimpleNamespace(exit_code=ended)], 0

    def wait_for(self, ready, until):
        self.looks += 1
        return self.looks > 1 and ready()


def test_a_busy_machine_is_waited_for_and_told_so():
    supervisor = Slow()

    launch._wait(supervisor, lambda: supervisor.looks > 1, "The web server")

    assert supervisor.said == [
        "The web server takes long to start: this machine is busy. Waiting on."
    ]


def test_a_process_that_ended_is_not_waited_for():
    with pytest.raises(CannotStart, match="The web server did not start"):
        launch._wait(Slow(ended=3), lambda: False, "The web server")
