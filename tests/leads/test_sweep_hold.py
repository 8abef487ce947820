"""Time that is in doubt breaches nothing: the sweep is held until somebody says it is right."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from leads import tasks
from leads.actions.sweeping import holding, sweep
from leads.actions.sweeping.holding import Host
from leads.models import Alert, Outage, SweepHold, SweepPass
from portal import roof, wallclock
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from tests.factories import make_operations, make_user
from tests.leads.clockwork import HOUR, MINUTE, a_clock, berlin

pytestmark = pytest.mark.django_db
SWEPT = berlin(2, 9)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
HERE, THERE = Host("here"), Host("there")


@pytest.fixture(autouse=True)
def checked():
    """Clocks were checked at nine."""
    SweepPass.objects.create(swept_at=SWEPT)


def jumped(by, machine="here", since=10 * SECOND):
    return Host(machine, by, since)


@pytest.mark.parametrize(
    ("drift", "is_held"),
    [
        pytest.param(60 * SECOND, False, id="a minute is not a jump"),
        pytest.param(61 * SECOND, True, id="more than a minute ahead"),
        pytest.param(-61 * SECOND, True, id="more than a minute back"),
    ],
)
def test_a_wall_clock_that_left_the_steady_one_holds_the_sweep(drift, is_held):
    assert bool(holding.hold(jumped(drift), SWEPT + MINUTE)) == is_held


@pytest.mark.parametrize(
    ("at", "why"),
    [
        pytest.param(SWEPT - 5 * SECOND, None, id="five seconds behind"),
        pytest.param(SWEPT - 6 * SECOND, "behind", id="more than five seconds behind"),
        pytest.param(SWEPT + 7 * DAY, None, id="away for a week"),
        pytest.param(SWEPT + 7 * DAY + SECOND, "away", id="away for more than a week"),
    ],
)
def test_what_else_holds_it(at, why):
    held = holding.hold(HERE, at)

    assert (held and held.why) == why


def test_a_portal_that_never_checked_any_clock_is_not_held():
    SweepPass.objects.all().delete()

    assert holding.hold(HERE, SWEPT + 30 * DAY) is None


def test_a_hold_is_written_once_ledgered_and_told_to_operations_once():
    operator = make_operations()

    for _ in range(3):
        holding.hold(jumped(HOUR), SWEPT + HOUR)

    entry = LedgerEntry.objects.get(kind="sweep_held")
    assert SweepHold.objects.count() == 1
    assert (entry.clear["why"], entry.clear["shift"]) == ("jump", 3_600_000_000)
    assert Delivery.objects.to(operator.pk).in_app().count() == 1


def test_each_process_of_the_machine_is_held_even_one_that_began_later():
    holding.hold(jumped(HOUR), SWEPT + HOUR)

    assert holding.hold(HERE, SWEPT + HOUR) is not None


def test_another_machine_goes_on_when_it_tells_another_time():
    holding.hold(jumped(HOUR), SWEPT + HOUR)

    assert holding.hold(THERE, SWEPT + SECOND) is None
    assert holding.opened().exists()


def test_another_machine_whose_clock_agrees_lets_it_go_on():
    holding.hold(jumped(HOUR), SWEPT + HOUR)

    holding.hold(THERE, SWEPT + HOUR + 10 * SECOND)

    assert holding.hold(HERE, SWEPT + HOUR + 20 * SECOND) is None
    assert LedgerEntry.objects.get(kind="time_confirmed").clear["how"] == "machine"


def test_a_process_of_the_same_machine_is_no_second_witness():
    holding.hold(jumped(HOUR), SWEPT + HOUR)

    holding.hold(jumped(HOUR), SWEPT + HOUR + SECOND)

    assert holding.opened().exists()


def test_an_operators_word_lets_it_go_on_and_is_ledgered():
    holding.hold(jumped(HOUR), SWEPT + HOUR)
    operator = make_operations()

    holding.confirm(at=SWEPT + HOUR, by=operator)

    entry = LedgerEntry.objects.get(kind="time_confirmed")
    assert holding.hold(HERE, SWEPT + HOUR) is None
    assert (entry.actor_id, entry.clear["how"]) == (operator.pk, "operator")


def test_a_process_that_notices_a_settled_jump_later_is_not_held_by_it():
    holding.hold(jumped(HOUR), SWEPT + HOUR)
    holding.confirm(at=SWEPT + HOUR, by=None)

    late = jumped(HOUR, since=3 * HOUR)

    assert holding.hold(late, SWEPT + 3 * HOUR) is None


def test_a_second_jump_of_the_same_length_holds_again():
    holding.hold(jumped(HOUR), SWEPT + HOUR)
    holding.confirm(at=SWEPT + HOUR, by=None)

    assert holding.hold(jumped(HOUR), SWEPT + 3 * HOUR) is not None


def test_after_an_operators_word_a_clock_that_went_back_is_the_measure():
    holding.hold(HERE, SWEPT - HOUR)

    holding.confirm(at=SWEPT - HOUR, by=None)

    assert holding.hold(HERE, SWEPT - HOUR) is None
    assert sweep.last_pass().swept_at == SWEPT - HOUR


def test_a_clock_that_caught_up_goes_on_by_itself():
    holding.hold(HERE, SWEPT - MINUTE)

    assert holding.hold(HERE, SWEPT) is None
    assert LedgerEntry.objects.get(kind="time_confirmed").clear["how"] == "caught_up"


def test_an_absence_waits_for_an_operator_on_every_machine_and_is_an_outage_then():
    clock, back = a_clock(), SWEPT + 8 * DAY
    holding.hold(HERE, back)
    still = holding.hold(THERE, back + MINUTE)

    holding.confirm(at=back + MINUTE, by=None)
    goes_on = holding.hold(HERE, back + MINUTE)
    sweep.raise_all(at=back + MINUTE)

    assert (still is None, goes_on) == (False, None)
    assert clock.alerts.filter(found_late=True).exists()
    assert Outage.objects.get().began_at == SWEPT


@pytest.fixture
def real(settings, monkeypatch):
    """Doors that look at the host's clock, which has just jumped by a day."""
    settings.HOLD_SWEEP_ON_JUMPS = True
    monkeypatch.setattr(wallclock, "now", lambda: SWEPT + DAY)
    monkeypatch.setattr(wallclock.drift, "value", lambda: DAY)


