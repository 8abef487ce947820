"""What other systems are told: all of it, once, signed, in order; and what when one is away."""

import json
import re
from datetime import timedelta

import pytest

from leads.actions.events.incoming import rounds
from leads.actions.events.outgoing import gathering, sending, subscriptions
from leads.actions.handing import handoffs
from leads.core.events.outward import EVERY, NOT_SENT, SENT
from leads.errors import EventsRefused
from leads.models import Lead, Outgoing, Subscription
from portal import ledger
from portal.ledger.kinds import Kind
from portal.ledger.models import LedgerEntry
from portal.ledger.verify import verify
from portal.notifications import http
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_handoff, make_operations, make_user
from tests.leads.events.sources import named, signed

pytestmark = pytest.mark.django_db
NOW = MONDAY_NINE + timedelta(minutes=20)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
WANTED = subscriptions.Wanted(name="The CRM", address="https://hooks.example.test/in")


@pytest.fixture
def olga():
    return make_operations()


@pytest.fixture
def system(monkeypatch):
    """A system that hears what is sent and answers with `status`, or is away."""

    class System:
        status, heard, says = 200, [], b"thank you"

        def __call__(self, url, *, policy, body, headers):
            self.heard.append((url, body, headers))
            if self.status is None:
                raise http.Unreachable("no answer in time")
            return http.Reply(self.status, {}, self.says)

        def told(self):
            return [json.loads(body) for _url, body, _headers in self.heard]

    found = System()
    found.heard = []
    monkeypatch.setattr(http, "send", found)
    return found


def subscribe(by, **changes):
    wanted = subscriptions.Wanted(**(vars_of(WANTED) | changes))
    return subscriptions.subscribe(wanted=wanted, by=by, at=MONDAY_NINE)


def vars_of(wanted):
    return {name: getattr(wanted, name) for name in wanted.__slots__}


def told(at=NOW):
    gathering.gather_all(at=at)
    return sending.send_due(at=at)


def test_every_kind_is_sent_or_stands_in_the_list_of_those_that_stay():
    listed = [kind for kinds in SENT.values() for kind in kinds]

    assert set(listed) | set(NOT_SENT) == {kind.value for kind in Kind}
    assert len(listed) == len(EVERY)
    assert not EVERY & set(NOT_SENT)
    assert all(NOT_SENT.values())


def test_each_kind_that_is_sent_goes_out(olga, system):
    handoff = make_handoff(at=MONDAY_NINE)
    subscribe(olga)
    with ledger.recording(at=NOW):
        for kind in Kind:
            ledger.append(kind, subject=("handoff", handoff.pk), lead=handoff.lead_id)

    while told():
        pass

    types = [one["type"] for one in system.told()]
    assert sorted(types) == sorted(kind.replace("_", ".", 1) for kind in EVERY)


def test_state_due_time_and_link_are_fields_that_a_crm_takes_back(olga, system):
    subscribe(olga, kinds=("handoff_offer", "clock_started"))
    handoff = make_handoff(at=MONDAY_NINE)
    named(handoff.lead, "hubspot", "1246965")

    assert told() == 1 + handoff.clocks.count()

    offer, *started = system.told()
    accept = handoff.clocks.get(kind="accept")
    assert (offer["schema"], offer["type"]) == ("concord.event.v1", "handoff.offer")
    assert offer["lead"]["external_ids"] == [{"system": "hubspot", "id": "1246965"}]
    assert offer["handoff"]["state"] == "offered"
    due_at = accept.due_at.isoformat().replace("+00:00", "Z")
    soonest = min(handoff.clocks.all(), key=lambda one: one.due_at)
    assert offer["crm"]["concord_due_at"] == soonest.due_at.isoformat().replace("+00:00", "Z")
    assert offer["crm"]["concord_link"].endswith(f"/leads/{handoff.lead_id}/")
    clocks = {one["clock"]["obligation"]: one["clock"] for one in started}
    assert clocks["accept"]["due_at"] == due_at
    assert clocks["accept"]["state"] == "running"


def test_the_head_of_the_ledger_goes_out_and_what_was_heard_proves_the_chain(olga, system):
    subscribe(olga, kinds=("head_published",))
    make_handoff(at=MONDAY_NINE)
    head = ledger.publish_head(at=NOW)

    told()

    (heard,) = system.told()
    assert (heard["type"], heard["lead"], heard["agreement"]) == ("head.published", None, None)
    assert (heard["facts"]["seq"], heard["facts"]["hash"]) == (head.seq, head.hash)
    kept = {heard["facts"]["seq"]: {heard["facts"]["hash"]}}
    report = verify(LedgerEntry.objects.links(), kept)
    assert (report.is_sound, report.heads) == (True, 1)
    rewritten = {heard["facts"]["seq"]: {"0" * 64}}
    assert not verify(LedgerEntry.objects.links(), rewritten).is_sound


