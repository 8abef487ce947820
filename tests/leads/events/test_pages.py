"""The pages of other systems: a source from its making to what came of a message."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.events.outgoing import gathering, sending
from leads.models import EventSource, InboundItem, Lead, Outgoing, Subscription, Touch
from portal.accounts.models import Role
from portal.ledger.models import LedgerEntry
from portal.notifications import http
from tests.factories import MONDAY_NINE, make_handoff, make_operations, make_user
from tests.leads.events.sources import a_call, make_source, post

pytestmark = pytest.mark.django_db
NOW = MONDAY_NINE + timedelta(minutes=20)


@pytest.fixture
def olga(client, clock):
    clock.at = NOW
    found = make_operations("Olga")
    client.force_login(found)
    return found


def page(client, name, *args, **query):
    answer = client.get(reverse(f"leads:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.text


def test_a_source_is_made_and_its_secrets_are_shown_once(client, olga):
    made = client.post(
        reverse("leads:source-new"),
        {"name": "Dialler", "key": "dialler", "kind": "dialler", "keeper": olga.pk,
         "is_active": "on"},
    )  # fmt: skip

    source = EventSource.objects.get()
    assert "whsec_" in made.text
    assert "/in/dialler/" in made.text
    assert "whsec_" not in page(client, "source", "dialler")
    assert (source.system, source.keeper) == ("dialler", olga)
    assert LedgerEntry.objects.get(kind="configured").clear["added"] is True


def test_a_key_that_is_taken_is_said_at_its_field(client, olga):
    make_source(keeper=olga)

    again = client.post(
        reverse("leads:source-new"),
        {"name": "x", "key": "dialler", "kind": "generic", "keeper": olga.pk},
    )

    assert again.status_code == 422
    assert "Choose another" in again.text


def test_a_message_is_tried_and_nothing_of_it_stays(client, olga):
    source = make_source(keeper=olga)
    handoff = make_handoff(at=MONDAY_NINE)
    called = NOW - timedelta(minutes=8)
    before = LedgerEntry.objects.count()

    shown = client.post(
        reverse("leads:source-mapping", args=[source.key]),
        {"do": "try", "mapping": json.dumps(source.mapping),
         "payload": json.dumps(a_call(handoff.lead, handoff.receiver.email, called))},
    )  # fmt: skip

    assert shown.status_code == 200
    assert "A touch" in shown.text
    assert "the agreement trusts this source" in shown.text
    assert str(handoff.lead) in shown.text
    assert (Touch.objects.count(), InboundItem.objects.count()) == (0, 0)
    assert LedgerEntry.objects.count() == before


def test_a_try_says_what_is_missing(client, olga):
    source = make_source(keeper=olga)

    shown = client.post(
        reverse("leads:source-mapping", args=[source.key]),
        {"do": "try", "mapping": json.dumps(source.mapping),
         "payload": '{"event": "call.ended", "contact": {"email": "who@else.test"}}'},
    )  # fmt: skip

    assert "It would wait in quarantine" in shown.text
    assert "no lead is known as who@else.test" in shown.text
    assert "contact.email" in shown.text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"mapping": "{", "payload": "{}"}, "This is not JSON"),
        ({"mapping": '{"rules": []}', "payload": "{}"}, "rules: write a list"),
        (
            {"mapping": '{"rules": [{"name": "x", "event": "ignore"}]}', "payload": "{"},
            "not JSON",
        ),
        ({"mapping": "[" * 9_000, "payload": "{}"}, "nobody reads alike"),
    ],
)
@pytest.mark.parametrize("do", ["try", "keep"])
def test_what_is_wrong_is_said_at_its_field(client, olga, fields, says, do):
    source = make_source(keeper=olga)
    if do == "keep" and fields["payload"] == "{":
        return

    answer = client.post(
        reverse("leads:source-mapping", args=[source.key]), fields | {"do": do}
    )

    assert answer.status_code == 422
    assert says in answer.text
    source.refresh_from_db()
    assert source.mapping["rules"]


def test_quarantine_is_run_again_in_bulk_from_its_page(client, olga):
    source = make_source(keeper=olga)
    handoff = make_handoff(at=MONDAY_NINE)
    Lead.objects.filter(pk=handoff.lead_id).update(email_key="")
    for _ in range(3):
        post(a_call(handoff.lead, handoff.receiver.email, NOW), at=NOW)
    assert "3 events wait in quarantine" in page(client, "source", source.key)
    assert "no lead is known as" in page(client, "source-quarantine", source.key)
    Lead.objects.filter(pk=handoff.lead_id).update(email_key=handoff.lead.email)

    answer = client.post(
        reverse("leads:source-quarantine", args=[source.key]), {"do": "all"}, follow=True
    )

    assert "3 events were taken over." in answer.text
    assert "Nothing waits" in answer.text
    assert Touch.objects.filter(source="dialler").count() == 3


def test_the_chosen_are_set_aside(client, olga):
    source = make_source(keeper=olga)
    post({"event": "dance"}, at=NOW)
    item = InboundItem.objects.get()
    shown = page(client, "event-item", item.pk)
    assert "no rule of the mapping fits it" in shown
    assert "dance" in page(client, "source-mapping", source.key, item=item.pk)

    client.post(
        reverse("leads:source-quarantine", args=[source.key]), {"do": "drop", "pick": item.pk}
    )

    item.refresh_from_db()
    assert item.state == "dropped"


def test_a_subscription_is_made_tried_and_its_log_read(client, olga, monkeypatch):
    replies = [200, 500, 200]
    said = b'<b>no field stage</b> "token": "hunter2" bell\x07\x00'
    monkeypatch.setattr(
        http, "send", lambda *args, **more: http.Reply(replies.pop(0), {}, said)
    )
    made = client.post(
        reverse("leads:subscription-new"),
        {"name": "CRM", "address": "https://hooks.example.test/in", "is_enabled": "on",
         "kinds_handoff": ["handoff_offer"]},
    )  # fmt: skip
    assert "whsec_" in made.text
    subscription = Subscription.objects.get()
    tried = client.post(reverse("leads:subscription-test", args=[subscription.pk]), follow=True)
    assert "It was taken: 200" in tried.text

    make_handoff(at=MONDAY_NINE)
    gathering.gather_all(at=NOW)
    sending.send_due(at=NOW)
    row = Outgoing.objects.get()

    assert "A handoff was offered" in page(client, "subscription", subscription.pk)
    shown = page(client, "outgoing", row.pk)
    assert "It answered 500." in shown
    assert "&lt;b&gt;no field stage&lt;/b&gt; &quot;token&quot;: […] bell" in shown
    assert "hunter2" not in str(row.answers)
    assert "concord.event.v1" in shown
    assert "hooks.example.test" in page(client, "subscription-list")


def test_a_new_secret_says_first_what_it_breaks_and_until_when(client, olga, clock):
    told = {"name": "CRM", "address": "https://hooks.example.test/in", "is_enabled": "on"}
    client.post(reverse("leads:subscription-new"), told)
    made = Subscription.objects.get()
    (now,) = made.secrets(NOW)

    asked = page(client, "subscription-rotate", made.pk)

    assert "two signatures" in asked
    assert "signs until <time" in " ".join(asked.split())
    assert "Tue 09:20" in asked  # a day from now
    assert "It would stop at once" not in asked
    made.refresh_from_db()
    assert made.secrets(NOW) == (now,)  # nothing changed by looking
    client.post(reverse("leads:subscription-rotate", args=[made.pk]))
    made = Subscription.objects.get()
    assert len(made.secrets(NOW)) == 2
    assert made.secrets(NOW)[1] == now
    assert "It would stop at once" in page(client, "subscription-rotate", made.pk)
    assert "signs too until" in page(client, "subscription", made.pk)


def test_new_ways_to_prove_say_first_what_they_break(client, olga):
    source = make_source(keeper=olga)
    before = source.token_digest

    asked = page(client, "source-rotate", source.key)

    assert "hears 401" in asked
    assert "They would stop at once" not in asked
    source.refresh_from_db()
    assert source.token_digest == before
    shown = client.post(reverse("leads:source-rotate", args=[source.key]))
    assert "whsec_" in shown.text
    source.refresh_from_db()
    assert (source.old_token_digest, source.token_digest != before) == (before, True)
    assert "They would stop at once" in page(client, "source-rotate", source.key)


def test_an_admin_keeps_sources_and_reads_no_message(client, clock):
    clock.at = NOW
    make_source()
    post({"event": "dance"}, at=NOW)
    client.force_login(make_user(team=None, role=Role.ADMIN, is_staff=True))

    assert "dialler" in page(client, "source-list")
    assert "What came lately" not in page(client, "source", "dialler")
    for name, arg in (("source-quarantine", "dialler"), ("event-item", 1)):
        assert client.get(reverse(f"leads:{name}", args=[arg])).status_code == 404
    assert client.get(reverse("leads:subscription-list")).status_code == 404


def test_pages_ask_few_questions_however_much_came(client, olga, django_assert_max_num_queries):
    source = make_source(keeper=olga)
    handoff = make_handoff(at=MONDAY_NINE)
    for _ in range(8):
        post(a_call(handoff.lead, handoff.receiver.email, NOW), at=NOW)
        post({"event": "dance"}, at=NOW)

    for name, args in (
        ("source-list", []), ("source", [source.key]), ("source-mapping", [source.key]),
        ("source-quarantine", [source.key]), ("subscription-list", []),
    ):  # fmt: skip
        with django_assert_max_num_queries(12):
            page(client, name, *args)
