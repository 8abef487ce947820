"""When beat sends the sweep: at the next due instant, and at least every ten seconds; and
that the ledger's head is published every hour, and the audit is asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from celery import Celery
from django.db import OperationalError
from kombu.exceptions import OperationalError as BrokerAway

from portal import scheduler as module
from portal import wallclock
from portal.celery import app as celery
from portal.scheduler import (
    AUDIT,
    DELIVER,
    EVENTS_IN,
    EVENTS_OUT,
    EVERY,
    PUBLISH,
    ROLL,
    RUN_JOBS,
    SEAL,
    SWEEP,
    DueScheduler,
    Rhythm,
)

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OFTEN = [RUN_JOBS, EVENTS_IN, EVENTS_OUT, ROLL]
FIRST = [SWEEP, DELIVER, PUBLISH, AUDIT, SEAL, *OFTEN]


@pytest.fixture(autouse=True)
def signs(monkeypatch):
    """The signs of life that beat gave."""
    given = []
    monkeypatch.setattr(module.pulse, "give", lambda kind, at: given.append(kind))
    return given


def test_all_tasks_are_sent_at_the_start():
    assert Rhythm().due(NINE, None) == FIRST


def test_the_head_of_the_ledger_is_published_every_hour():
    rhythm = Rhythm()
    beats = [NINE + n * 10 * SECOND for n in range(3 * 360)]  # three hours

    sent = [at for at in beats if PUBLISH in rhythm.due(at, None)]

    assert sent == [NINE, NINE + 3600 * SECOND, NINE + 7200 * SECOND]


def test_each_task_that_beat_sends_is_one_that_a_worker_knows():
    celery.autodiscover_tasks(force=True)

    assert EVERY.keys() <= celery.tasks.keys()


def test_nothing_is_sent_between_two_beats_while_nothing_is_due():
    rhythm = Rhythm()
    rhythm.due(NINE, None)

    assert [rhythm.due(NINE + n * SECOND, NINE + 60 * SECOND) for n in range(1, 10)] == [[]] * 9
    assert rhythm.due(NINE + 10 * SECOND, None) == [SWEEP, DELIVER, *OFTEN]


def test_an_instant_that_comes_due_between_two_beats_is_swept_at_once():
    rhythm = Rhythm()
    rhythm.due(NINE, None)

    assert rhythm.due(NINE + 3 * SECOND, NINE + 3 * SECOND) == [SWEEP]


def test_an_instant_that_nobody_sweeps_is_not_sent_every_second():
    rhythm = Rhythm()
    due = NINE + 3 * SECOND
    rhythm.due(NINE, due)
    rhythm.due(due, due)

    assert [rhythm.due(due + n * SECOND, due) for n in range(1, 7)] == [[]] * 6
    assert rhythm.due(due + 10 * SECOND, due) == [SWEEP, DELIVER, *OFTEN]


def test_a_second_instant_is_swept_though_the_first_was_just_sent():
    rhythm = Rhythm()
    rhythm.due(NINE, NINE)

    assert rhythm.due(NINE + SECOND, NINE + SECOND) == [SWEEP]


def test_a_host_whose_clock_was_set_back_is_swept_too():
    rhythm = Rhythm()
    rhythm.due(NINE, None)

    assert rhythm.due(NINE - 3600 * SECOND, None) == FIRST


@pytest.mark.parametrize(
    ("due_in", "seconds"), [(None, 1.0), (30.0, 1.0), (0.25, 0.25), (0.0, 1.0), (-5.0, 1.0)]
)
def test_beat_sleeps_until_the_next_instant_and_looks_again_every_second(due_in, seconds):
    instant = None if due_in is None else NINE + due_in * SECOND

    assert Rhythm().wait(NINE, instant).total_seconds() == seconds


def test_while_what_was_just_sent_is_swept_beat_looks_again_ever_less_often():
    rhythm = Rhythm()
    rhythm.due(NINE, NINE)

    waits = [
        rhythm.wait(NINE + ago * SECOND, NINE).total_seconds()
        for ago in (0, 0.01, 0.08, 0.4, 1, 5)
    ]

    assert waits == [0.01, 0.01, 0.02, 0.1, 1.0, 1.0]
    assert rhythm.wait(NINE + SECOND / 4, NINE + SECOND / 2).total_seconds() == 0.25


@pytest.fixture
def scheduler(monkeypatch, settings) -> DueScheduler:
    settings.NEXT_INSTANT = "portal.wallclock.now"
    monkeypatch.setattr(wallclock, "now", lambda: NINE)
    monkeypatch.setattr("portal.scheduler.close_old_connections", lambda: None)
    monkeypatch.setattr("portal.scheduler.connection.close", lambda: None)
    return DueScheduler(Celery("test", broker="memory://"))


def test_a_nudge_expires_before_the_next_beat_and_is_never_retried(scheduler, monkeypatch):
    sent = []
    monkeypatch.setattr(
        scheduler.app, "send_task", lambda name, **how: sent.append((name, how))
    )

    wait = scheduler.tick()

    how = {"expires": 10.0, "retry": False}
    hourly = {"expires": 3600.0, "retry": False}
    often = {"expires": 300.0, "retry": False}
    regular = [(SWEEP, how), (DELIVER, how)]
    rarely = [(PUBLISH, hourly), (AUDIT, often), (SEAL, hourly)]
    assert sent == [*regular, *rarely, *((one, how) for one in OFTEN)]
    assert wait == 0.01


def test_a_broker_that_is_away_does_not_stop_beat(scheduler, monkeypatch):
    def refuse(name: str, **how: object) -> None:
        raise BrokerAway

    monkeypatch.setattr(scheduler.app, "send_task", refuse)

    assert scheduler.tick() == 0.01


def test_a_database_that_is_away_does_not_stop_the_regular_beat(scheduler, monkeypatch):
    def away() -> None:
        raise OperationalError

    sent = []
    scheduler.next_instant = away
    monkeypatch.setattr(scheduler.app, "send_task", lambda name, **how: sent.append(name))

    scheduler.tick()

    assert sent == FIRST


def test_a_time_that_is_away_with_its_database_does_not_stop_beat(scheduler, monkeypatch):
    def away() -> datetime:
        raise OperationalError

    sent = []
    monkeypatch.setattr(wallclock, "now", away)
    monkeypatch.setattr(scheduler, "send", sent.append)

    assert scheduler.tick() == 1
    assert sent == []
