"""A clock is met or late by its instants alone, whoever stops it and whoever looked."""

from datetime import timedelta

import pytest

from leads.actions import clocks
from leads.actions.handing import handoffs, undo
from leads.actions.sweeping import sweep
from leads.errors import AlertWasRaised
from leads.models import Alert, Clock
from portal import ledger
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_accepted, make_handoff, make_user
from tests.leads.clockwork import HOUR, MICROSECOND, MINUTE, a_clock, berlin, clock_of

pytestmark = pytest.mark.django_db
DUE = berlin(2, 10)
RETURNED, CANCELLED = Clock.Outcome.RETURNED, Clock.Outcome.CANCELLED


def stop(clock, at, outcome=None, evidence_at=None):
    with ledger.recording():
        clocks.stop([clock], at=at, outcome=outcome, evidence_at=evidence_at)
    clock.refresh_from_db()
    return clock


def attempt(handoff, at, evidence_at=None):
    with ledger.recording():
        return clocks.attempted(handoff, at, evidence_at=evidence_at)


@pytest.mark.parametrize(
    ("at", "given", "outcome"),
    [
        pytest.param(DUE - MICROSECOND, None, "met", id="before it is due"),
        pytest.param(DUE, None, "met", id="at the due instant, which is on time"),
        pytest.param(DUE + MICROSECOND, None, "late", id="a microsecond after"),
        pytest.param(DUE, RETURNED, "returned", id="returned in time"),
        pytest.param(DUE + MICROSECOND, RETURNED, "late", id="returned when it was late"),
        pytest.param(DUE, CANCELLED, "cancelled", id="cancelled in time"),
        pytest.param(DUE + MICROSECOND, CANCELLED, "late", id="cancelled when it was late"),
    ],
)
def test_what_a_clock_becomes_follows_from_when_it_stops(at, given, outcome):
    clock = stop(a_clock(), at, given)

    assert (clock.outcome, clock.stopped_at, clock.next_step_at) == (outcome, at, None)
    assert clock.is_breached(at) == (outcome == "late")


def test_a_late_answer_closes_a_breach_and_never_erases_it():
    clock = stop(a_clock(), DUE + HOUR)

    stop(clock, DUE + 2 * HOUR, CANCELLED)

    assert (clock.outcome, clock.stopped_at) == ("late", DUE + HOUR)


def test_steps_that_were_due_before_the_stop_are_raised_by_it_if_no_sweep_was_there():
    clock = stop(a_clock(), DUE + MINUTE)

    assert list(clock.alerts.order_by("due_at").values_list("step", "raised_at")) == [
        ("warn", DUE + MINUTE), ("due", DUE + MINUTE),
    ]  # fmt: skip


def test_no_alert_is_raised_for_a_step_at_the_very_instant_of_the_stop():
    clock = stop(a_clock(), DUE)

    assert list(clock.alerts.values_list("step", flat=True)) == ["warn"]


def test_a_stopped_clock_is_swept_no_more():
    clock = stop(a_clock(), MONDAY_NINE + MINUTE)

    sweep.raise_all(at=DUE + 100 * HOUR)

    assert not clock.alerts.exists()


def test_an_action_that_waited_while_the_alert_was_raised_must_read_the_time_again():
    clock = a_clock()
    sweep.raise_all(at=DUE)

    with pytest.raises(AlertWasRaised):
        stop(clock, DUE - MICROSECOND)

    clock.refresh_from_db()
    assert clock.stopped_at is None
    assert stop(clock, DUE + MICROSECOND).outcome == "late"


def test_evidence_that_came_later_keeps_the_alert_and_marks_it():
    clock = a_clock()
    sweep.raise_all(at=DUE)

    stop(clock, DUE - MINUTE, evidence_at=DUE + 6 * MINUTE)

    assert (clock.outcome, clock.stopped_at) == ("met", DUE - MINUTE)
    late = Alert.objects.get(clock=clock, step="due")
    assert late.met_by_evidence_at == DUE + 6 * MINUTE
    assert Alert.objects.get(clock=clock, step="warn").met_by_evidence_at is None


def test_the_stop_stands_in_the_ledger_with_its_outcome():
    clock = stop(a_clock(), DUE)

    entry = LedgerEntry.objects.about(("clock", clock.pk)).last()

    assert (entry.kind, entry.clear["outcome"]) == ("clock_stopped", "met")