def test_no_door_sweeps_by_a_clock_that_jumped_until_the_command_confirms_it(real, monkeypatch):
    a_clock()
    sweep.if_overdue(SWEPT + DAY)
    tasks.sweep_clocks()
    call_command("sweep", stdout=StringIO())
    held = Alert.objects.count()

    out = StringIO()
    call_command("clock", "show", stdout=out)
    call_command("clock", "confirm", stdout=out)
    monkeypatch.setattr(wallclock.drift, "value", lambda: timedelta(0))
    call_command("sweep", stdout=StringIO())

    assert held == 0
    assert "the clock of the host jumped" in out.getvalue()
    assert "1 holds ended" in out.getvalue()
    assert Alert.objects.exists()


def test_where_time_is_simulated_nothing_is_held(real, monkeypatch):
    monkeypatch.setattr(holding.ledger, "is_simulated", lambda: True)

    assert holding.held(at=SWEPT + DAY) is None


def test_a_banner_says_that_clocks_are_held_and_why():
    holding.hold(jumped(-HOUR), SWEPT - HOUR)

    strip = roof.strip(make_user(), SWEPT - HOUR)

    assert strip.grave
    assert "the clock of the host jumped" in str(strip.text)


def test_the_steady_clock_tells_how_far_the_wall_went(monkeypatch):
    drift = wallclock.Drift()
    apart = drift.apart
    monkeypatch.setattr(drift, "_apart", lambda: apart + 90)

    before = drift.value()
    drift.forget()

    assert (before, drift.value()) == (90 * SECOND, timedelta(0))
    assert wallclock.machine() == wallclock.machine() != ""
