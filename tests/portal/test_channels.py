"""What leaves the portal, byte by byte: nothing that a lead's name holds is a command."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from portal.notifications import http
from portal.notifications.channels import ENDPOINTS, Failed, slack, teams, webhook
from portal.notifications.channels.parcels import Parcel, Told, judge
from tests.factories import MONDAY_NINE
from tests.portal.endpoints import ADDRESS, OTHER_SECRET, SECRET

HOSTILE = "<!channel> *Ann* [x](https://evil.example) & <https://evil.example|click> @here"


def told(**changes):
    known = {
        "title": "Lead One is late",
        "text": "Was due 13:34.",
        "link": "http://testserver/leads/1/",
        "reference": "#A-12",
        "level": "late",
        "about": "alert:12",
        "people": ("Ann Alpha", "Ben Beta"),
        "emails": ("ann@concord.test", "ben@concord.test"),
    }
    return Told(**(known | changes))


def parcel(kind="slack", *notices, **changes):
    known = {
        "kind": kind,
        "address": ADDRESS,
        "secrets": (SECRET,),
        "allows_http": False,
        "key": "k-1",
        "subject": "Lead One is late",
        "notices": notices or (told(),),
        "at": MONDAY_NINE,
    }
    return Parcel(**(known | changes))


@pytest.fixture
def answered(monkeypatch):
    """Say what the other end answers, in turn; returns what was posted."""

    def set_up(*replies):
        posted, waiting = [], list(replies)

        def send(url, *, policy, body, headers):
            posted.append((url, dict(headers), json.loads(body)))
            status, answer = waiting.pop(0)
            return http.Reply(status, {}, json.dumps(answer).encode())

        monkeypatch.setattr(http, "send", send)
        return posted

    return set_up


# --- Slack


def test_a_slack_channel_gets_the_words_the_people_the_link_and_the_reference(answered):
    posted = answered((200, "ok"))

    ENDPOINTS["slack"](parcel())

    ((url, _, body),) = posted
    assert url == ADDRESS
    assert body["text"] == "Lead One is late #A-12"
    words, foot = body["blocks"]
    assert words["text"] == {
        "type": "plain_text",
        "text": "Lead One is late\nWas due 13:34.\nFor Ann Alpha, Ben Beta",
        "emoji": False,
    }
    assert foot["elements"][0]["text"] == "<http://testserver/leads/1/|Open in Concord> · #A-12"


def test_in_slack_a_name_mentions_nobody_and_links_nowhere():
    body = slack.content(parcel("slack", told(title=HOSTILE), subject=HOSTILE))

    said = json.dumps(body)
    assert "<!channel>" not in said
    assert "<https://evil" not in said
    assert body["blocks"][0]["text"]["text"].startswith("&lt;!channel&gt; *Ann*")


def test_a_direct_message_goes_to_the_person_with_the_bots_token(answered):
    posted = answered((200, {"ok": True}))

    ENDPOINTS["slack_bot"](parcel("slack_bot", address="", secrets=("xoxb-1",), account="U7"))

    ((url, headers, body),) = posted
    assert url == "https://slack.com/api/chat.postMessage"
    assert headers["Authorization"] == "Bearer xoxb-1"
    assert body["channel"] == "U7"
    assert "Ann Alpha" not in json.dumps(body)


def test_a_person_is_found_in_slack_by_mail(answered):
    posted = answered((200, {"ok": True, "user": {"id": "U7"}}))
    bot = parcel("slack_bot", address="", secrets=("xoxb-1",))

    assert slack.account_of(bot, "ann+x@concord.test") == "U7"

    assert posted[0][0].endswith("users.lookupByEmail?email=ann%2Bx%40concord.test")


@pytest.mark.parametrize(
    ("answer", "gone", "down", "tries"),
    [
        ({"ok": False, "error": "users_not_found"}, False, False, 3),
        ({"ok": False, "error": "invalid_auth"}, True, False, None),
        ({"ok": False, "error": "ratelimited"}, False, True, None),
        ({"ok": False, "error": "something_new"}, False, False, 3),
        ({"ok": "yes"}, False, False, 3),
        (["ok"], False, True, None),
        ({}, False, False, 3),
    ],
)
def test_slack_says_no_with_a_200(answered, answer, gone, down, tries):
    answered((200, answer))

    with pytest.raises(Failed) as failure:
        slack.account_of(parcel("slack_bot"), "ann@concord.test")

    no = failure.value
    assert (no.gone, no.down, no.tries) == (gone, down, tries)


def test_who_is_not_connected_any_more_is_not_written_to(answered):
    posted = answered()

    with pytest.raises(Failed):
        slack.to_person(parcel("slack_bot"))

    assert posted == []


# --- Teams


def test_teams_gets_a_card_of_plain_runs_with_a_link_and_a_reference(answered):
    posted = answered((202, ""))

    ENDPOINTS["teams"](parcel("teams", told(title=HOSTILE)))

    ((url, _, body),) = posted
    card = body["attachments"][0]["content"]
    runs = [part["inlines"][0]["text"] for part in card["body"]]
    assert url == ADDRESS
    assert {part["type"] for part in card["body"]} == {"RichTextBlock"}
    assert runs == [HOSTILE, "Was due 13:34.", "For Ann Alpha, Ben Beta · #A-12"]
    assert card["actions"][0]["url"] == "http://testserver/leads/1/"


@pytest.mark.parametrize("write", [slack.content, teams.content])
def test_a_digest_lists_each_notice_and_says_how_many_are_left(write):
    second = told(title="Lead Two is late", reference="#A-13")

    said = json.dumps(write(parcel("x", told(), second, more=4)))

    assert "#A-12" in said
    assert "#A-13" in said
    assert "4 more are in the portal." in said


# --- webhooks


def verify(body: bytes, headers: dict, secret: str) -> bool:
    """The receiver's side, written from the specification alone."""
    key = base64.b64decode(secret[len("whsec_") :])
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    given = [one.split(",", 1) for one in headers["webhook-signature"].split(" ")]
    return any(kind == "v1" and hmac.compare_digest(said, wanted) for kind, said in given)


