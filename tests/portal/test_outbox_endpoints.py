"""Messages to Slack, Teams and webhooks: who is reached where, what a bad endpoint costs."""

from collections import Counter
from datetime import timedelta
from threading import Event, Lock, Semaphore, Thread

import pytest
from django.core import mail
from django.db import connections, transaction
from kombu.exceptions import OperationalError

from portal import wallclock
from portal.ledger.models import LedgerEntry
from portal.notifications import leases, outbox, tasks
from portal.notifications.actions import lanes
from portal.notifications.channels import Failed
from portal.notifications.models import Delivery, Endpoint
from tests.factories import (
    MONDAY_NINE,
    make_operations,
    make_signatory,
    make_team,
    make_user,
)
from tests.portal.endpoints import connect, make_endpoint, outside, sending, tell
from tests.portal.hostile import answering, serving

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
State = Delivery.State


def failing(*failures):
    """What answers with these in turn, the last for ever."""
    waiting = list(failures)

    def send(parcel):
        raise waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return send


# --- who is reached where


def test_the_nearest_endpoint_serves_a_person():
    make_endpoint(name="everybody")
    make_endpoint(name="sales", department=make_team().department)
    team = make_endpoint(name="the team", team=make_team())
    other = make_endpoint(name="another", team=make_team("outside-sales"))
    tell(make_user(), make_user(team="outside-sales"), make_user(team="demand-generation"))

    found = [row.endpoint.name for row in outside()]
    assert found == [team.name, other.name, "everybody"]


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


# --- failing


def test_a_wait_that_was_asked_for_is_kept_for_the_message_and_the_endpoint(monkeypatch):
    endpoint = make_endpoint()
    tell(make_user(), about="alert:1")

    with sending(monkeypatch, "slack", failing(Failed("429", down=True, wait=HOUR))):
        lanes.deliver_due(at=MONDAY_NINE)

    endpoint.refresh_from_db()
    assert outside().get().next_at >= MONDAY_NINE + HOUR
    assert endpoint.open_until == MONDAY_NINE + HOUR


def test_after_three_refusals_a_message_is_given_up(monkeypatch):
    make_endpoint()
    tell(make_user())

    with sending(monkeypatch, "slack", failing(Failed("404", tries=3))):
        for hours in range(3):
            lanes.deliver_due(at=MONDAY_NINE + hours * HOUR)

    row = outside().get()
    assert (row.state, row.attempts, row.died_at) == (State.DEAD, 3, MONDAY_NINE + 2 * HOUR)


def test_a_refusal_of_one_message_opens_no_circuit(monkeypatch):
    endpoint = make_endpoint()
    for number in range(6):
        tell(make_user(), about=f"alert:{number}")

    with sending(monkeypatch, "slack", failing(Failed("400", tries=3))):
        lanes.deliver_due(at=MONDAY_NINE)

    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.open_until) == (0, None)


def test_five_failures_open_the_circuit_for_a_minute_and_then_one_is_tried(monkeypatch):
    endpoint = make_endpoint()
    for number in range(9):
        tell(make_user(), about=f"alert:{number}")
    tried = []

    def send(parcel):
        tried.append(parcel.key)
        raise Failed("503", down=True)

    with sending(monkeypatch, "slack", send):
        lanes.deliver_due(at=MONDAY_NINE)
        endpoint.refresh_from_db()
        assert 5 <= len(tried) <= 6  # two are in flight
        assert endpoint.open_until == MONDAY_NINE + MINUTE
        before = len(tried)
        lanes.deliver_due(at=MONDAY_NINE + 59 * SECOND)
        assert len(tried) == before
        lanes.deliver_due(at=MONDAY_NINE + MINUTE)
        assert len(tried) == before + 1

    endpoint.refresh_from_db()
    assert endpoint.open_until == MONDAY_NINE + 2 * MINUTE


