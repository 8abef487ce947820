"""No step twice, none lost: whatever happens between sweeps, and however many sweep at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.actions import clocks
from leads.actions.sweeping import sweep
from leads.core import rungs
from leads.errors import AlertWasRaised, PauseRefused
from leads.models import Alert, Clock
from leads.reports.audit import alerts as audited
from portal import ledger
from portal.ledger.models import LedgerEntry
from portal.ledger.verify import verify
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE
from tests.leads.clockwork import HOUR, a_clock, a_pausable_clock, berlin

ACTS = ("sweep", "pause", "resume", "stop")


def act(what: str, clock: Clock, at: datetime) -> None:
    by, pk = clock.owner, clock.pk
    try:
        if what == "sweep":
            sweep.raise_all(at=at)
        elif what == "pause":
            clocks.pause(clock_id=pk, reason="call_back", by=by, at=at)
        elif what == "resume":
            clocks.resume(clock_id=pk, by=by, at=at)
        else:
            with ledger.recording():
                clocks.stop([clock], at=at)
    except (PauseRefused, AlertWasRaised):
        return  # refused: nothing changed


def expected(clock: Clock, until: datetime) -> dict[str, datetime]:
    """Which steps must have an alert, and of which instant, by the clock's row alone."""
    due = {step["key"]: rungs.instant(step) for step in clock.steps}
    return {
        key: at
        for key, at in due.items()
        if at <= until
        and (clock.stopped_at is None or at < clock.stopped_at)
        and (clock.paused_at is None or at <= clock.paused_at)
    }


@pytest.mark.django_db
@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 90)), max_size=8))
def test_which_alerts_there_are_follows_from_the_clock_and_not_from_who_looked_when(acts):
    savepoint = connection.savepoint()
    clock, at = a_pausable_clock(cap="PT1H"), MONDAY_NINE
    for what, minutes in acts:
        at += timedelta(minutes=minutes)
        act(what, clock, at)
    at += HOUR
    sweep.raise_all(at=at)

    clock.refresh_from_db()
    alerts = clock.alerts.all()
    assert {alert.step: alert.due_at for alert in alerts} == expected(clock, at)
    for alert in alerts:
        assert LedgerEntry.objects.about(("alert", alert.pk)).count() == 1
        assert Delivery.objects.filter(about=f"alert:{alert.pk}").exists()
    assert list(audited.broken(at)) == []  # the ledger alone says the same
    connection.savepoint_rollback(savepoint)


def together(count: int, work: Callable[[], object]) -> list[object]:
    """Let `count` threads do `work` at one moment; return or raise what each did."""
    gate = Barrier(count)

    def run() -> object:
        gate.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(run) for _ in range(count)]
    return [future.result() for future in futures]


@pytest.mark.django_db(transaction=True)
def test_four_sweeps_at_one_moment_raise_each_step_once():
    made = [a_clock(segment="event") for _ in range(12)]
    due = berlin(2, 10)

    found = together(4, lambda: sweep.raise_all(at=due))

    assert sum(one.raised for one in found) == Alert.objects.count() == 2 * len(made)
    assert sum(one.errors for one in found) == 0
    alerts = LedgerEntry.objects.filter(kind="alert_raised")
    assert alerts.values("subject_id").distinct().count() == alerts.count() == 2 * len(made)


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_a_sweep_at_one_moment_agree_with_the_instants():
    due = berlin(2, 10)
    clock = a_clock(segment="event")
    turns = iter(["stop", "sweep"])

    together(2, lambda: act(next(turns), clock, due))

    clock.refresh_from_db()
    raised = set(clock.alerts.values_list("step", flat=True))
    if clock.stopped_at is None:  # the sweep was first: the answer must read the time again
        assert raised == {"warn", "due"}
    else:
        assert (clock.outcome, raised) == ("met", {"warn"})


def many_at_once(handoffs: int, rounds: int) -> None:
    """People who answer and pause beside sweeps, over the same clocks, as fast as it goes."""
    made = [a_pausable_clock() if n == 0 else a_clock() for n in range(handoffs)]
    begun, tried = berlin(2, 10, 29), iter(range(handoffs * rounds))

    def person() -> None:
        for number in tried:
            clock = made[number % handoffs]
            at = begun + timedelta(seconds=7 * (number // handoffs))
            act(("pause", "resume", "stop")[(number + number // handoffs) % 3], clock, at)

    def sweeper() -> None:
        for number in range(rounds):
            sweep.raise_all(at=begun + timedelta(seconds=7 * number))

    turns = iter([person, sweeper, person, sweeper])
    together(4, lambda: next(turns)())


def assert_all_agree(until: datetime) -> None:
    sweep.raise_all(at=until)
    for clock in Clock.objects.prefetch_related("alerts"):
        raised = {alert.step: alert.due_at for alert in clock.alerts.all()}
        assert raised == expected(clock, until)
    assert LedgerEntry.objects.filter(kind="alert_raised").count() == Alert.objects.count()
    assert verify(LedgerEntry.objects.links()).is_sound


@pytest.mark.django_db(transaction=True)
def test_whatever_people_and_sweeps_do_beside_each_other_alerts_agree_with_the_clocks():
    many_at_once(handoffs=4, rounds=6)

    assert_all_agree(berlin(2, 12))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_same_with_many(record_property):
    many_at_once(handoffs=60, rounds=40)
    record_property("handoffs", 60)
    record_property("rounds", 40)

    assert_all_agree(berlin(2, 12))
