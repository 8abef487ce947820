"""Alerts are computed again from the ledger: what somebody changed past the portal is named."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from leads.actions import clocks
from leads.actions.sweeping import sweep
from leads.models import Alert, Clock, Outage
from leads.reports.audit import alerts
from portal import ledger
from tests.kept import kept
from tests.leads.clockwork import HOUR, MINUTE, a_clock, a_pausable_clock, berlin

pytestmark = pytest.mark.django_db
LATER = berlin(2, 15)


@pytest.fixture
def clock(running):
    return Clock.objects.get(pk=running)


@pytest.fixture(scope="module")
def running(django_db_setup, django_db_blocker):
    with kept(django_db_blocker):
        yield a_running_clock().pk


def a_running_clock():
    """Paused once, reached its first steps, running on."""
    made = a_pausable_clock()
    mine = {"clock_id": made.pk, "by": made.owner}
    clocks.pause(reason="call_back", at=berlin(2, 9, 10), **mine)
    clocks.resume(at=berlin(2, 9, 40), **mine)
    sweep.raise_all(at=LATER)
    made.refresh_from_db()
    assert 1 < made.alerts.count() < len(made.steps)
    return made


def differences(at=LATER):
    return list(alerts.broken(at))


def by_hand(statement, *values):
    """As somebody with the database's password would do it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_what_the_portal_did_itself_is_as_expected(clock):
    assert differences() == []


def test_a_deleted_alert_is_missing_and_its_row_is_gone(clock):
    gone = clock.alerts.earliest("due_at")
    by_hand("DELETE FROM leads_alert WHERE id = %s", gone.pk)

    missing, row = differences()

    assert missing.startswith(f"clock {clock.pk}, step {gone.step}, due ")
    assert missing.endswith("its alert is missing")
    assert row == f"alert {gone.pk} of clock {clock.pk}, step {gone.step}: its row is gone"


def test_an_alert_that_was_never_raised_is_missing(clock):
    by_hand("UPDATE leads_clock SET next_step_at = NULL WHERE id = %s", clock.pk)
    last = clock.steps[-1]
    sweep.raise_all(at=berlin(9, 12))

    words = differences(at=berlin(9, 12))

    assert f"clock {clock.pk}, its next step is not when its steps say" in words
    assert any(f"step {last['key']}, due " in one and "missing" in one for one in words)


def test_an_alert_that_somebody_added_is_one_too_many(clock):
    other = a_clock(at=LATER)
    step = other.steps[-1]["key"]
    added = Alert.objects.create(
        clock=other, step="invented", level="at", due_at=LATER, raised_at=LATER
    )
    unknown = Alert.objects.create(
        clock=other, step=step, level="after", due_at=LATER, raised_at=LATER
    )

    words = differences()

    assert f"clock {other.pk}, step invented: alert {added.pk} is one too many" in words
    assert any(f"step {step}: alert {unknown.pk} says due" in one for one in words)
    for one in (added, unknown):
        assert (
            f"alert {one.pk} of clock {other.pk}, step {one.step}: the ledger does not know it"
            in words
        )


@pytest.mark.parametrize(
    "change", [{"due_at": F("due_at") + HOUR}, {"level": "none"}, {"step": "other"}], ids=str
)
def test_an_alert_that_was_changed_is_named(clock, change):
    alert = clock.alerts.latest("due_at")
    Alert.objects.filter(pk=alert.pk).update(**change)

    assert any(f"alert {alert.pk} of clock {clock.pk}" in one for one in differences())


def test_an_alert_said_to_be_raised_before_it_was_due_is_named(clock):
    alert = clock.alerts.latest("due_at")
    Alert.objects.filter(pk=alert.pk).update(raised_at=alert.due_at - MINUTE)

    assert differences() == [
        f"clock {clock.pk}, step {alert.step}: alert {alert.pk} was raised before it was due"
    ]


def test_a_step_that_was_put_off_is_named_before_it_is_due(clock):
    steps = [
        one | {"at": (clock.due_at + timedelta(days=9)).isoformat()} for one in clock.steps
    ]
    Clock.objects.filter(pk=clock.pk).update(steps=steps)

    assert f"clock {clock.pk}, its steps are not those of the ledger" in differences()


def test_the_next_step_put_off_is_named_before_it_is_due(clock):
    Clock.objects.filter(pk=clock.pk).update(next_step_at=F("next_step_at") + HOUR)

    assert differences() == [f"clock {clock.pk}, its next step is not when its steps say"]


def test_a_ladder_that_cannot_be_read_is_named(clock):
    Clock.objects.filter(pk=clock.pk).update(steps=[{"at": 7}])

    assert f"clock {clock.pk}, its steps cannot be read" in differences()


def test_a_clock_that_the_ledger_does_not_know_is_named(clock):
    stranger = Clock.objects.get(pk=clock.pk)
    stranger.pk, stranger.round = clock.pk + 1_000, 7
    stranger.save(force_insert=True)
    Alert.objects.create(clock=stranger, step="due", level="at", due_at=LATER, raised_at=LATER)

    assert (
        f"clock {stranger.pk}, the ledger does not know it, and it has alerts" in differences()
    )


def test_pages_are_read_to_the_end_whatever_their_length(clock, monkeypatch):
    for minute in range(5):
        a_clock(at=berlin(2, 9, minute))
    sweep.raise_all(at=LATER)
    Alert.objects.filter(pk=Alert.objects.latest("pk").pk).delete()
    whole = differences()

    for length in (1, 2, 3, 7):
        monkeypatch.setattr(alerts, "PAGE", length)
        assert differences() == whole != []


def test_an_outage_changes_nothing_of_what_is_expected(clock):
    Outage.objects.create(began_at=berlin(2, 9), ended_at=LATER)

    assert differences() == []


def test_a_stop_by_evidence_that_came_later_keeps_its_alerts(clock):
    with ledger.recording():
        clocks.stop([clock], at=berlin(2, 9, 50), evidence_at=LATER + MINUTE)

    assert clock.alerts.exclude(met_by_evidence_at=None).exists()
    assert differences(at=LATER + HOUR) == []