def test_one_message_that_arrives_closes_the_circuit(monkeypatch):
    endpoint = make_endpoint()
    Endpoint.objects.update(failures=5, open_until=MONDAY_NINE)
    for number in range(4):
        tell(make_user(), about=f"alert:{number}")

    with sending(monkeypatch, "slack", lambda parcel: None):
        assert lanes.deliver_due(at=MONDAY_NINE) == 4

    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.open_until) == (0, None)
    assert endpoint.sent_at == MONDAY_NINE


def test_an_endpoint_that_is_gone_is_switched_off_and_what_waits_dies_in_the_open(monkeypatch):
    operations, endpoint = make_operations(), make_endpoint()
    tell(make_user(), about="alert:1")
    tell(make_user(), about="alert:2")
    tell(make_user(), about="alert:3", digest="hourly")

    with sending(monkeypatch, "slack", failing(Failed("410", gone=True))):
        lanes.deliver_due(at=MONDAY_NINE)

    endpoint.refresh_from_db()
    assert not endpoint.is_enabled
    assert set(outside().values_list("state", flat=True)) == {State.DEAD}
    assert LedgerEntry.objects.filter(kind="delivery_died").count() == 3
    told = Delivery.objects.to(operations.pk).values_list("title", flat=True)
    assert f"{endpoint.name} is switched off" in told


def test_an_error_of_our_own_stops_no_other_message(monkeypatch):
    make_endpoint()
    teams = make_endpoint("teams")
    tell(make_user(), channels=("slack", "teams"))

    with (
        sending(monkeypatch, "slack", failing(KeyError("x"))),
        sending(monkeypatch, "teams", lambda parcel: None),
    ):
        assert lanes.deliver_due(at=MONDAY_NINE) == 1

    assert outside().get(endpoint=teams).state == State.SENT
    assert outside().exclude(endpoint=teams).get().last_error == "KeyError"


def test_a_secret_that_cannot_be_read_any_more_is_said(settings, monkeypatch):
    make_endpoint()
    tell(make_user())
    settings.SECRET_KEY = "another"

    lanes.deliver_due(at=MONDAY_NINE)

    row = outside().get()
    assert row.state == State.DEAD
    assert "SECRET_KEY" in row.last_error


def test_a_turned_key_still_reads_what_the_old_one_sealed(settings):
    endpoint = make_endpoint()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert endpoint.address == "https://hooks.example.test/in"
    assert "hooks" not in endpoint.sealed_address


def test_a_dead_escalation_is_told_to_both_heads(monkeypatch):
    operations = make_operations()
    heads = [make_signatory("marketing"), make_signatory("sales")]
    make_endpoint()
    tell(make_user(), about="alert:1", level="late")
    tell(make_user(), about="alert:2", level="info")

    with sending(monkeypatch, "slack", failing(Failed("400", tries=1))):
        lanes.deliver_due(at=MONDAY_NINE)

    told = Delivery.objects.filter(about__startswith="delivery:")
    assert {row.recipient for row in told} == {operations, *heads}
    assert told.to(heads[0].pk).count() == 1
    assert told.to(operations.pk).count() == 2


# --- bulkheads


def test_two_messages_are_in_flight_for_an_endpoint_at_most():
    endpoint = make_endpoint()
    for number in range(5):
        tell(make_user(), about=f"alert:{number}")

    assert len(leases.take_for(endpoint.pk, at=MONDAY_NINE)) == 2
    assert leases.take_for(endpoint.pk, at=MONDAY_NINE) == []
    assert len(leases.take_for(endpoint.pk, at=MONDAY_NINE + 30 * SECOND)) == 2


def test_nothing_is_sent_to_endpoints_inside_a_transaction():
    with pytest.raises(RuntimeError), transaction.atomic():
        lanes.deliver_due(at=MONDAY_NINE)


