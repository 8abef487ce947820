"""Who sent it: signatures, their window and their secrets, tokens, and HubSpot's own way."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.actions.events.incoming import proving, sources
from leads.actions.events.incoming.proving import NotProven
from leads.models import EventSource, Inbound, InboundItem, Touch
from tests.factories import MONDAY_NINE, make_handoff, make_operations
from tests.leads.events.sources import BOOK, a_call, make_source, post, send, signed

pytestmark = pytest.mark.django_db
NOW = MONDAY_NINE + timedelta(minutes=20)
SECOND = timedelta(seconds=1)
BODY = json.dumps({"event": "call.ringing", "call": {"id": "1"}}).encode()


@pytest.fixture
def source(clock):
    clock.at = NOW
    return make_source()


def headers(**changes):
    return signed(BODY, secret=BOOK["dialler"].secret, at=NOW, message_id="msg_1") | changes


def without(name):
    return {key: value for key, value in headers().items() if key != name}


@pytest.mark.parametrize(
    ("made", "status"),
    [
        pytest.param(headers, 200, id="right"),
        pytest.param(lambda: headers() | {"webhook-id": "msg_2"}, 401, id="another id"),
        pytest.param(lambda: headers() | {"webhook-id": ""}, 401, id="no id"),
        pytest.param(lambda: headers() | {"webhook-id": "a.b"}, 401, id="an id with a stop"),
        pytest.param(lambda: without("webhook-id"), 401, id="id missing"),
        pytest.param(lambda: without("webhook-timestamp"), 401, id="time missing"),
        pytest.param(lambda: without("webhook-signature"), 401, id="signature missing"),
        pytest.param(
            lambda: headers(**{"webhook-timestamp": " 1772440800"}), 401, id="time with a blank"
        ),
        pytest.param(
            lambda: headers(**{"webhook-signature": headers()["webhook-signature"].lower()}),
            401, id="other letters",
        ),
        pytest.param(
            lambda: headers(
                **{"webhook-signature": "v1,bm8= " + headers()["webhook-signature"]}
            ),
            200, id="one of two is right",
        ),
        pytest.param(
            lambda: headers(
                **{"webhook-signature": headers()["webhook-signature"].replace("v1,", "v1a,")}
            ),
            401, id="another scheme",
        ),
    ],
)  # fmt: skip
def test_a_signature_is_over_id_time_and_body(source, made, status):
    answer = send("dialler", BODY, made())

    assert answer.status_code == status
    assert Inbound.objects.count() == (1 if status == 200 else 0)


@pytest.mark.parametrize(
    ("seconds", "status"),
    [(-301, 401), (-300, 200), (0, 200), (300, 200), (301, 401)],
)
def test_it_is_at_most_five_minutes_old_or_ahead(source, seconds, status):
    made = signed(BODY, secret=BOOK["dialler"].secret, at=NOW + seconds * SECOND)

    assert send("dialler", BODY, made).status_code == status


@settings(max_examples=50, deadline=None)
@given(place=st.integers(0, len(BODY) - 1), byte=st.integers(1, 255))
def test_no_byte_of_the_body_can_be_another(place, byte):
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    held = EventSource(key="x", token_digest="0" * 64)
    held.keep(secrets=[secret])
    changed = bytearray(BODY)
    changed[place] ^= byte

    made = signed(BODY, secret=secret, at=NOW)
    with pytest.raises(NotProven):
        proving.prove(held, made, bytes(changed), url="", at=NOW)


def test_the_secret_of_another_source_opens_nothing(source):
    make_source("callbox")

    made = signed(BODY, secret=BOOK["callbox"].secret, at=NOW)

    assert send("dialler", BODY, made).status_code == 401
    source.refresh_from_db()
    assert source.refused_at == NOW
    assert "signature" in source.refused_why


def test_an_unknown_source_is_answered_as_a_wrong_proof(source):
    known, unknown = send("dialler", BODY, {}), send("nobody", BODY, headers())

    assert known.status_code == unknown.status_code == 401
    assert known.content == unknown.content


def test_a_replay_gets_the_same_answer_and_changes_nothing(source):
    handoff = make_handoff(at=MONDAY_NINE)
    call = a_call(handoff.lead, handoff.receiver.email, NOW)

    first = post(call, at=NOW, message_id="msg_7")
    again = post(call, at=NOW, message_id="msg_7")

    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert (Inbound.objects.count(), Touch.objects.filter(source="dialler").count()) == (1, 1)


def test_the_same_event_in_another_message_is_known(source):
    handoff = make_handoff(at=MONDAY_NINE)
    call = a_call(handoff.lead, handoff.receiver.email, NOW)

    post(call, at=NOW)
    again = post(call, at=NOW)

    assert again.json()["events"][0]["state"] == "known"
    assert Touch.objects.filter(source="dialler").count() == 1


@pytest.mark.parametrize("name", ["Authorization", "X-Concord-Token"])
def test_a_tool_that_can_send_only_a_token_sends_that(source, name):
    token = BOOK["dialler"].token
    value = f"Bearer {token}" if name == "Authorization" else token

    right = send("dialler", BODY, {name: value})
    again = send("dialler", BODY, {name: value})
    wrong = send("dialler", BODY, {name: value + "x"})

    assert (right.status_code, again.status_code, wrong.status_code) == (200, 200, 401)
    assert Inbound.objects.get().proof == "token"


def test_a_token_in_the_address_opens_nothing(source):
    token = BOOK["dialler"].token

    assert send(f"dialler/?token={token}", BODY, {}).status_code in (401, 404)
    assert Inbound.objects.count() == 0


def test_a_token_does_not_make_good_a_wrong_signature(source):
    both = headers(**{"webhook-signature": "v1,bm8="})

    answer = send("dialler", BODY, both | {"X-Concord-Token": BOOK["dialler"].token})

    assert answer.status_code == 401


def test_for_a_day_the_replaced_secret_and_token_count_beside_the_new(source, clock):
    before = BOOK["dialler"]
    fresh = sources.rotate(source_id=source.pk, by=make_operations(), at=NOW)

    def all_three():
        made = [
            signed(BODY, secret=before.secret, at=clock.at),
            {"X-Concord-Token": before.token},
            signed(BODY, secret=fresh.secret, at=clock.at),
        ]
        return [send("dialler", BODY, one).status_code for one in made]

    clock.at = NOW + timedelta(hours=23)
    assert all_three() == [200, 200, 200]
    clock.at = NOW + timedelta(hours=24)
    assert all_three() == [401, 401, 200]


def test_hubspots_own_signature_is_heard_where_its_secret_is_known(source, client):
    keeper = make_operations()
    hub = make_source("hubspot", kind="hubspot", keeper=keeper, client_secret="shhh")
    stamp = str(int(NOW.timestamp() * 1000))
    url = "http://testserver/in/hubspot/"
    text = b"POST" + url.encode() + BODY + stamp.encode()
    made = base64.b64encode(hmac.new(b"shhh", text, hashlib.sha256).digest()).decode()
    shown = {"X-HubSpot-Signature-v3": made, "X-HubSpot-Request-Timestamp": stamp}

    assert proving.prove(hub, shown, BODY, url=url, at=NOW).by == "hubspot"
    for wrong in ({**shown, "X-HubSpot-Signature-v3": made[:-4] + "AAA="}, {**shown,
                  "X-HubSpot-Request-Timestamp": str(int(stamp) - 301_000)}):  # fmt: skip
        with pytest.raises(NotProven):
            proving.prove(hub, wrong, BODY, url=url, at=NOW)
    with pytest.raises(NotProven):
        proving.prove(source, shown, BODY, url=url, at=NOW)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), (b"", 400), (b"\xff\xfe", 400), (b'"words"', 400), (b"NaN", 400),
        (b"[" * 50_000, 400), (b'{"a":' * 60 + b"1" + b"}" * 60, 400),
        (b'{"a": ' + b"9" * 5_000 + b"}", 400), (b" " * (512 * 1024 + 1), 413),
        (b" " * (3 * 1024 * 1024), 413), (b'{"a":"\\u0000\\ud800"}', 200), (b"[]", 200),
        (b'{"a": 1e999}', 200),
    ],
)  # fmt: skip
def test_a_body_that_nobody_can_read_is_refused_and_kept_nowhere(source, body, status):
    answer = send("dialler", body, {"X-Concord-Token": BOOK["dialler"].token})

    assert answer.status_code == status
    assert Inbound.objects.count() == (1 if status == 200 else 0)


def test_a_source_that_is_switched_off_takes_nothing(source):
    EventSource.objects.update(is_active=False)

    assert send("dialler", BODY, headers()).status_code == 409
    assert InboundItem.objects.count() == 0


def test_secrets_and_tokens_stand_nowhere_in_the_row(source):
    row = EventSource.objects.filter(pk=source.pk).values().get()

    shown = BOOK["dialler"]
    assert shown.secret not in str(row)
    assert shown.token not in str(row)
