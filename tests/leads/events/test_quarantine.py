"""Quarantine: what waits there is run again once the mapping is right, or set aside."""

from datetime import timedelta

import pytest

from leads.actions.events.incoming import rounds, settling, sources, taking
from leads.core.events import MappingInvalid
from leads.errors import EventsRefused, TimeInDoubt
from leads.models import InboundItem, Lead, Touch
from portal.accounts.models import Role
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_handoff, make_operations, make_user
from tests.leads.events.sources import a_call, make_source, post

pytestmark = pytest.mark.django_db
NOW = MONDAY_NINE + timedelta(minutes=20)


@pytest.fixture
def source(clock):
    clock.at = NOW
    return make_source()


def again(*items, by=None):
    by = by or make_operations()
    return settling.settle_each([one.pk for one in items], now=lambda: NOW, by=by)


def test_what_waited_is_done_after_the_mapping_was_changed(source):
    handoff = make_handoff(at=MONDAY_NINE)
    call = a_call(handoff.lead, handoff.receiver.email, NOW)
    post(call | {"event": "call.done"}, at=NOW)
    waiting = InboundItem.objects.get()
    assert (waiting.state, waiting.reason) == ("quarantined", "no rule of the mapping fits it")
    mapping = source.mapping
    mapping["rules"][2]["when"]["event"] = ["call.done"]

    olga = make_operations("Olga")
    sources.remap(source_id=source.pk, mapping=mapping, by=olga, at=NOW)
    done = again(waiting, by=olga)[0]

    assert (done.state, done.settled_by, done.tries) == ("done", olga, 2)
    assert Touch.objects.get(source="dialler").by == handoff.receiver
    assert LedgerEntry.objects.get(kind="event_taken").actor_id == olga.pk


def test_a_call_of_a_lead_that_comes_later_is_done_then(source):
    handoff = make_handoff(at=MONDAY_NINE)
    email, lead = handoff.lead.email, handoff.lead
    Lead.objects.filter(pk=lead.pk).update(email_key="nobody@yet.test")
    post(a_call(lead, handoff.receiver.email, NOW), at=NOW)
    waiting = InboundItem.objects.get()
    assert waiting.path == "contact.email"

    Lead.objects.filter(pk=lead.pk).update(email_key=email)

    assert again(waiting)[0].state == "done"


def test_a_list_that_was_not_where_the_mapping_said_is_split_when_it_is(source):
    handoff = make_handoff(at=MONDAY_NINE)
    calls = [a_call(handoff.lead, handoff.receiver.email, NOW) for _ in range(3)]
    mapping = source.mapping | {"items": "events"}
    sources.remap(source_id=source.pk, mapping=mapping, by=source.keeper, at=NOW)
    post({"data": calls}, at=NOW)
    whole = InboundItem.objects.get()
    assert (whole.path, whole.whole) == ("events", True)

    sources.remap(
        source_id=source.pk, mapping=mapping | {"items": "data"}, by=source.keeper, at=NOW
    )
    again(whole)
    rounds.go_on(now=lambda: NOW)

    assert list(InboundItem.objects.values_list("state", flat=True)) == ["done"] * 3
    assert Touch.objects.filter(source="dialler").count() == 3


def test_what_is_set_aside_is_not_run_again(source):
    post({"event": "dance"}, at=NOW)
    item = InboundItem.objects.get()

    settling.drop(item_id=item.pk, by=make_operations(), at=NOW)

    assert again(item)[0].state == "dropped"
    assert LedgerEntry.objects.filter(kind="event_dropped").count() == 1


def test_what_a_process_took_in_before_it_died_is_gone_on_with(source):
    handoff = make_handoff(at=MONDAY_NINE)
    body = a_call(handoff.lead, handoff.receiver.email, NOW)
    taking.keep(source=source, message_id="msg_1", proof="token", raw=b"{}", body=body, at=NOW)

    assert rounds.go_on(now=lambda: NOW) == 1
    assert Touch.objects.filter(source="dialler").count() == 1
    assert rounds.go_on(now=lambda: NOW) == 0


