"""What each kind of event does to a lead, with what HubSpot, Salesforce and a dialler send."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from leads.actions import contributions
from leads.actions.events.incoming import sources
from leads.actions.sweeping import sweep
from leads.models import InboundItem, Lead, Meeting, Touch
from tests.factories import MONDAY_NINE, make_accepted, make_handoff, make_lead, make_user
from tests.leads.events.sources import make_source, named, post

pytestmark = pytest.mark.django_db
NOW = MONDAY_NINE + timedelta(minutes=20)
FIXTURES = Path(__file__).with_name("fixtures")
HUBSPOT = json.loads((FIXTURES / "hubspot.json").read_text())
SALESFORCE = json.loads((FIXTURES / "salesforce.json").read_text())
IDS = {"hubspot": "1246965", "salesforce": "00Q5g00000ABcDeEAL"}


@pytest.fixture(params=["hubspot", "salesforce"])
def crm(request, clock):
    clock.at = NOW
    return make_source(request.param, kind=request.param, system=request.param)


def shape(crm, name, owner=None):
    book = HUBSPOT if crm.key == "hubspot" else SALESFORCE
    text = json.dumps(book[name])
    return json.loads(text.replace("OWNER", owner.email if owner else ""))


def told(crm, payload):
    """Post it; what became of its one event, as (state, reason or what was done)."""
    answer = post(payload, at=NOW, source=crm.key)
    assert answer.status_code == 200, answer.content
    item = InboundItem.objects.latest("pk")
    return item.state, item.result.get("what") or f"{item.path}: {item.reason}"


def people_of(crm, **people):
    mapping = crm.mapping | {"people": {key: one.email for key, one in people.items()}}
    sources.remap(source_id=crm.pk, mapping=mapping, by=crm.keeper, at=NOW)


def test_a_finished_call_is_an_attempt_and_accepts(crm):
    handoff = make_handoff(at=MONDAY_NINE)
    named(handoff.lead, crm.system, IDS[crm.key])

    assert told(crm, shape(crm, "call", handoff.receiver)) == ("done", "logged")

    touch = Touch.objects.get(source=crm.key)
    assert (touch.kind, touch.direction, touch.seconds) == ("call", "outbound", 184)
    assert touch.claimed_at == MONDAY_NINE + timedelta(minutes=15)
    handoff.refresh_from_db()
    assert handoff.state == "accepted"


def test_a_meeting_is_booked_and_nobody_comes(clock):
    clock.at = NOW
    crm = make_source("hubspot", kind="hubspot", system="hubspot")
    handoff = make_handoff(at=MONDAY_NINE)
    named(handoff.lead, "hubspot", IDS["hubspot"])

    assert told(crm, shape(crm, "meeting", handoff.receiver)) == ("done", "meeting")
    handoff.refresh_from_db()
    assert handoff.state == "accepted"
    meeting = Meeting.objects.get()
    clock.at = meeting.starts_at + timedelta(minutes=30)
    answer = post(shape(crm, "no_show", handoff.receiver), at=clock.at, source="hubspot")

    assert answer.json()["events"][0]["state"] == "done"
    meeting.refresh_from_db()
    assert meeting.missed_at == clock.at


def test_an_event_of_salesforce_is_a_meeting(clock):
    clock.at = NOW
    crm = make_source("salesforce", kind="salesforce", system="salesforce")
    handoff = make_handoff(at=MONDAY_NINE)
    named(handoff.lead, "salesforce", IDS["salesforce"])

    assert told(crm, shape(crm, "event", handoff.receiver)) == ("done", "meeting")
    assert Meeting.objects.get().host == handoff.receiver


def test_an_old_label_moves_the_lead_over_the_handoff_that_waits(crm):
    """SQL is an old label of a stage; who accepted in the CRM accepts here."""
    handoff = make_handoff(at=MONDAY_NINE)
    named(handoff.lead, crm.system, IDS[crm.key])
    crm.speaks_for_seat = True
    crm.save()
    people_of(crm, **{"0055g000001XYZABC4": handoff.receiver, "81473": handoff.receiver})

    payload = shape(crm, "change") if crm.key == "salesforce" else HUBSPOT["app"][:1]
    label = handoff.version.parsed.stage(
        handoff.version.parsed.handoff(handoff.kind).to_stage
    ).legacy
    text = json.dumps(payload).replace("salesqualifiedlead", label)
    text = text.replace("Working - Contacted", label)

    assert told(crm, json.loads(text)) == ("done", "accepted")
    handoff.refresh_from_db()
    assert handoff.state == "accepted"


def test_each_event_of_a_list_has_its_own_result(clock):
    clock.at = NOW
    crm = make_source("hubspot", kind="hubspot", system="hubspot")
    handoff = make_handoff(at=MONDAY_NINE)
    named(handoff.lead, "hubspot", IDS["hubspot"])

    answer = post(HUBSPOT["app"], at=NOW, source="hubspot").json()["events"]

    assert [one["state"] for one in answer] == ["quarantined", "quarantined", "ignored"]
    assert answer[1]["path"] == "propertyValue"
    assert "81473" in answer[1]["reason"]
    assert crm.key == "hubspot"


def test_the_owners_mail_gives_the_handoff_to_that_member(crm):
    handoff, other = make_handoff(at=MONDAY_NINE), make_user()
    named(handoff.lead, crm.system, IDS[crm.key])
    people_of(crm, **{"0055g000001XYZABC4": other, "81473": other})

    payload = shape(crm, "owner") if crm.key == "salesforce" else HUBSPOT["app"][1:2]

    assert told(crm, payload) == ("done", "owner")
    handoff.refresh_from_db()
    assert handoff.receiver == other
    assert handoff.lead.assignments.get(department="sales", until=None).member == other


def test_an_owner_in_marketing_gets_marketings_seat(clock):
    clock.at = NOW
    crm = make_source("hubspot", kind="hubspot", system="hubspot")
    lead, other = named(make_lead(), "hubspot", "1246965"), make_user(team="demand-generation")
    people_of(crm, **{"81473": other})

    assert told(crm, HUBSPOT["app"][1:2]) == ("done", "owner")
    assert lead.assignments.get(department="marketing", until=None).member == other


@pytest.mark.parametrize(
    ("name", "state", "outcome"), [("won", "completed", "won"), ("lost", "closed", "lost")]
)
def test_a_deal_that_is_won_or_lost_ends_the_handoff(clock, name, state, outcome):
    clock.at = NOW
    crm = make_source("salesforce", kind="salesforce", system="salesforce")
    handoff = make_accepted(at=MONDAY_NINE)
    named(handoff.lead, "salesforce", IDS["salesforce"])

    assert told(crm, shape(crm, name, handoff.receiver)) == ("done", name)
    handoff.refresh_from_db()
    assert (handoff.state, handoff.outcome) == (state, outcome)


def test_a_new_lead_of_the_crm_is_one_lead_with_its_id(crm):
    make_lead()

    assert told(crm, shape(crm, "contact" if crm.key == "hubspot" else "lead")) == (
        "done",
        "new",
    )

    lead = Lead.objects.latest("pk")
    assert (lead.name, lead.email, lead.company.domain) == (
        "Ines Moreau", "ines@aubert.example", "aubert.example",
    )  # fmt: skip
    assert lead.provenance["lead.email"]["by"] == crm.key
    assert lead.sources.get().source == crm.system
    assert lead.assignments.filter(until=None).count() == 2


def test_material_was_used(clock):
    clock.at = NOW
    source = make_source("crm", kind="generic")
    handoff = make_accepted(at=MONDAY_NINE)
    asked = contributions.ask(
        lead_id=handoff.lead_id, kind="case_study", subject="Retail", by=handoff.receiver,
        at=MONDAY_NINE,
    )  # fmt: skip
    contributions.deliver(contribution_id=asked.pk, by=asked.owner, at=MONDAY_NINE)

    told_of = {
        "event": "used", "lead": {"email": handoff.lead.email}, "kind": "case_study",
        "by": handoff.receiver.email, "used": "yes",
    }  # fmt: skip
    assert told(source, told_of) == ("done", "used")
    asked.refresh_from_db()
    assert asked.used is True


@pytest.mark.parametrize(
    ("payload", "path", "says"),
    [
        ({"event": "touch", "kind": "call"}, "lead.email", "nothing says which lead"),
        ({"event": "touch", "kind": "call", "lead": {"id": "9"}}, "lead.id", "crm 9"),
        ({"event": "touch", "kind": "telepathy", "lead": {"id": "1"}}, "kind", "telepathy"),
        ({"event": "touch", "kind": "call", "lead": {"id": "1"}}, "by", "who did this"),
        (
            {"event": "touch", "kind": "call", "lead": {"id": "1"}, "by": "who@else.test"},
            "by", "who@else.test",
        ),
        (
            {"event": "touch", "kind": "call", "lead": {"id": "1"}, "by": "4711"},
            "by", "people in the mapping",
        ),
        ({"event": "stage", "stage": "Gold", "lead": {"id": "1"}}, "stage", "Gold"),
        ({"event": "no_show", "meeting": "8"}, "meeting", "8"),
        ({"event": "won", "lead": {"id": "1"}}, "lead.id", "no accepted handoff"),
        ({"event": "used", "lead": {"id": "1"}}, "lead.id", "no delivered material"),
        ({"event": "dance"}, "", "no rule"),
        (7, "", "an object"),
    ],
)  # fmt: skip
def test_what_is_not_understood_waits_in_quarantine_with_its_field(clock, payload, path, says):
    clock.at = NOW
    source = make_source("crm", kind="generic")
    named(make_lead(), "crm", "1")

    state, why = told(source, [payload])

    assert state == "quarantined"
    assert why.startswith(f"{path}: ")
    assert says in why
    assert Touch.objects.count() == 0


def test_a_refusal_of_an_action_is_the_reason_and_nothing_of_it_stays(clock):
    clock.at = NOW
    source = make_source("crm", kind="generic")
    handoff, stranger = make_handoff(at=MONDAY_NINE), make_user(team="outside-sales")
    to = handoff.version.parsed.handoff(handoff.kind).to_stage

    state, why = told(
        source,
        {"event": "stage", "stage": to, "by": stranger.email,
         "lead": {"email": handoff.lead.email}},
    )  # fmt: skip

    assert state == "quarantined"
    assert "may do this" in why
    handoff.refresh_from_db()
    assert handoff.state == "offered"


def test_where_the_source_speaks_for_the_seat_nobody_needs_to_be_named(clock):
    clock.at = NOW
    source = make_source("crm", kind="generic", speaks_for_seat=True)
    handoff = make_handoff(at=MONDAY_NINE)

    told_of = {"event": "touch", "kind": "call", "lead": {"email": handoff.lead.email}}

    assert told(source, told_of) == ("done", "logged")
    assert Touch.objects.get(source="crm").by == handoff.receiver


def test_an_alert_that_came_first_stays_and_the_late_call_is_late(clock):
    """Nothing is trusted here, so the call counts when it arrived."""
    source = make_source("crm", kind="generic", speaks_for_seat=True)
    handoff = make_handoff(at=MONDAY_NINE)
    accept = handoff.clocks.get(kind="accept")
    clock.at = accept.due_at + timedelta(minutes=5)
    sweep.raise_due(at=accept.due_at + timedelta(minutes=1))

    answer = post(
        {"event": "touch", "kind": "call", "lead": {"email": handoff.lead.email}},
        at=clock.at, source=source.key,
    )  # fmt: skip

    assert answer.json()["events"][0]["state"] == "done"
    accept.refresh_from_db()
    assert accept.outcome == "late"


@pytest.mark.parametrize(
    ("word", "became"),
    [("subscriber", ("done", "moved")), ("other", ("ignored", ": "))],
)
def test_words_of_hubspots_own_journey_are_the_nearest_stage_or_none(clock, word, became):
    clock.at = NOW
    crm = make_source("hubspot", kind="hubspot", system="hubspot", speaks_for_seat=True)
    lead = named(make_lead(at=MONDAY_NINE), "hubspot", IDS["hubspot"])
    payload = json.dumps(HUBSPOT["app"][:1]).replace("salesqualifiedlead", word)

    assert told(crm, json.loads(payload)) == became

    lead.refresh_from_db()
    assert lead.stage == ("noticed" if word == "subscriber" else "comparing")
