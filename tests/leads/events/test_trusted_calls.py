"""A dialler's call counts when it was made, and closes what it answers; a claim does not."""

from datetime import timedelta

import pytest

from leads.actions.journeys import touches
from leads.actions.sweeping import sweep
from leads.models import Alert, InboundItem, Touch
from portal.ledger.models import LedgerEntry
from tests.factories import make_handoff
from tests.leads.clockwork import berlin, clock_of
from tests.leads.events.sources import a_call, make_source, post

pytestmark = pytest.mark.django_db
OFFERED = berlin(2, 13, 45)
CALLED = berlin(2, 13, 58)
ARRIVED = berlin(2, 14, 6)


@pytest.fixture
def handoff():
    return make_handoff(at=OFFERED)


def test_a_call_of_1358_that_arrives_at_1406_counts_at_1358_and_closes_accept(handoff, clock):
    make_source()
    clock.at = ARRIVED

    answer = post(a_call(handoff.lead, handoff.receiver.email, CALLED), at=ARRIVED)

    assert answer.status_code == 200, answer.content
    assert answer.json()["events"][0]["state"] == "done"
    touch = Touch.objects.get(source="dialler")
    assert (touch.occurred_at, touch.recorded_at, touch.trusted) == (CALLED, ARRIVED, True)
    handoff.refresh_from_db()
    assert (handoff.state, handoff.accepted_at) == ("accepted", CALLED)
    accept = clock_of(handoff, "accept")
    assert (accept.stopped_at, accept.outcome) == (CALLED, "met")


def test_accept_that_went_late_meanwhile_is_met_and_its_alert_stays_and_says_so(clock):
    accept = clock_of(make_handoff(at=OFFERED))
    handoff = accept.handoff
    called = accept.due_at - timedelta(minutes=1)
    arrived = accept.due_at + timedelta(minutes=7)
    sweep.raise_due(at=accept.due_at + timedelta(minutes=1))
    raised = Alert.objects.filter(clock=accept, due_at__gte=called)
    assert raised.exists()
    make_source()
    clock.at = arrived

    post(a_call(handoff.lead, handoff.receiver.email, called), at=arrived)

    accept.refresh_from_db()
    assert (accept.stopped_at, accept.outcome) == (called, "met")
    assert {one.met_by_evidence_at for one in raised} == {arrived}


def test_a_call_older_than_its_lag_is_shown_as_claimed_and_not_used(handoff, clock):
    make_source()
    arrived = CALLED + timedelta(minutes=31)
    clock.at = arrived

    post(a_call(handoff.lead, handoff.receiver.email, CALLED), at=arrived)

    touch = Touch.objects.get(source="dialler")
    assert (touch.occurred_at, touch.claimed_at, touch.trusted) == (arrived, CALLED, False)
    handoff.refresh_from_db()
    assert handoff.accepted_at == arrived
    shown = InboundItem.objects.get().result
    assert (shown["trusted"], shown["claimed_at"]) == (False, CALLED.isoformat())


def test_a_source_that_the_agreement_does_not_name_is_not_trusted(handoff, clock):
    make_source("callbox")
    clock.at = ARRIVED

    post(a_call(handoff.lead, handoff.receiver.email, CALLED), at=ARRIVED, source="callbox")

    handoff.refresh_from_db()
    assert handoff.accepted_at == ARRIVED


def test_a_time_that_a_person_types_is_kept_as_a_claim_and_never_used(handoff):
    touch = touches.log(
        lead_id=handoff.lead_id, kind="call", by=handoff.receiver, at=ARRIVED,
        occurred_at=CALLED,
    )  # fmt: skip

    handoff.refresh_from_db()
    assert (touch.claimed_at, touch.trusted) == (CALLED, False)
    assert handoff.accepted_at == ARRIVED


def test_the_ledger_says_which_message_it_came_from(handoff, clock):
    make_source()
    clock.at = ARRIVED

    post(a_call(handoff.lead, handoff.receiver.email, CALLED), at=ARRIVED)

    item = InboundItem.objects.get()
    entry = LedgerEntry.objects.get(kind="event_taken")
    assert entry.subject == ("inbounditem", item.pk)
    assert entry.lead_id == handoff.lead_id
    assert entry.clear["source"] == "dialler"
    assert entry.clear["proof"] == "signature"
    assert entry.clear["message"] == item.inbound.digest
