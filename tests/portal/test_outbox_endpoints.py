"""Messages to Slack, Teams and webhooks: who is reached where, what a bad endpoint costs."""

from datetime import timedelta

import pytest

from portal.notifications.actions import lanes, undelivered
from portal.notifications.channels import Failed
from portal.notifications.models import Delivery
from tests.factories import (
    MONDAY_NINE,
    make_operations,
    make_team,
    make_user,
)
from tests.portal.endpoints import connect, make_endpoint, outside, sending, tell
from tests.portal.hostile import answering, serving

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
State = Delivery.State


def test_the_nearest_endpoint_serves_a_person():
    make_endpoint(name="everybody")
    make_endpoint(name="sales", department=make_team().department)
    team = make_endpoint(name="the team", team=make_team())
    other = make_endpoint(name="another", team=make_team("outside-sales"))
    tell(make_user(), make_user(team="outside-sales"), make_user(team="demand-generation"))

    found = [row.endpoint.name for row in outside()]
    assert found == [team.name, other.name, "everybody"]


def test_every_system_that_takes_webhooks_is_told_and_of_chats_the_nearest():
    one, other = make_endpoint("webhook", name="CRM"), make_endpoint("webhook", name="BI")
    mine = make_endpoint("webhook", name="dialler", team=make_team())
    make_endpoint("webhook", name="theirs", team=make_team("outside-sales"))
    make_endpoint(name="everybody"), make_endpoint(name="the team", team=make_team())

    tell(make_user(), channels=("webhook", "slack"))
    tell(make_user(team="demand-generation"), channels=("webhook",), about="alert:13")

    first, second = outside().filter(about="alert:12"), outside().filter(about="alert:13")
    assert {row.endpoint for row in first.filter(channel="webhook")} == {one, other, mine}
    assert [row.endpoint.name for row in first.filter(channel="slack")] == ["the team"]
    assert {row.endpoint for row in second} == {one, other}


def test_the_same_cause_is_told_to_each_system_once():
    make_endpoint("webhook"), make_endpoint("webhook")
    person = make_user()

    tell(person, channels=("webhook",))
    tell(person, channels=("webhook",))

    assert outside().count() == 2


def test_a_system_that_is_down_has_a_circuit_and_dead_letters_of_its_own(monkeypatch):
    well, down = make_endpoint("webhook", name="CRM"), make_endpoint("webhook", name="BI")
    down.keep(address="https://down.example.test/in")
    down.save()
    for number in range(2):
        tell(make_user(), about=f"alert:{number}", channels=("webhook",))

    def send(parcel):
        if "down" in parcel.address:
            raise Failed("no answer", down=True)

    with sending(monkeypatch, "webhook", send):
        at = MONDAY_NINE
        for _ in range(40):
            lanes.deliver_due(at=at)
            at += timedelta(hours=25)

    well.refresh_from_db(), down.refresh_from_db()
    assert set(outside().filter(endpoint=well).values_list("state", flat=True)) == {State.SENT}
    assert set(outside().filter(endpoint=down).values_list("state", flat=True)) == {State.DEAD}
    assert (well.failures, well.open_until) == (0, None)
    assert down.failures >= 5
    dead = outside().filter(endpoint=down).first()
    undelivered.send_again(delivery_id=dead.pk, by=make_operations(), at=at)
    dead.refresh_from_db()
    assert (dead.state, dead.endpoint) == (State.PENDING, down)


def test_an_endpoint_that_is_switched_off_serves_nobody():
    make_endpoint(is_enabled=False)

    assert tell(make_user()) == 1


def test_a_channel_that_leads_nowhere_leaves_the_portal_and_mail():
    tell(make_user(), channels=("teams",))

    assert set(Delivery.objects.values_list("channel", flat=True)) == {"in_app", "mail"}


def test_who_is_connected_gets_a_direct_message_and_the_rest_the_channel():
    shared, bot = make_endpoint(), make_endpoint("slack_bot")
    mine, other = make_user(), make_user()
    connect(mine, bot)

    tell(mine, other)

    assert outside().get(recipient=mine).endpoint == bot
    assert outside().get(recipient=other).endpoint == shared


def test_several_people_at_one_endpoint_get_one_message_with_all_their_names(monkeypatch):
    make_endpoint()
    tell(make_user("Ann Alpha"), make_user("Ben Beta"), about="alert:12")
    tell(make_user("Cleo Gamma"), about="alert:13")
    sent = []

    with sending(monkeypatch, "slack", sent.append):
        assert lanes.deliver_due(at=MONDAY_NINE) == 3
        assert lanes.deliver_due(at=MONDAY_NINE + HOUR) == 0

    people = sorted(parcel.notices[0].people for parcel in sent)
    assert people == [("Ann Alpha", "Ben Beta"), ("Cleo Gamma",)]
    assert {notice.reference for parcel in sent for notice in parcel.notices} == {
        "#A-12", "#A-13"
    }  # fmt: skip
    assert set(outside().values_list("state", flat=True)) == {State.SENT}


def test_a_direct_message_is_each_persons_own(monkeypatch):
    bot, one, other = make_endpoint("slack_bot"), make_user(), make_user()
    connect(one, bot, "U1")
    connect(other, bot, "U2")
    tell(one, other)
    sent = []

    with sending(monkeypatch, "slack_bot", sent.append):
        lanes.deliver_due(at=MONDAY_NINE)

    assert sorted(parcel.account for parcel in sent) == ["U1", "U2"]


def test_a_digest_at_an_endpoint_is_one_message(monkeypatch):
    make_endpoint()
    for number in range(30):
        tell(make_user(), about=f"alert:{number}", digest="hourly")
    sent = []

    with sending(monkeypatch, "slack", sent.append):
        assert lanes.deliver_due(at=MONDAY_NINE + HOUR) == 30

    (parcel,) = sent
    assert (len(parcel.notices), parcel.more) == (20, 10)


@pytest.mark.parametrize(("kind", "named"), [("slack", 20), ("webhook", 25)])
def test_a_system_is_told_every_notice_of_a_digest_and_a_chat_how_many_more(
    monkeypatch, kind, named
):
    make_endpoint(kind)
    person = make_user()
    for number in range(25):
        tell(person, about=f"alert:{number}", channels=(kind,), digest="hourly")

    sent = []
    with sending(monkeypatch, kind, sent.append):
        lanes.deliver_due(at=MONDAY_NINE + HOUR)

    (parcel,) = sent
    assert (len(parcel.notices), parcel.more) == (named, 25 - named)


def test_a_whole_message_reaches_a_webhook_over_the_wire(settings):
    with serving(answering("204 No Content", b"")) as server:
        settings.INTERNAL_HOSTS = frozenset({f"127.0.0.1:{server.port}"})
        make_endpoint("webhook", address=server.url(), allows_http=True)
        tell(make_user(), channels=("webhook",))

        assert lanes.deliver_due(at=MONDAY_NINE) == 1

    row = outside().get()
    assert (row.state, row.attempts) == (State.SENT, 1)
    assert f"webhook-id: {row.key}".encode() in server.heard[0]


def test_who_left_is_taken_out_of_a_message_for_several(monkeypatch):
    make_endpoint()
    gone = make_user("Gone Person")
    tell(make_user("Ann Alpha"), gone)
    gone.is_active = False
    gone.save()
    sent = []

    with sending(monkeypatch, "slack", sent.append):
        lanes.deliver_due(at=MONDAY_NINE)

    assert sent[0].notices[0].people == ("Ann Alpha",)
    assert outside().get(recipient=gone).state == State.CANCELLED