@pytest.mark.parametrize("personal", [False, True])
def test_who_the_lead_is_goes_along_only_where_it_is_asked_for(olga, system, personal):
    subscribe(olga, personal=personal)
    handoff = make_handoff(at=MONDAY_NINE)

    told()

    assert (handoff.lead.email in str(system.told())) is personal
    assert (handoff.lead.name in str(system.told())) is personal


def test_it_is_signed_as_the_standard_says_and_numbered_by_the_ledger(olga, system):
    _made, secret = subscribe(olga, kinds=("handoff_offer",))
    make_handoff(at=MONDAY_NINE)

    told()

    _url, body, headers = system.heard[0]
    key = headers["webhook-id"]
    assert headers == signed(body, secret=secret, at=NOW, message_id=key) | {
        "Content-Type": "application/json"
    }
    entry = LedgerEntry.objects.get(kind="handoff_offer")
    said = json.loads(body)
    assert (said["id"], said["sequence"], said["hash"]) == (key, entry.seq, entry.hash)


def test_a_secret_that_is_replaced_signs_beside_the_new_for_a_day(olga, system):
    made, old = subscribe(olga, kinds=("handoff_offer",))
    new = subscriptions.rotate(subscription_id=made.pk, by=olga, at=NOW)
    made.refresh_from_db()

    assert made.secrets(NOW + timedelta(hours=23)) == (new, old)
    assert made.secrets(NOW + timedelta(hours=24)) == (new,)


def test_a_subscription_begins_with_what_happens_after_it(olga, system):
    make_handoff(at=MONDAY_NINE)
    subscribe(olga)

    told()

    assert [one["type"] for one in system.told()] == []


def test_nothing_is_skipped_and_nothing_told_twice_over_many_passes(olga, system):
    made, _secret = subscribe(olga)
    for _ in range(4):
        make_handoff(at=MONDAY_NINE)
        told()
        told()

    sent = LedgerEntry.objects.filter(seq__gt=made.after, kind__in=EVERY)
    assert [one["sequence"] for one in system.told()] == list(
        sent.order_by("seq").values_list("seq", flat=True)
    )


def test_one_that_is_away_is_tried_again_and_its_circuit_opens(olga, system):
    made, _secret = subscribe(olga, kinds=("handoff_offer",))
    system.status = None
    for _ in range(3):
        make_handoff(at=MONDAY_NINE)
    at = NOW
    for _ in range(9):
        told(at)
        at += 10 * MINUTE

    made.endpoint.refresh_from_db()
    assert made.endpoint.failures >= 5
    assert made.endpoint.last_error == "It did not answer: no answer in time."
    tries = len(system.heard)
    told(at - 10 * MINUTE + SECOND)
    assert len(system.heard) == tries  # the circuit is open
    system.status = 200
    for _ in range(80):
        at += 30 * MINUTE
        told(at)
    assert Outgoing.objects.exclude(state="sent").count() == 0
    first = Outgoing.objects.order_by("seq").first()
    assert [one["status"] for one in first.answers][-2:] == [None, 200]


@pytest.mark.parametrize(("status", "tries"), [(400, 3), (404, 3), (302, 3)])
def test_what_is_refused_is_given_up_after_few_tries_and_can_be_sent_again(
    olga, system, status, tries
):
    subscribe(olga, kinds=("handoff_offer",))
    make_handoff(at=MONDAY_NINE)
    system.status = status
    for n in range(6):
        told(NOW + n * timedelta(hours=2))
    row = Outgoing.objects.get()
    assert (row.state, len(system.heard)) == ("dead", tries)
    assert Delivery.objects.get(about__startswith="subscription:").recipient == olga

    system.status = 200
    sending.send_again(outgoing_id=row.pk, by=olga, at=NOW + timedelta(days=1))
    told(NOW + timedelta(days=1))

    row.refresh_from_db()
    assert row.state == "sent"
    assert system.heard[-1][2]["webhook-id"] == str(row.key)


def test_what_was_answered_stands_in_the_log_without_our_secret_or_address(olga, system):
    where = "https://hooks.example.test/in/T00/a1b2c3d4e5f6?key=0123456789abcdef"
    _made, secret = subscribe(olga, address=where, kinds=("handoff_offer",))
    make_handoff(at=MONDAY_NINE)
    bare = secret.removeprefix("whsec_")
    system.says = f"stage unknown; {where} a1b2c3d4e5f6 0123456789abcdef {bare}\0".encode()
    system.status = 422

    told()

    (answer,) = Outgoing.objects.get().answers
    assert (answer["status"], answer["why"]) == (422, "It answered 422.")
    assert answer["said"] == "stage unknown; […] […] […] […]"


def test_of_a_host_that_only_the_portal_reaches_no_answer_is_kept(olga, system, settings):
    settings.INTERNAL_HOSTS = frozenset({"hooks.example.test"})
    subscribe(olga, kinds=("handoff_offer",))
    make_handoff(at=MONDAY_NINE)

    told()

    assert [set(one) for one in Outgoing.objects.get().answers] == [{"at", "status", "ms"}]