def test_the_first_attempt_stops_first_attempt_and_no_other_clock():
    handoff = make_handoff(segment="trial")

    stopped = attempt(handoff, MONDAY_NINE + MINUTE)

    assert [clock.kind for clock in stopped] == ["first_attempt"]
    assert clock_of(handoff).stopped_at is None


def test_an_attempt_before_a_clock_began_does_not_count_for_it():
    handoff = make_handoff(segment="trial")

    assert attempt(handoff, MONDAY_NINE - MICROSECOND) == []


def test_a_cadence_counts_attempts_and_stops_with_the_one_that_completes_it():
    handoff = make_accepted()
    made = [MONDAY_NINE + n * HOUR for n in range(1, 7)]

    for at in made[:-1]:
        attempt(handoff, at)
    before = clock_of(handoff, "cadence")
    attempt(handoff, made[-1])
    cadence = clock_of(handoff, "cadence")

    assert (before.attempts_made, before.attempts_needed, before.stopped_at) == (5, 6, None)
    assert (cadence.attempts_made, cadence.stopped_at, cadence.outcome) == (
        6, made[-1], "met",
    )  # fmt: skip


def test_a_cadence_that_is_complete_only_after_it_was_due_is_late():
    handoff = make_accepted()
    cadence = clock_of(handoff, "cadence")

    for n in range(6):
        attempt(handoff, cadence.due_at + n * MINUTE)

    assert clock_of(handoff, "cadence").outcome == "late"


def test_reassignment_moves_the_owner_and_no_instant():
    clock, somebody = a_clock(), make_user()
    before = (clock.started_at, clock.due_at, clock.steps, clock.next_step_at)

    with ledger.recording():
        clocks.reassign(clock.handoff, "sales", somebody, MONDAY_NINE + MINUTE)

    clock.refresh_from_db()
    assert (clock.owner, clock.owner_since) == (somebody, MONDAY_NINE + MINUTE)
    assert (clock.started_at, clock.due_at, clock.steps, clock.next_step_at) == before
    entry = LedgerEntry.objects.about(("clock", clock.pk)).last()
    assert (entry.kind, entry.clear["to"]) == ("clock_reassigned", somebody.pk)


def test_reassignment_to_the_same_person_says_nothing():
    clock = a_clock()

    with ledger.recording():
        moved = clocks.reassign(clock.handoff, "sales", clock.owner, MONDAY_NINE + MINUTE)

    assert moved == []
    assert clock.owner_since == MONDAY_NINE


def test_an_undo_lets_the_same_clock_run_on_to_its_old_instants():
    clock = a_clock()
    handoffs.accept(handoff_id=clock.handoff_id, by=clock.owner, at=MONDAY_NINE + MINUTE)

    undo.undo(handoff_id=clock.handoff_id, by=clock.owner, at=MONDAY_NINE + 80 * MINUTE / 60)

    again = Clock.objects.get(pk=clock.pk)
    assert (again.due_at, again.steps, again.next_step_at) == (
        clock.due_at, clock.steps, clock.next_step_at,
    )  # fmt: skip
    assert (again.stopped_at, again.outcome) == (None, "")
    assert set(again.handoff.clocks.unstopped().values_list("kind", flat=True)) == {
        "accept", "first_attempt",
    }  # fmt: skip


def test_what_was_undone_can_be_done_again_in_the_same_round():
    clock = a_clock()
    accept = {"handoff_id": clock.handoff_id, "by": clock.owner}
    handoffs.accept(**accept, at=MONDAY_NINE + MINUTE)
    undo.undo(**accept, at=MONDAY_NINE + MINUTE + timedelta(seconds=20))

    handoffs.accept(**accept, at=MONDAY_NINE + 2 * MINUTE)

    cadence = clock_of(clock.handoff, "cadence")
    assert (cadence.started_at, cadence.outcome) == (MONDAY_NINE + 2 * MINUTE, "")
    assert Clock.objects.filter(kind="cadence", outcome="cancelled").count() == 1


def test_a_step_raised_before_an_undo_is_not_raised_again():
    clock = a_clock()
    warned = berlin(2, 9, 45)
    handoffs.accept(
        handoff_id=clock.handoff_id, by=clock.owner, at=warned + timedelta(seconds=1)
    )
    undo.undo(handoff_id=clock.handoff_id, by=clock.owner, at=warned + timedelta(seconds=9))

    sweep.raise_all(at=DUE)

    assert sorted(clock.alerts.values_list("step", flat=True)) == ["due", "warn"]