def test_the_example_of_the_specification_is_signed_as_it_says():
    """The test vector of the Standard Webhooks' own libraries."""
    at = MONDAY_NINE.fromtimestamp(1614265330, MONDAY_NINE.tzinfo)

    made = webhook.headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}', [SECRET]
    )

    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_webhook_can_be_checked_with_either_secret_and_not_with_another(monkeypatch):
    sent = []
    monkeypatch.setattr(
        http, "send", lambda url, **given: sent.append(given) or http.Reply(204, {}, b"")
    )

    ENDPOINTS["webhook"](parcel("webhook", secrets=(SECRET, OTHER_SECRET)))

    (given,) = sent
    body, headers = given["body"], given["headers"]
    assert headers["webhook-id"] == "k-1"
    assert headers["webhook-timestamp"] == str(int(MONDAY_NINE.timestamp()))
    assert verify(body, headers, SECRET)
    assert verify(body, headers, OTHER_SECRET)
    assert not verify(body, headers, webhook.fresh_secret())
    assert not verify(body + b" ", headers, SECRET)
    notice = json.loads(body)["data"]["notices"][0]
    assert (notice["reference"], notice["level"]) == ("#A-12", "late")
    assert notice["recipients"][0] == {"name": "Ann Alpha", "email": "ann@concord.test"}


@pytest.mark.parametrize("text", ["", "secret", "whsec_", "whsec_!!!!", "whsec_QUJD"])
def test_a_secret_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="secret"):
        webhook.raw(text)


def test_a_fresh_secret_is_one():
    assert len(webhook.raw(webhook.fresh_secret())) == 32


def test_a_webhook_without_a_secret_does_not_leave():
    with pytest.raises(Failed):
        webhook.to_system(parcel("webhook", secrets=()))


# --- what an answer means


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_it_was_taken(status):
    judge(http.Reply(status, {}, b""))


@pytest.mark.parametrize(
    ("status", "down", "tries", "gone"),
    [
        pytest.param(408, True, None, False, id="too slow"),
        pytest.param(425, True, None, False, id="too early"),
        pytest.param(429, True, None, False, id="too many"),
        pytest.param(500, True, None, False, id="broken"),
        pytest.param(503, True, None, False, id="away"),
        pytest.param(302, False, 3, False, id="elsewhere"),
        pytest.param(400, False, 3, False, id="not like this"),
        pytest.param(403, False, 3, False, id="not you"),
        pytest.param(404, False, 3, False, id="nothing there"),
        pytest.param(410, False, None, True, id="gone"),
    ],
)
def test_it_was_not_taken(status, down, tries, gone):
    with pytest.raises(Failed) as failure:
        judge(http.Reply(status, {"retry-after": "7"}, b""))

    no = failure.value
    assert (no.down, no.tries, no.gone) == (down, tries, gone)
    assert no.wait == (timedelta(seconds=7) if down else None)


@pytest.mark.parametrize(
    ("error", "down", "tries"),
    [(http.Refused("not there"), False, 3), (http.Unreachable("refused"), True, None)],
)
def test_what_the_guard_refuses_fails_soon_and_what_is_away_is_tried_on(
    monkeypatch, error, down, tries
):
    def send(url, **given):
        raise error

    monkeypatch.setattr(http, "send", send)
    with pytest.raises(Failed) as failure:
        ENDPOINTS["teams"](parcel("teams"))

    assert (failure.value.down, failure.value.tries) == (down, tries)