@pytest.mark.django_db(transaction=True)
def test_twenty_hung_endpoints_delay_no_mail(monkeypatch):
    """Two messages hang at each of twenty endpoints; a mail told meanwhile leaves in the
    same pass as ever, and a second pass over the endpoints ends at once."""
    teams = [make_team(f"team-{n}", department="sales") for n in range(20)]
    for team in teams:
        make_endpoint("webhook", team=team)
        member = make_user(team=team)
        for number in range(3):
            tell(member, about=f"alert:{number}", channels=("webhook",))
    hung, let_go, lock = Semaphore(0), Event(), Lock()
    flying, most = Counter(), Counter()

    def hang(parcel):
        with lock:
            flying[parcel.secrets, parcel.address, parcel.notices[0].people] += 1
            for one, many in flying.items():
                most[one] = max(most[one], many)
        hung.release()
        let_go.wait(30)
        with lock:
            flying[parcel.secrets, parcel.address, parcel.notices[0].people] -= 1
        raise Failed("no answer in time", down=True)

    def send_all():
        lanes.deliver_due(at=MONDAY_NINE)
        connections.close_all()

    with sending(monkeypatch, "webhook", hang):
        aside = Thread(target=send_all)
        aside.start()
        try:
            assert all(hung.acquire(timeout=20) for _ in range(40))
            tell(make_user(), about="alert:99", channels=("mail",), at=MONDAY_NINE + SECOND)
            assert outbox.deliver_due(at=MONDAY_NINE + 2 * SECOND) == 1
            assert lanes.deliver_due(at=MONDAY_NINE + 2 * SECOND) == 0
        finally:
            let_go.set()
            aside.join()

    assert len(mail.outbox) == 1
    assert set(most.values()) == {2}
    assert not outside().filter(channel="webhook", state=State.SENT).exists()


# --- who sends


def test_the_task_of_mail_nudges_the_one_of_endpoints_and_waits_for_none(monkeypatch):
    nudged = []
    monkeypatch.setattr(
        tasks.deliver_endpoints, "apply_async", lambda **how: nudged.append(how)
    )
    monkeypatch.setattr(wallclock, "now", lambda: MONDAY_NINE)

    tasks.deliver()
    assert nudged == []

    make_endpoint()
    tell(make_user(), channels=("slack", "mail"))
    tasks.deliver()

    assert nudged == [{"retry": False}]
    assert len(mail.outbox) == 1
    assert outside().get(channel="slack").state == State.PENDING


def test_a_broker_that_is_away_costs_no_mail(monkeypatch):
    def away(**how):
        raise OperationalError

    monkeypatch.setattr(tasks.deliver_endpoints, "apply_async", away)
    monkeypatch.setattr(wallclock, "now", lambda: MONDAY_NINE)
    make_endpoint()
    tell(make_user(), channels=("slack", "mail"))

    tasks.deliver()

    assert len(mail.outbox) == 1


def test_the_task_of_endpoints_sends_what_waits(monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: MONDAY_NINE)
    make_endpoint()
    tell(make_user())

    with sending(monkeypatch, "slack", lambda parcel: None):
        tasks.deliver_endpoints()

    assert outside().get().state == State.SENT


def test_where_nothing_waits_nothing_is_started_aside():
    assert lanes.deliver_aside(at=MONDAY_NINE) is None


@pytest.mark.django_db(transaction=True)
def test_who_sweeps_meanwhile_lets_it_leave_aside_once_at_a_time(monkeypatch):
    make_endpoint()
    tell(make_user())
    came, let_go = Event(), Event()

    def wait_for_it(parcel):
        came.set()
        let_go.wait(30)

    with sending(monkeypatch, "slack", wait_for_it):
        first = lanes.deliver_aside(at=MONDAY_NINE)
        try:
            assert came.wait(20)
            tell(make_user(), about="alert:2")
            assert lanes.deliver_aside(at=MONDAY_NINE + SECOND) is None
        finally:
            let_go.set()
            first.join()

    assert outside().get(about="alert:12").state == State.SENT
