"""Simulated time: declared once, moved forward only, refused where time is real."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from portal import ledger, wallclock
from portal.accounts.models import User
from portal.demo import simulation
from portal.demo.models import Simulation
from portal.demo.simulation import NotSimulated, TimeRunsForward
from portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def allowed(settings):
    settings.SIMULATION_ALLOWED = True
    before = wallclock.bind(simulation.offset)
    simulation._cache.forget()
    yield
    wallclock.bind(before)
    simulation._cache.forget()


@pytest.fixture
def simulated(allowed):
    ledger.open_ledger(simulated=True, at=NINE)


def test_a_simulated_database_may_move_its_clock_ahead(simulated):
    before = wallclock.now()

    assert simulation.advance(by=HOUR, at=before) == HOUR
    assert simulation.advance(by=HOUR, at=before) == 2 * HOUR
    assert wallclock.now() - before >= 2 * HOUR


def test_each_move_of_the_clock_is_in_the_ledger(simulated):
    simulation.advance(by=HOUR, at=NINE)

    entry = LedgerEntry.objects.get(kind="time_moved")
    assert (entry.at, entry.clear["ahead"]) == (NINE, 3600)


def test_a_database_that_keeps_real_time_refuses_to_move_it(allowed):
    ledger.open_ledger(simulated=False, at=NINE)

    with pytest.raises(NotSimulated):
        simulation.advance(by=HOUR, at=NINE)
    assert wallclock.now() - datetime.now(UTC) < HOUR


def test_time_is_never_set_back(simulated):
    with pytest.raises(TimeRunsForward):
        simulation.advance(by=-HOUR, at=NINE)
    assert not Simulation.objects.exists()


def test_settings_that_forbid_it_refuse_to_move_the_clock(simulated, settings):
    settings.SIMULATION_ALLOWED = False

    with pytest.raises(CommandError, match="real time"):
        call_command("demo_clock", "advance", "1h")
    assert not Simulation.objects.exists()


def test_the_command_moves_to_an_instant_and_says_what_time_it_is(simulated, capsys):
    tomorrow = (wallclock.now() + timedelta(days=1)).replace(microsecond=0)

    call_command("demo_clock", "to", tomorrow.isoformat())

    assert abs(wallclock.now() - tomorrow) < timedelta(minutes=1)
    assert f"{tomorrow:%a %d %b %Y %H:%M}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "meant"),
    [("90m", 1.5 * HOUR), ("2h", 2 * HOUR), ("3d", 72 * HOUR), ("PT30M", HOUR / 2)],
)
def test_a_duration_is_short_or_iso_8601(simulated, text, meant):
    call_command("demo_clock", "advance", text)

    assert Simulation.objects.get().ahead_by == meant


@pytest.mark.parametrize("words", [("advance", "soon"), ("to", "2026-12-01"), ("to", "noon")])
def test_what_is_no_duration_and_no_instant_is_refused(words):
    with pytest.raises(CommandError):
        call_command("demo_clock", *words)


def test_a_visitor_of_the_demo_may_be_anybody_in_it(simulated, client):
    anna = User.objects.create_user("anna@example.org", name="Anna")

    response = client.post("/demo/login/", {"as": anna.email})

    assert response.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(anna.pk)


@pytest.mark.parametrize(("simulated", "permitted"), [(False, True), (True, False)])
def test_nobody_is_let_in_so_where_people_work(client, settings, simulated, permitted):
    settings.SIMULATION_ALLOWED = permitted
    ledger.open_ledger(simulated=simulated, at=NINE)
    anna = User.objects.create_user("anna@example.org", name="Anna")

    assert client.post("/demo/login/", {"as": anna.email}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_starting_over_never_touches_a_real_company(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    ledger.open_ledger(simulated=False, at=NINE)
    User.objects.create_user("anna@example.org", name="Anna")

    with pytest.raises(CommandError, match="real company"):
        call_command("demo_reset")
    assert User.objects.exists()


def test_while_the_database_is_away_time_goes_on_as_it_said_last(simulated, monkeypatch):
    simulation.advance(by=HOUR, at=NINE)
    simulation.offset()
    monkeypatch.setattr(simulation, "READ_EVERY", 0.0)
    monkeypatch.setattr(Simulation.objects, "first", gone)

    assert simulation.offset() == HOUR


def test_a_process_that_never_asked_the_database_does_not_guess_the_time(
    simulated, monkeypatch
):
    monkeypatch.setattr(Simulation.objects, "first", gone)

    with pytest.raises(OperationalError):
        simulation.offset()


def gone():
    raise OperationalError("gone")
