"""An alert that somebody wants to be told of again later."""

import pytest

from leads.actions.alerting import alerts, snoozing
from leads.actions.handing import handoffs
from leads.actions.sweeping import sweep
from leads.errors import NotYours, SnoozeRefused
from leads.models import Timer
from leads.reports.audit import audit
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from tests.factories import make_user
from tests.leads.clockwork import HOUR, MICROSECOND, MINUTE, a_clock, berlin

pytestmark = pytest.mark.django_db
WARN, DUE, AFTER = berlin(2, 9, 45), berlin(2, 10), berlin(2, 14)
TEN = 10 * MINUTE


@pytest.fixture
def alert():
    """The warning of a clock that is due a quarter of an hour later."""
    clock = a_clock(name="Jo Meyer")
    sweep.raise_all(at=WARN)
    return clock.alerts.get()


def again(person):
    return Delivery.objects.filter(about__contains=":again:", recipient=person)


def snoozed(alert, until=WARN + TEN, at=WARN, by=None):
    return snoozing.snooze(alert_id=alert.pk, until=until, by=by or alert.clock.owner, at=at)


def test_who_snoozes_is_told_again_once_when_it_ends_and_the_clock_runs_on(alert):
    owner = alert.clock.owner
    snoozed(alert)

    sweep.raise_all(at=WARN + TEN - MICROSECOND)
    before = again(owner).count()
    sweep.raise_all(at=WARN + TEN)
    sweep.raise_all(at=WARN + TEN)

    told = again(owner).get()
    alert.clock.refresh_from_db()
    assert before == 0
    assert told.title == "Again: 15\u00a0min left: Accept or return, Jo Meyer"
    assert (told.created_at, alert.clock.due_at, alert.clock.stopped_at) == (
        WARN + TEN, DUE, None,
    )  # fmt: skip


def test_a_snooze_is_ledgered_with_its_end(alert):
    snoozed(alert)

    entry = LedgerEntry.objects.about(("alert", alert.pk)).last()
    assert (entry.kind, entry.actor_id) == ("alert_snoozed", alert.clock.owner_id)
    assert entry.clear["until"] == (WARN + TEN).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@pytest.mark.parametrize(
    ("until", "is_taken"),
    [
        pytest.param(WARN, False, id="now"),
        pytest.param(WARN + MICROSECOND, True, id="just ahead"),
        pytest.param(DUE, True, id="until the next step"),
        pytest.param(DUE + MICROSECOND, False, id="past the next step"),
    ],
)
def test_an_alert_is_snoozed_until_its_next_step_at_most(alert, until, is_taken):
    try:
        snoozed(alert, until=until)
    except SnoozeRefused:
        assert not is_taken
    else:
        assert is_taken


def test_after_the_last_step_an_alert_is_snoozed_for_a_day_at_most(alert):
    at = berlin(20, 9)
    sweep.raise_all(at=at)

    assert snoozing.latest(alert.clock, at) == at + 24 * HOUR


def test_the_next_step_is_raised_although_an_alert_is_snoozed(alert):
    snoozed(alert, until=DUE)

    sweep.raise_all(at=DUE)

    assert list(alert.clock.alerts.order_by("due_at").values_list("step", flat=True)) == [
        "warn",
        "due",
    ]


def test_a_second_word_replaces_the_first(alert):
    snoozed(alert, until=WARN + MINUTE)
    snoozed(alert, until=WARN + TEN)

    sweep.raise_all(at=WARN + MINUTE)

    assert not again(alert.clock.owner).exists()
    assert Timer.objects.to_come().get(kind="snooze_ends").at == WARN + TEN


def test_a_clock_that_stopped_meanwhile_says_nothing_more(alert):
    snoozed(alert)
    handoff = alert.clock.handoff
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=WARN + MINUTE)

    sweep.raise_all(at=WARN + TEN)

    assert not again(alert.clock.owner).exists()
    with pytest.raises(SnoozeRefused):
        snoozed(alert, at=WARN + 2 * MINUTE)


def test_what_somebody_has_seen_is_neither_told_again_nor_snoozed(alert):
    snoozed(alert)
    alerts.acknowledge(alert_id=alert.pk, by=alert.clock.owner, at=WARN + MINUTE)

    sweep.raise_all(at=WARN + TEN)

    assert not again(alert.clock.owner).exists()
    with pytest.raises(SnoozeRefused):
        snoozed(alert, at=WARN + TEN, until=DUE)


def test_somebody_who_was_not_told_and_does_not_act_may_not_snooze(alert):
    with pytest.raises(NotYours):
        snoozed(alert, by=make_user())


def test_the_audit_finds_alerts_and_messages_as_they_should_be(alert):
    snoozed(alert)
    sweep.raise_all(at=WARN + TEN)

    found = {finding.key: finding.rows for finding in audit(WARN + TEN)}
    assert (found["I1"], found["I2"], found["I3"]) == ((), (), ())


def test_the_page_snoozes_without_a_script(alert, client, monkeypatch):
    monkeypatch.setattr("portal.wallclock.now", lambda: WARN)
    client.force_login(alert.clock.owner)
    page = client.get("/alerts/").content.decode()

    client.post(f"/alerts/{alert.pk}/snooze/", {"for": "60"})

    alert.refresh_from_db()
    assert "at its next step" in page
    assert "in an hour" not in page
    assert alert.snoozed_until == DUE
    assert "Told again to" in client.get("/alerts/").content.decode()
