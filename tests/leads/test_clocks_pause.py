"""A pause has a listed reason, an owner, a cap, and never comes after the due instant."""

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.actions import clocks
from leads.actions.sweeping import sweep
from leads.errors import AlertWasRaised, NotYours, PauseRefused
from leads.models import Clock, ClockPause, Timer
from portal import ledger
from portal.ledger.models import LedgerEntry
from sla.core import workingtime
from tests.factories import MONDAY_NINE, make_user
from tests.leads.clockwork import HOUR, MICROSECOND, MINUTE, a_pausable_clock, berlin

pytestmark = pytest.mark.django_db
DUE = berlin(2, 11)
TEN = berlin(2, 10)


def pause(clock, at, **fields):
    fields = {"reason": "call_back", "by": clock.owner} | fields
    return clocks.pause(clock_id=clock.pk, at=at, **fields)


def resume(clock, at, **fields):
    clocks.resume(clock_id=clock.pk, at=at, by=fields.get("by", clock.owner))
    clock.refresh_from_db()
    return clock


def test_a_paused_clock_has_no_step_to_come():
    clock = a_pausable_clock()

    pause(clock, TEN)

    clock.refresh_from_db()
    assert (clock.paused_at, clock.next_step_at) == (TEN, None)
    sweep.raise_all(at=DUE)
    assert not clock.alerts.exists()


def test_after_a_pause_what_was_left_is_left():
    clock = a_pausable_clock()
    pause(clock, TEN)

    resume(clock, TEN + 30 * MINUTE)

    assert clock.due_at == DUE + 30 * MINUTE
    assert clock.paused == 30 * MINUTE // MICROSECOND
    assert clock.next_step_at == clock.warn_at == berlin(2, 11)  # 10:30 before
    assert clock.steps[1]["at"] == clock.due_at.isoformat()


def test_only_working_time_of_a_pause_is_given_back():
    clock = a_pausable_clock()
    pause(clock, TEN)

    resume(clock, berlin(2, 12, 30))  # two hours, then the lunch break, which is nobody's

    assert clock.paused == 2 * HOUR // MICROSECOND
    assert clock.due_at == berlin(2, 13, 45)


@pytest.mark.parametrize(
    ("at", "fields"),
    [
        pytest.param(DUE, {}, id="when it is due"),
        pytest.param(DUE + MINUTE, {}, id="after it was due"),
        pytest.param(TEN, {"reason": "holiday mood"}, id="for a reason that is not listed"),
    ],
)
def test_a_pause_is_refused(at, fields):
    clock = a_pausable_clock()

    with pytest.raises(PauseRefused):
        pause(clock, at, **fields)

    assert not ClockPause.objects.exists()


def test_only_who_acts_may_pause_or_resume():
    clock, somebody = a_pausable_clock(), make_user()

    with pytest.raises(NotYours):
        pause(clock, TEN, by=somebody)
    pause(clock, TEN, by=clock.team.manager)
    with pytest.raises(NotYours):
        resume(clock, TEN + MINUTE, by=somebody)


def test_a_reason_serves_as_often_as_the_terms_say():
    clock = a_pausable_clock(times=1)
    pause(clock, TEN)
    resume(clock, TEN + MINUTE)

    with pytest.raises(PauseRefused):
        pause(clock, TEN + 2 * MINUTE)


def test_a_clock_that_stands_still_cannot_be_paused_and_one_that_runs_not_resumed():
    clock = a_pausable_clock()

    with pytest.raises(PauseRefused):
        resume(clock, TEN)
    pause(clock, TEN)
    with pytest.raises(PauseRefused):
        pause(clock, TEN + MINUTE)


def test_a_stopped_clock_cannot_be_paused():
    clock = a_pausable_clock()
    with ledger.recording():
        clocks.stop([clock], at=MONDAY_NINE + MINUTE)

    with pytest.raises(PauseRefused):
        pause(clock, TEN)


def test_a_pause_that_waited_while_an_alert_was_raised_is_told_so():
    clock = a_pausable_clock()
    sweep.raise_all(at=berlin(2, 10, 30))

    with pytest.raises(AlertWasRaised):
        pause(clock, berlin(2, 10, 30) - MICROSECOND)


