"""Simulated time: declared once, moved forward only, refused where time is real."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from portal import wallclock
from portal.demo import simulation
from portal.demo.models import Simulation
from portal.demo.simulation import NotSimulated, TimeRunsForward

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


def test_a_simulated_database_may_move_its_clock_ahead(allowed):
    simulation.declare(at=NINE)
    before = wallclock.now()

    assert simulation.advance(HOUR) == HOUR
    assert simulation.advance(HOUR) == 2 * HOUR
    assert wallclock.now() - before >= 2 * HOUR


def test_a_database_that_declared_nothing_keeps_real_time(allowed):
    with pytest.raises(NotSimulated):
        simulation.advance(HOUR)
    assert wallclock.now() - datetime.now(UTC) < HOUR


def test_time_is_never_set_back(allowed):
    simulation.declare(at=NINE)

    with pytest.raises(TimeRunsForward):
        simulation.advance(-HOUR)
    assert Simulation.objects.get().ahead_by == timedelta(0)


def test_declaring_twice_keeps_the_clock_where_it_is(allowed):
    simulation.declare(at=NINE)
    simulation.advance(HOUR)

    simulation.declare(at=NINE)

    assert Simulation.objects.get().ahead_by == HOUR


def test_settings_that_forbid_it_refuse_to_declare_and_to_move(settings):
    settings.SIMULATION_ALLOWED = False
    with pytest.raises(NotSimulated):
        simulation.declare(at=NINE)
    Simulation.objects.create(declared_at=NINE)

    with pytest.raises(CommandError, match="real time"):
        call_command("demo_clock", "advance", "1h")
    assert Simulation.objects.get().ahead_by == timedelta(0)


def test_the_command_moves_to_an_instant_and_says_what_time_it_is(allowed, capsys):
    simulation.declare(at=NINE)
    tomorrow = (wallclock.now() + timedelta(days=1)).replace(microsecond=0)

    call_command("demo_clock", "to", tomorrow.isoformat())

    assert abs(wallclock.now() - tomorrow) < timedelta(minutes=1)
    assert f"{tomorrow:%a %d %b %Y %H:%M}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "meant"),
    [("90m", 1.5 * HOUR), ("2h", 2 * HOUR), ("3d", 72 * HOUR), ("PT30M", HOUR / 2)],
)
def test_a_duration_is_short_or_iso_8601(allowed, text, meant):
    simulation.declare(at=NINE)

    call_command("demo_clock", "advance", text)

    assert Simulation.objects.get().ahead_by == meant


@pytest.mark.parametrize("words", [("advance", "soon"), ("to", "2026-12-01"), ("to", "noon")])
def test_what_is_no_duration_and_no_instant_is_refused(words):
    with pytest.raises(CommandError):
        call_command("demo_clock", *words)
