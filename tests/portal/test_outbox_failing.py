"""What becomes of a message whose endpoint refuses, hangs, is gone or cannot be read."""

from datetime import timedelta

import pytest

from portal.ledger.models import LedgerEntry
from portal.notifications.actions import lanes
from portal.notifications.channels import Failed
from portal.notifications.models import Delivery, Endpoint
from tests.factories import (
    MONDAY_NINE,
    make_operations,
    make_signatory,
    make_user,
)
from tests.portal.endpoints import failing, make_endpoint, outside, sending, tell

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
State = Delivery.State


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