def test_what_was_answered_goes_with_the_payload(olga, system):
    subscribe(olga, kinds=("handoff_offer",))
    make_handoff(at=MONDAY_NINE)
    told()
    assert Outgoing.objects.get().answers[0]["said"] == "thank you"

    rounds.let_go(at=NOW + timedelta(days=31))

    row = Outgoing.objects.get()
    assert (row.payload, row.answers, row.state) == (None, [], "sent")


def test_one_that_is_gone_for_good_is_switched_off(olga, system):
    made, _secret = subscribe(olga, kinds=("handoff_offer",))
    make_handoff(at=MONDAY_NINE)
    system.status = 410

    told()

    made.endpoint.refresh_from_db()
    assert made.endpoint.is_enabled is False


def test_while_it_is_off_nothing_is_lost(olga, system):
    made, _secret = subscribe(olga, kinds=("handoff_offer",))
    off = subscriptions.Wanted(**(vars_of(WANTED) | {"address": "", "is_enabled": False}))
    on = subscriptions.Wanted(**(vars_of(WANTED) | {"address": "", "kinds": made.kinds}))
    subscriptions.change(subscription_id=made.pk, wanted=off, by=olga, at=NOW)
    make_handoff(at=MONDAY_NINE)
    assert told() == 0

    subscriptions.change(subscription_id=made.pk, wanted=on, by=olga, at=NOW)

    assert told() == 1


def test_a_row_that_its_sender_died_with_comes_again_with_the_same_id(olga, system):
    subscribe(olga, kinds=("handoff_offer",))
    make_handoff(at=MONDAY_NINE)
    gathering.gather_all(at=NOW)
    row = Outgoing.objects.get()
    sending._take(row.subscription_id, NOW)  # and then the process dies

    assert sending.send_due(at=NOW + 59 * SECOND) == 0
    assert sending.send_due(at=NOW + 61 * SECOND) == 1
    assert system.heard[0][2]["webhook-id"] == str(row.key)


def test_a_sender_that_dies_in_a_batch_costs_only_its_first_row_a_try(olga, system):
    subscribe(olga, kinds=("handoff_offer",))
    for _ in range(3):
        make_handoff(at=MONDAY_NINE)
    gathering.gather_all(at=NOW)
    subscription = Outgoing.objects.latest("seq").subscription_id

    lives = []
    for life in range(3):  # and then the process dies, three times
        letters = sending._take(subscription, NOW + life * 61 * SECOND)
        lives.append([one.attempts for one in letters])
    system.status = 500
    sending.send_due(at=NOW + 3 * 61 * SECOND)

    assert lives == [[1, 1, 1], [2, 1, 1], [3, 1, 1]]
    assert [row.attempts for row in Outgoing.objects.order_by("seq")] == [4, 0, 0]


def test_a_person_who_is_erased_is_told_of_no_more(olga, system):
    subscribe(olga, personal=True)
    handoff = make_handoff(at=MONDAY_NINE)
    gathering.gather_all(at=NOW)

    Lead.objects.filter(pk=handoff.lead_id).update(closed_at=NOW, closed_as="erased")

    assert sending.send_due(at=NOW) == 0
    assert handoff.lead.email not in str(list(Outgoing.objects.values_list("payload")))


def test_a_test_is_sent_at_once_and_says_what_came_of_it(olga, system):
    made, _secret = subscribe(olga)

    taken, said = sending.try_out(made, by=olga, at=NOW)
    system.status = 500
    refused, why = sending.try_out(made, by=olga, at=NOW)

    assert (taken, refused) == (True, False)
    assert re.fullmatch(r"It was taken: 200 after \d+ ms\.", said)
    assert why == "It answered 500."
    assert system.told()[0]["type"] == "test"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "}, {"address": ""}, {"address": "ftp://x.test/"}, {"kinds": ("dance",)},
        {"address": "http://hooks.example.test/in"},
        {"address": "https://user@hooks.example.test/"},
    ],
)  # fmt: skip
def test_a_subscription_that_cannot_be_is_refused_in_words(olga, changes):
    with pytest.raises(EventsRefused) as refusal:
        subscribe(olga, **changes)

    assert str(refusal.value)
    assert Subscription.objects.count() == 0


def test_only_operations_subscribe():
    with pytest.raises(EventsRefused):
        subscribe(make_user())


def test_an_acceptance_is_told_with_the_state_it_made(olga, system):
    subscribe(olga, kinds=("handoff_accept", "clock_stopped"))
    handoff = make_handoff(at=MONDAY_NINE)
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=NOW)

    told()

    accepted = next(one for one in system.told() if one["type"] == "handoff.accept")
    stopped = next(one for one in system.told() if one["type"] == "clock.stopped")
    assert accepted["handoff"]["accepted_at"] == "2026-03-02T08:20:00Z"
    assert accepted["actor"] == handoff.receiver_id
    assert stopped["clock"]["state"] == "met"