def test_steps_due_before_a_pause_are_raised_by_it_if_no_sweep_was_there():
    clock = a_pausable_clock()

    pause(clock, berlin(2, 10, 31))
    resume(clock, berlin(2, 10, 41))

    assert list(clock.alerts.values_list("step", flat=True)) == ["warn"]
    assert clock.next_step_at == clock.due_at == DUE + 10 * MINUTE


def test_at_its_cap_a_pause_ends_by_itself():
    clock = a_pausable_clock(cap="PT1H")
    pause(clock, TEN)

    found = sweep.raise_all(at=DUE)

    clock.refresh_from_db()
    assert found.timers == 1
    assert (clock.paused_at, clock.due_at) == (None, berlin(2, 12))
    assert clock.pauses.get().resumed_at == DUE


def test_a_cap_that_is_found_late_counts_from_when_it_was():
    clock = a_pausable_clock(cap="PT1H")
    pause(clock, TEN)

    sweep.raise_all(at=berlin(2, 16))

    clock.refresh_from_db()
    assert clock.due_at == berlin(2, 12)
    assert clock.alerts.filter(step="due").get().due_at == berlin(2, 12)


def test_who_resumes_after_the_cap_gets_no_more_than_the_cap():
    clock = a_pausable_clock(cap="PT1H")
    pause(clock, TEN)

    assert resume(clock, berlin(2, 11, 50)).due_at == berlin(2, 12)


def test_who_resumes_in_time_needs_no_cap():
    clock = a_pausable_clock()
    pause(clock, TEN)
    resume(clock, TEN + MINUTE)

    assert not Timer.objects.to_come().filter(kind="pause_ends").exists()


def test_a_clock_stopped_during_a_pause_is_on_time():
    clock = a_pausable_clock()
    pause(clock, DUE - MINUTE)

    with ledger.recording():
        clocks.stop([clock], at=DUE + HOUR)

    clock.refresh_from_db()
    assert (clock.outcome, clock.due_at) == ("met", berlin(2, 12, 46))
    assert clock.pauses.get().resumed_at == DUE + HOUR
    assert not Timer.objects.to_come().filter(kind="pause_ends").exists()


def test_evidence_older_than_a_pause_makes_the_pause_empty():
    clock = a_pausable_clock()
    pause(clock, TEN)

    with ledger.recording():
        clocks.stop([clock], at=TEN - MINUTE, evidence_at=TEN + MINUTE)

    clock.refresh_from_db()
    assert (clock.outcome, clock.due_at, clock.paused) == ("met", DUE, 0)


def test_pause_and_resume_stand_in_the_ledger():
    clock = a_pausable_clock()
    pause(clock, TEN)
    resume(clock, TEN + MINUTE)

    entries = list(LedgerEntry.objects.about(("clock", clock.pk)))

    assert [one.kind for one in entries] == ["clock_started", "clock_paused", "clock_resumed"]
    assert entries[1].clear["reason"] == "call_back"
    assert entries[2].clear["due_at"].startswith("2026-03-02T10:01")


minutes = st.integers(min_value=0, max_value=119)


@settings(max_examples=20)
@given(after=minutes, length=st.integers(min_value=1, max_value=3 * 24 * 60))
def test_pausing_anywhere_keeps_the_working_time_and_the_account_is_exact(after, length):
    savepoint = connection.savepoint()
    clock = a_pausable_clock(cap="PT1H")
    calendar = clocks.calendar_of(clock)
    since = MONDAY_NINE + timedelta(minutes=after, seconds=7)

    pause(clock, since)
    resume(clock, since + timedelta(minutes=length, microseconds=1))

    paused = timedelta(microseconds=clock.paused)
    worked = workingtime.between(calendar, clock.started_at, clock.due_at) - paused
    spent = clocks.account(Clock.objects.get(pk=clock.pk), calendar, clock.due_at + 50 * HOUR)
    assert worked == 2 * HOUR
    assert spent.paused == paused <= HOUR
    assert spent.running + spent.paused + spent.closed == spent.wall
    connection.savepoint_rollback(savepoint)
