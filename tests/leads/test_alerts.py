"""What an alert says and to whom, and what somebody may do with it."""

import pytest
from django.core import mail

from leads.actions import clocks
from leads.actions.alerting import alerts
from leads.actions.sweeping import sweep
from leads.errors import NotYours
from portal import ledger
from portal.accounts.models import Absence
from portal.ledger.models import LedgerEntry
from portal.notifications import outbox
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_agreement, make_handoff, make_user
from tests.leads.clockwork import (
    HOUR,
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


def told(person, channel="in_app"):
    rows = Delivery.objects.filter(about__startswith="alert:", channel=channel)
    return rows.filter(recipient=person).order_by("pk")


def said(person):
    row = told(person).last()
    return row.title, row.text.splitlines()


def test_before_it_is_due_an_alert_says_how_much_working_time_is_left():
    clock = a_clock(name="Jo Meyer")

    sweep.raise_all(at=WARN)

    title, (due, whose) = said(clock.owner)
    assert title == "15\u00a0min left: Accept or return, Jo Meyer"
    assert due == "Due Mon 2\u00a0Mar 2026 10:00."
    assert whose == f"With {clock.owner}, Inside sales."


def test_at_the_due_instant_it_says_so():
    clock = a_clock(name="Jo Meyer")

    sweep.raise_all(at=DUE)

    assert said(clock.owner)[0] == "Due now: Accept or return, Jo Meyer"


def test_afterwards_it_says_by_how_much_working_time_it_is_late_and_since_when():
    clock = a_clock(name="Jo Meyer")

    sweep.raise_all(at=berlin(2, 14, 45))

    title, lines = said(clock.team.manager)
    assert title == "4\u00a0h late: Accept or return, Jo Meyer"
    assert lines[0] == "Was due Mon 2\u00a0Mar 2026 10:00."


def test_each_reader_is_told_in_their_own_zone():
    make_agreement(
        terms=terms_where(ladders=a_ladder(a_step("due", "acting_owner", "manager")))
    )
    clock = a_clock(segment="event")
    manager = clock.team.manager
    manager.zone = "America/New_York"
    manager.save()

    sweep.raise_all(at=DUE)

    assert "10:00" in said(clock.owner)[1][0]
    assert "04:00" in said(manager)[1][0]


def test_a_clock_of_the_pool_says_that_nobody_has_it():
    clock = a_clock()
    with ledger.recording():
        clocks.reassign(clock.handoff, "sales", None, MONDAY_NINE)

    sweep.raise_all(at=WARN)

    assert said(clock.team.steward)[1][1] == "Nobody in Inside sales has it yet."


def test_an_alert_found_late_says_when_it_was_reached():
    clock = a_clock()

    sweep.raise_all(at=DUE + HOUR)

    assert said(clock.owner)[1][-1] == "Reached Mon 2\u00a0Mar 2026 10:00, found late."


def test_an_alert_leads_to_the_lead():
    clock = a_clock()
    sweep.raise_all(at=WARN)

    assert told(clock.owner).get().link == f"/leads/{clock.lead_id}/"


def test_managers_get_an_hourly_digest_and_the_owner_hears_at_once():
    clock = a_clock()
    sweep.raise_all(at=DUE)

    mine = told(clock.owner, "mail").get(title__startswith="Due now: Accept")
    managers = told(clock.team.manager, "mail").get(title__startswith="Due now: Accept")
    assert (mine.digest, mine.next_at) == ("", DUE)
    assert (managers.digest, managers.next_at) == ("hourly", DUE + HOUR)


def test_the_deputy_of_an_absent_owner_is_told_instead():
    clock, deputy = a_clock(), make_user()
    Absence.objects.create(
        user=clock.owner, deputy=deputy, starts_at=MONDAY_NINE, ends_at=DUE + HOUR
    )

    sweep.raise_all(at=WARN)

    assert told(deputy).count() == 1
    assert told(clock.owner).count() == 0


def test_after_an_outage_each_person_gets_one_mail_for_all_that_was_missed():
    clock = a_clock(segment="demo_request")
    for _ in range(3):
        make_handoff(receiver=clock.owner, segment="demo_request")
    monday_next = berlin(9, 9)

    sweep.raise_all(at=monday_next)
    outbox.deliver_due(at=monday_next + MINUTE)

    addresses = [sent.to[0] for sent in mail.outbox]
    assert len(addresses) == len(set(addresses)) > 1
    assert clock.alerts.filter(found_late=True).count() == 4


def test_each_recipient_of_the_pinned_rule_has_one_delivery_for_each_channel():
    handoff = make_handoff(segment="trial")
    sweep.raise_all(at=DUE)

    clock = clock_of(handoff, "first_attempt")
    alert = clock.alerts.get(step="due")
    rows = Delivery.objects.filter(about=f"alert:{alert.pk}")
    assert set(rows.values_list("recipient", "channel")) == {
        (person.pk, channel)
        for person in (clock.owner, clock.team.manager)
        for channel in ("in_app", "mail")  # the ladder's others are not there yet
    }


# --- seen, I act


def test_who_was_told_may_say_that_it_is_seen_and_the_clock_runs_on():
    clock = a_clock()
    sweep.raise_all(at=DUE)
    alert = clock.alerts.get(step="due")

    alerts.acknowledge(alert_id=alert.pk, by=clock.team.manager, at=DUE + MINUTE)

    alert.refresh_from_db()
    clock.refresh_from_db()
    assert (alert.acknowledged_by, alert.acknowledged_at) == (
        clock.team.manager,
        DUE + MINUTE,
    )
    assert clock.stopped_at is None
    entry = LedgerEntry.objects.about(("alert", alert.pk)).last()
    assert (entry.kind, entry.actor_id) == ("alert_acknowledged", clock.team.manager.pk)


def test_the_first_ones_word_stays():
    clock = a_clock()
    sweep.raise_all(at=WARN)
    alert = clock.alerts.get()
    alerts.acknowledge(alert_id=alert.pk, by=clock.owner, at=WARN)

    alerts.acknowledge(alert_id=alert.pk, by=clock.team.manager, at=WARN + MINUTE)

    alert.refresh_from_db()
    assert (alert.acknowledged_by, alert.acknowledged_at) == (clock.owner, WARN)


def test_somebody_else_may_not():
    clock = a_clock()
    sweep.raise_all(at=WARN)

    with pytest.raises(NotYours):
        alerts.acknowledge(alert_id=clock.alerts.get().pk, by=make_user(), at=WARN)
