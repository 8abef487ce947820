"""The same message sixteen times at once: it happens once, and all get one answer."""

from datetime import timedelta
from functools import partial

import pytest

from leads.actions.events.outgoing import gathering, subscriptions
from leads.actions.journeys import touches
from leads.core.events.outward import EVERY
from leads.models import Inbound, InboundItem, Lead, Outgoing, Touch
from portal.ledger.models import LedgerEntry
from tests.factories import (
    MONDAY_NINE,
    make_handoff,
    make_lead,
    make_operations,
    make_team,
    make_user,
)
from tests.leads.events.sources import a_call, make_source, post
from tests.leads.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NOW = MONDAY_NINE + timedelta(minutes=20)
MANY = 16


def test_sixteen_identical_posts_at_once_have_one_effect_and_equal_answers(clock):
    handoff = make_handoff(at=MONDAY_NINE)
    make_source()
    clock.at = NOW
    call = a_call(handoff.lead, handoff.receiver.email, NOW)

    answers, refused = at_once([lambda: post(call, at=NOW, message_id="msg_1")] * MANY)

    assert (len(answers), refused) == (MANY, [])
    assert {(one.status_code, one.content) for one in answers} == {(200, answers[0].content)}
    assert (Inbound.objects.count(), InboundItem.objects.count()) == (1, 1)
    assert Touch.objects.filter(source="dialler").count() == 1
    assert handoff.moves.filter(move="accept").count() == 1
    assert LedgerEntry.objects.filter(kind="event_taken").count() == 1


def test_sixteen_messages_of_one_event_have_one_effect(clock):
    handoff = make_handoff(at=MONDAY_NINE)
    make_source()
    clock.at = NOW
    call = a_call(handoff.lead, handoff.receiver.email, NOW)

    answers, refused = at_once([lambda: post(call, at=NOW)] * MANY)

    states = sorted(one.json()["events"][0]["state"] for one in answers)
    assert states == ["done"] + ["known"] * (MANY - 1)
    assert refused == []
    assert handoff.clocks.get(kind="cadence").attempts_made == 1


def test_sixteen_new_leads_of_one_address_are_one_lead(clock):
    for team in ("demand-generation", "inside-sales"):
        make_team(team)
    make_source("crm", kind="generic")
    clock.at = NOW
    told = {"event": "lead", "lead": {"email": "ines@aubert.example", "name": "Ines"}}

    answers, _ = at_once([lambda: post(told, at=NOW, source="crm")] * MANY)

    assert {one.status_code for one in answers} == {200}
    assert {one.json()["events"][0]["state"] for one in answers} == {"done"}
    assert Lead.objects.count() == 1


def test_entries_written_while_many_read_on_are_each_told_once():
    """Writers of the ledger and readers of the cursor at once: no place is skipped."""
    wanted = subscriptions.Wanted(name="CRM", address="https://hooks.example.test/in")
    made, _secret = subscriptions.subscribe(wanted=wanted, by=make_operations(), at=NOW)
    people = [make_user() for _ in range(MANY // 2)]
    leads = [make_lead() for _ in people]
    calls = [
        partial(touches.log, lead_id=lead.pk, kind="call", by=person, at=NOW)
        for lead, person in zip(leads, people, strict=True)
    ]

    at_once([*calls, *[partial(gathering.gather_all, at=NOW)] * (MANY // 2)])
    gathering.gather_all(at=NOW)

    told = list(Outgoing.objects.order_by("seq").values_list("seq", flat=True))
    entries = LedgerEntry.objects.filter(seq__gt=made.after, kind__in=EVERY)
    assert told == list(entries.order_by("seq").values_list("seq", flat=True))
    assert len(told) >= len(calls)
