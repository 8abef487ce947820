"""The sweep raises what is due, once, whoever looks and however often."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from leads.actions import clocks
from leads.actions.handing import handoffs
from leads.actions.sweeping import sweep, timers
from leads.models import Alert, Clock, SweepPass, Timer
from portal import ledger
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from tests.factories import (
    MONDAY_NINE,
    make_agreement,
    make_handoff,
    make_lead,
    make_operations,
    make_user,
)
from tests.leads.clockwork import (
    HOUR,
    MICROSECOND,
    MINUTE,
    a_clock,
    a_ladder,
    a_step,
    berlin,
    clock_of,
    terms_where,
)

pytestmark = pytest.mark.django_db
DUE = berlin(2, 10)
WARN = berlin(2, 9, 45)


@pytest.mark.parametrize(
    ("at", "steps"),
    [
        pytest.param(WARN - MICROSECOND, [], id="before the first step"),
        pytest.param(WARN, ["warn"], id="at a step"),
        pytest.param(DUE - MICROSECOND, ["warn"], id="between two steps"),
        pytest.param(DUE, ["warn", "due"], id="at the due instant"),
        pytest.param(berlin(9, 9), ["warn", "due", "after", "heads"], id="after the last"),
    ],
)
def test_a_step_is_raised_when_its_instant_has_come(at, steps):
    clock = a_clock(segment="event")

    sweep.raise_all(at=at)

    raised = clock.alerts.order_by("due_at")
    assert [alert.step for alert in raised] == steps
    assert [alert.due_at.isoformat() for alert in raised] == [
        step["at"] for step in clock.steps[: len(steps)]
    ]


def test_an_alert_comes_with_its_deliveries_its_ledger_entry_and_the_next_step():
    clock = a_clock()

    found = sweep.raise_due(at=WARN)

    clock.refresh_from_db()
    alert = clock.alerts.get()
    told = Delivery.objects.get(about=f"alert:{alert.pk}")
    entry = LedgerEntry.objects.about(("alert", alert.pk)).get()
    assert found.raised == 1
    assert (told.recipient, told.channel, told.state) == (clock.owner, "in_app", "sent")
    assert (entry.kind, entry.clear["step"], entry.lead_id) == (
        "alert_raised", "warn", clock.lead_id,
    )  # fmt: skip
    assert (entry.clear["told"], entry.clear["channels"]) == ([clock.owner_id], ["in_app"])
    assert (clock.next_step, clock.next_step_at) == (1, DUE)


def test_after_the_last_step_there_is_none_to_come():
    clock = a_clock(segment="event")

    sweep.raise_all(at=berlin(9, 9))

    clock.refresh_from_db()
    assert (clock.next_step, clock.next_step_at) == (4, None)


def test_sweeping_again_raises_nothing_again():
    clock = a_clock()
    sweep.raise_all(at=DUE)

    assert not sweep.raise_all(at=DUE)
    assert clock.alerts.count() == 2


def test_a_step_that_has_its_alert_already_is_passed_over_without_another_word():
    clock = a_clock()
    sweep.raise_all(at=WARN)
    told = Delivery.objects.count()
    Clock.objects.filter(pk=clock.pk).update(next_step=0, next_step_at=WARN)

    found = sweep.raise_due(at=WARN)

    clock.refresh_from_db()
    assert (found.raised, clock.next_step, clock.alerts.count()) == (0, 1, 1)
    assert Delivery.objects.count() == told


def test_what_is_due_first_is_raised_first_and_no_more_than_asked_for():
    later, sooner = a_clock(at=MONDAY_NINE + 2 * MINUTE), a_clock(at=MONDAY_NINE)

    sweep.raise_due(at=DUE, limit=1)

    assert (sooner.alerts.count(), later.alerts.count()) == (2, 0)


def test_a_clock_answered_before_the_step_raises_no_alert_however_late_the_sweep():
    clock = a_clock()
    handoffs.accept(handoff_id=clock.handoff_id, by=clock.owner, at=WARN - MINUTE)

    sweep.raise_all(at=DUE)

    assert not clock.alerts.exists()


def test_the_number_of_queries_does_not_grow_with_what_is_due():
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            sweep.raise_due(at=WARN)
        return len(seen)

    a_clock(segment="event")
    one = queries()
    Clock.objects.update(next_step_at=None)
    for _ in range(12):
        a_clock(segment="event")
    twelve = queries()

    assert Alert.objects.count() == 13
    assert twelve - one <= 2 * 12  # the prepared UPDATE is logged once for each row


def test_nothing_is_read_of_what_is_open_and_not_due():
    for _ in range(3):
        a_clock()

    with CaptureQueriesContext(connection) as seen:
        sweep.raise_due(at=MONDAY_NINE)

    assert len(seen) <= 8


def test_a_sweep_inside_a_transaction_is_refused():
    a_clock()

    with transaction.atomic(), pytest.raises(RuntimeError):
        sweep.raise_due(at=DUE)


# --- rows that make no sense


@pytest.mark.parametrize(
    "nonsense",
    [
        pytest.param([{"key": "warn"}], id="a step without an instant"),
        pytest.param([{"key": "warn", "at": "soon"}], id="an instant that is none"),
        pytest.param({"not": "a list"}, id="no ladder at all"),
        pytest.param(
            [{"key": "warn", "level": "before", "at": WARN.isoformat(), "whom": ["the cat"],
              "channels": ["in_app"], "digest": {}}],
            id="somebody nobody knows",
        ),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_stops_no_other_row(nonsense):
    broken, sound = a_clock(), a_clock()
    operations = make_operations()
    Clock.objects.filter(pk=broken.pk).update(steps=nonsense)

    found = sweep.raise_all(at=WARN)

    broken.refresh_from_db()
    assert (found.raised, found.errors) == (1, 1)
    assert sound.alerts.count() == 1
    assert broken.sweep_error
    assert broken.next_step_at == WARN + 5 * MINUTE
    assert Delivery.objects.filter(recipient=operations, about=f"clock:{broken.pk}:sweep")


def test_what_a_broken_row_would_have_said_is_not_in_the_ledger():
    broken = a_clock()
    steps = [broken.steps[0] | {"whom": ["the cat"]}]
    Clock.objects.filter(pk=broken.pk).update(steps=steps)

    sweep.raise_all(at=WARN)

    assert not Alert.objects.exists()
    assert not LedgerEntry.objects.filter(kind="alert_raised").exists()


def test_a_row_that_was_mended_is_raised_with_its_true_instant():
    clock = a_clock()
    Clock.objects.filter(pk=clock.pk).update(steps=[{"key": "warn"}])
    sweep.raise_all(at=WARN)
    Clock.objects.filter(pk=clock.pk).update(steps=clock.steps)

    sweep.raise_all(at=WARN + 5 * MINUTE)

    clock.refresh_from_db()
    assert clock.alerts.get().due_at == WARN
    assert clock.sweep_error == ""


# --- after an outage


def test_steps_found_late_have_their_true_instant_and_say_so():
    clock = a_clock()

    sweep.raise_all(at=WARN + 5 * MINUTE)
    sweep.raise_all(at=DUE + 5 * MINUTE + MICROSECOND)

    warn, due = clock.alerts.order_by("due_at")
    assert (warn.found_late, due.found_late) == (False, True)
    assert due.due_at == DUE


def test_a_gap_in_which_something_was_due_is_an_outage():
    a_clock()
    sweep.raise_due(at=MONDAY_NINE)

    sweep.raise_due(at=DUE)

    entry = LedgerEntry.objects.filter(kind="outage").get()
    assert entry.clear["began_at"].startswith("2026-03-02T08:00:00")
    assert entry.clear["ended_at"].startswith("2026-03-02T09:00:00")


@pytest.mark.parametrize(
    "last",
    [
        pytest.param(WARN - timedelta(seconds=90), id="90 seconds are none"),
        pytest.param(None, id="the first pass ever ends none"),
    ],
)
def test_a_short_gap_is_no_outage(last):
    a_clock()
    if last:
        sweep.raise_due(at=last)

    sweep.raise_due(at=WARN)

    assert not LedgerEntry.objects.filter(kind="outage").exists()


def test_a_gap_in_which_nothing_was_due_is_no_outage():
    sweep.raise_due(at=MONDAY_NINE)

    sweep.raise_due(at=DUE)

    assert not LedgerEntry.objects.filter(kind="outage").exists()


# --- timers


def test_a_timer_is_done_once_when_its_instant_has_come():
    handoff = make_handoff()
    expiry = Timer.objects.get(handoff=handoff, kind="handoff_expires")

    early = sweep.raise_all(at=expiry.at - MICROSECOND)
    found = sweep.raise_all(at=expiry.at)

    handoff.refresh_from_db()
    assert (early.timers, found.timers, handoff.state) == (0, 1, "expired")
    assert not sweep.raise_all(at=expiry.at + HOUR)


def test_a_timer_that_stops_a_clock_comes_before_the_steps_after_it():
    handoff = make_handoff()
    clock = clock_of(handoff)
    Timer.objects.filter(handoff=handoff).update(at=DUE - MINUTE)

    sweep.raise_all(at=DUE + HOUR)

    assert list(clock.alerts.values_list("step", flat=True)) == ["warn"]


def test_a_timer_that_fails_is_tried_again_and_stops_no_other(monkeypatch):
    def fail(timer, at):
        raise ValueError("no such stage")

    monkeypatch.setitem(timers.HANDLERS, "recycle", fail)
    lead = make_lead()
    broken = timers.set_timer("recycle", at=MONDAY_NINE, lead=lead)
    clock = a_clock()

    found = sweep.raise_all(at=WARN)

    broken.refresh_from_db()
    assert (found.errors, broken.done_at, broken.at) == (1, None, WARN + 5 * MINUTE)
    assert "no such stage" in broken.error
    assert clock.alerts.count() == 1


def test_a_cancelled_timer_is_never_done():
    lead = make_lead()
    timers.set_timer("recycle", at=MONDAY_NINE, lead=lead)

    assert timers.cancel_timers(at=MONDAY_NINE, lead=lead) == 1
    assert sweep.raise_all(at=DUE).timers == 0


def test_without_a_subject_no_timer_is_cancelled():
    timers.set_timer("recycle", at=DUE, lead=make_lead())

    assert timers.cancel_timers(at=MONDAY_NINE) == 0


# --- when, and by whom


def test_the_next_instant_is_that_of_the_soonest_step_or_timer():
    assert sweep.next_instant() is None
    a_clock()
    assert sweep.next_instant() == WARN

    timers.set_timer("recycle", at=MONDAY_NINE + MINUTE, lead=make_lead())
    assert sweep.next_instant() == MONDAY_NINE + MINUTE


def test_each_pass_is_remembered_with_who_made_it():
    sweep.raise_due(at=MONDAY_NINE, by="beat")
    sweep.raise_due(at=MONDAY_NINE + MINUTE, by="command")

    last = sweep.last_pass()
    assert (last.swept_at, last.by) == (MONDAY_NINE + MINUTE, "command")
    assert SweepPass.objects.count() == 1


def test_a_web_process_sweeps_only_when_nobody_did_for_half_a_minute():
    clock = a_clock()
    sweep.raise_due(at=WARN - timedelta(seconds=30))

    assert not sweep.if_overdue(WARN)
    assert sweep.if_overdue(WARN + timedelta(seconds=1)).raised == 1
    assert clock.alerts.count() == 1


def test_simulated_time_passes_from_one_due_instant_to_the_next():
    make_agreement(terms=terms_where("first_attempt", ladders=a_ladder(a_step("due", "heads"))))
    first = a_clock(segment="demo_request")
    second = a_clock(at=MONDAY_NINE + MINUTE, segment="demo_request")

    passed = list(sweep.sweep_through(MONDAY_NINE, DUE))

    assert [at for at, _ in passed] == [berlin(2, 9, 15), berlin(2, 9, 16)]
    assert first.handoff.clocks.get(kind="first_attempt").alerts.get().found_late is False
    assert second.alerts.count() == 0  # what is due at the end itself is still to come
    assert sweep.last_pass().swept_at == DUE
    assert not LedgerEntry.objects.filter(kind="outage").exists()


def test_an_instant_that_stays_due_is_a_fault_of_ours(monkeypatch):
    monkeypatch.setattr(sweep, "_pass", lambda at, limit: sweep.Swept())
    a_clock()

    with pytest.raises(RuntimeError):
        list(sweep.sweep_through(MONDAY_NINE, DUE + HOUR))


def test_a_clock_paused_is_not_swept_and_reassigned_tells_the_new_owner():
    clock, somebody = a_clock(), make_user()
    with ledger.recording():
        clocks.reassign(clock.handoff, "sales", somebody, MONDAY_NINE + MINUTE)

    sweep.raise_all(at=WARN)

    assert Delivery.objects.to(somebody.pk).count() == 1