def test_of_a_long_message_the_first_are_settled_at_once_and_all_in_the_end(source):
    handoff = make_handoff(at=MONDAY_NINE)
    calls = [a_call(handoff.lead, handoff.receiver.email, NOW) for _ in range(23)]

    answer = post(calls, at=NOW)

    assert answer.status_code == 202
    assert [one["state"] for one in answer.json()["events"]].count("waiting") == 3
    rounds.go_on(now=lambda: NOW)
    assert InboundItem.objects.filter(state="done").count() == 23


def test_who_keeps_the_source_is_told_once_an_hour(source):
    for _ in range(3):
        post({"event": "dance"}, at=NOW)

    told = Delivery.objects.get(about__startswith="source:")
    assert told.recipient == source.keeper
    assert told.link == "/sources/of/dialler/quarantine/"


def test_while_the_hosts_time_is_in_doubt_an_event_waits_for_the_next_round(
    source, monkeypatch
):
    handoff = make_handoff(at=MONDAY_NINE)

    def doubt(*args):
        raise TimeInDoubt("The clock of this host jumped.")

    with monkeypatch.context() as patch:
        patch.setattr(settling.effects, "apply", doubt)
        answer = post(a_call(handoff.lead, handoff.receiver.email, NOW), at=NOW)
    assert answer.status_code == 202

    assert rounds.go_on(now=lambda: NOW) == 1
    assert InboundItem.objects.get().state == "done"


def test_one_that_breaks_down_stops_no_other_and_says_why(source, monkeypatch):
    handoff = make_handoff(at=MONDAY_NINE)
    calls = [a_call(handoff.lead, handoff.receiver.email, NOW) for _ in range(3)]
    act, seen = settling.effects.apply, []

    def breaks_once(event, *args):
        seen.append(event)
        if len(seen) == 2:
            raise LookupError("a fault of ours")
        return act(event, *args)

    monkeypatch.setattr(settling.effects, "apply", breaks_once)
    answer = post(calls, at=NOW)

    assert [one["state"] for one in answer.json()["events"]] == ["done", "quarantined", "done"]
    assert "a fault of ours" in InboundItem.objects.get(number=1).reason


def test_after_a_month_payloads_go_and_ids_stay(source):
    handoff = make_handoff(at=MONDAY_NINE)
    call = a_call(handoff.lead, handoff.receiver.email, NOW)
    post(call, at=NOW, message_id="msg_1")
    post({"event": "dance"}, at=NOW)

    assert rounds.let_go(at=NOW + timedelta(days=29)) == 0
    assert rounds.let_go(at=NOW + timedelta(days=31)) == 1

    kept = InboundItem.objects.get(state="quarantined")
    assert kept.payload == {"event": "dance"}
    assert post(call, at=NOW, message_id="msg_1").json()["events"][0]["state"] == "done"


@pytest.mark.parametrize("role", [Role.MEMBER, Role.MANAGER, Role.AUDITOR])
def test_sources_are_kept_by_operations_and_admins_only(role):
    team = None if role == Role.AUDITOR else "inside-sales"
    other, keeper = make_user(role=role, team=team), make_operations()
    wanted = sources.Wanted(name="x", system="", keeper=keeper)

    with pytest.raises(EventsRefused):
        sources.make(key="x", kind="generic", wanted=wanted, by=other, at=NOW)


@pytest.mark.parametrize("key", ["portal", "dialler"])
def test_a_key_is_one_sources_and_never_the_portals_own(source, key):
    wanted = sources.Wanted(name="x", system="", keeper=source.keeper)

    with pytest.raises(EventsRefused):
        sources.make(key=key, kind="generic", wanted=wanted, by=source.keeper, at=NOW)


def test_a_mapping_that_is_none_changes_nothing(source):
    with pytest.raises(MappingInvalid):
        sources.remap(source_id=source.pk, mapping={"rules": []}, by=source.keeper, at=NOW)

    source.refresh_from_db()
    assert source.mapping["rules"]
