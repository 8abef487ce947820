"""`manage.py sweep`: one pass, or watching until it is told to end; and the task."""

import signal
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError

from leads import tasks
from leads.actions.sweeping import sweep
from leads.management.commands import sweep as command
from leads.management.commands.sweep import Watch, pause
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE
from tests.leads.clockwork import a_clock, berlin

DUE = berlin(2, 10)
SECOND = timedelta(seconds=1)


@pytest.mark.django_db
def test_one_pass_raises_what_is_due_and_lets_it_leave():
    a_clock()
    out = StringIO()

    with time_machine.travel(DUE, tick=False):
        call_command("sweep", stdout=out)

    assert "2 alerts raised" in out.getvalue()
    assert any("Due now" in sent.subject for sent in mail.outbox)


@pytest.mark.django_db
def test_a_pass_can_leave_the_messages_to_others():
    a_clock()

    with time_machine.travel(DUE, tick=False):
        call_command("sweep", "--no-deliver", stdout=StringIO())

    assert not mail.outbox
    assert Delivery.objects.pending().exists()


@pytest.mark.django_db
def test_the_task_raises_what_is_due(monkeypatch):
    clock, nudges = a_clock(), []
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda **how: nudges.append(how))

    with time_machine.travel(DUE, tick=False):
        tasks.sweep_clocks()
        tasks.sweep_clocks()

    assert clock.alerts.count() == 2
    assert nudges == [{"retry": False}]  # the second sweep found nothing to tell
    assert sweep.last_pass().by == "celery"


@pytest.mark.django_db
def test_a_broker_that_is_away_costs_a_nudge_and_nothing_else(monkeypatch):
    clock = a_clock()

    def away(**how):
        raise tasks.OperationalError("no broker")

    monkeypatch.setattr(tasks.deliver, "apply_async", away)

    with time_machine.travel(DUE, tick=False):
        tasks.sweep_clocks()

    assert clock.alerts.count() == 2


@pytest.mark.parametrize(
    ("next_in", "waited", "seconds"),
    [
        pytest.param(None, 0, 1, id="nothing is due: it looks each second"),
        pytest.param(0.25, 0, 0.25, id="something is due sooner"),
        pytest.param(500, 9.5, 0.5, id="the regular pass is due sooner"),
        pytest.param(500, 11, 0, id="the regular pass is due"),
        pytest.param(3, 4, 0, id="something is due"),
        pytest.param(-5, 0, 1, id="somebody else still holds what was due"),
    ],
)
def test_how_long_the_watch_waits(next_in, waited, seconds):
    swept_at = MONDAY_NINE
    at = swept_at + timedelta(seconds=waited)
    next_instant = None if next_in is None else swept_at + timedelta(seconds=next_in)

    assert pause(at, next_instant, swept_at) == timedelta(seconds=seconds)


@pytest.fixture
def audits(monkeypatch):
    """When the watch let the audit run aside."""
    asked = []
    monkeypatch.setattr(command.auditing, "audit_aside", lambda *, at: asked.append(at))
    return asked


@pytest.fixture
def naps(monkeypatch, audits):
    """How long the watch slept, without sleeping."""
    slept = []
    monkeypatch.setattr(command.time, "sleep", slept.append)
    return slept


@pytest.mark.django_db(transaction=True)
def test_the_watch_sweeps_at_once_and_then_waits_for_the_next_instant(naps, audits):
    clock, watch = a_clock(), Watch(deliver=False)

    swept_at = watch.turn(DUE, None)
    again = watch.turn(DUE + SECOND / 4, swept_at)

    assert (swept_at, again) == (DUE, DUE)
    assert audits == [DUE]
    assert clock.alerts.count() == 2
    assert naps == [1.0]


@pytest.mark.django_db(transaction=True)
def test_after_a_long_sweep_messages_are_leased_from_when_they_are_taken(naps, monkeypatch):
    """Else their leases have run out before they leave, and others send them as well."""
    a_clock()
    times, asked = [DUE], []
    monkeypatch.setattr(command.wallclock, "now", lambda: times[-1])
    monkeypatch.setattr(command.outbox, "deliver_due", lambda *, at: asked.append(at) or 0)
    monkeypatch.setattr(command.lanes, "deliver_aside", lambda *, now: asked.append(now()))
    monkeypatch.setattr(command.aside, "go_round_aside", lambda *, now: None)
    by_the_clock = command.sweep.by_the_clock

    def a_long_one(**asked_for):
        swept = by_the_clock(**asked_for)
        times.append(DUE + 40 * SECOND)
        return swept

    monkeypatch.setattr(command.sweep, "by_the_clock", a_long_one)

    Watch(deliver=True).turn(DUE, None)

    assert asked == [DUE + 40 * SECOND] * 2


@pytest.mark.django_db(transaction=True)
def test_the_watch_outlives_a_database_that_is_away(naps, monkeypatch):
    def away():
        raise OperationalError("gone")

    monkeypatch.setattr(command.sweep, "next_instant", away)

    assert Watch(deliver=True).turn(DUE, MONDAY_NINE) == MONDAY_NINE
    assert naps == [1.0]


@pytest.mark.django_db
def test_the_watch_outlives_a_time_that_is_away_with_its_database(naps, monkeypatch):
    def away():
        raise OperationalError("gone")

    monkeypatch.setattr(command.wallclock, "now", away)

    assert Watch(deliver=True).look(MONDAY_NINE) == MONDAY_NINE
    assert naps == [1.0]


@pytest.mark.django_db
def test_the_watch_ends_when_it_is_told_to(monkeypatch):
    watch, turns = Watch(deliver=True), []
    handlers = {}
    monkeypatch.setattr(command.signal, "signal", handlers.__setitem__)

    def turn(at, swept_at):
        turns.append(at)
        if len(turns) == 3:
            handlers[signal.SIGTERM](signal.SIGTERM, None)
        return at

    monkeypatch.setattr(watch, "turn", turn)

    watch.run()

    assert len(turns) == 3
    assert set(handlers) == {signal.SIGTERM, signal.SIGINT}
