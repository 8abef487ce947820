"""Figures of the portal's own running, for Prometheus and nobody else."""

import re
from datetime import timedelta

import pytest

from portal import wallclock
from portal.notifications.models import Delivery, Endpoint
from tests.factories import MONDAY_NINE, make_user
from tests.portal.endpoints import make_endpoint, tell

pytestmark = pytest.mark.django_db
LINE = re.compile(
    r'(# (HELP|TYPE) concord_\w+ .+|concord_\w+(\{(\w+="([^"\\\n]|\\[\\"n])*",?)+\})? \S+)'
)


@pytest.fixture(autouse=True)
def ten_past_nine(monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: MONDAY_NINE + timedelta(minutes=10))


def read(client, **headers):
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 200
    found = dict(
        line.rsplit(" ", 1) for line in response.text.splitlines() if not line.startswith("#")
    )
    return response, found


def test_every_line_is_one_of_the_format(client):
    make_endpoint(name='a "quoted" \\ name')

    response, _ = read(client)

    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert [line for line in response.text.splitlines() if not LINE.fullmatch(line)] == []


def test_what_waits_what_died_and_how_long(client):
    tell(make_user(), make_user(), channels=("mail",))
    first = Delivery.objects.earliest("pk")
    Delivery.objects.filter(pk=first.pk).update(state="dead", next_at=None)

    _, found = read(client)

    assert found['concord_deliveries_pending{channel="mail"}'] == "1"
    assert found['concord_deliveries_dead{channel="mail"}'] == "1"
    assert found['concord_deliveries_oldest_seconds{channel="mail"}'] == "600"
    assert found['concord_deliveries_pending{channel="slack"}'] == "0"
    assert found["concord_healthy"] == "0"


def test_clocks_never_checked_are_not_a_number(client):
    _, found = read(client)

    assert found["concord_sweep_age_seconds"] == "NaN"
    assert found["concord_sweep_lag_seconds"] == "0"


def test_an_endpoint_that_is_left_alone_shows(client):
    make_endpoint(name="ops")
    Endpoint.objects.update(failures=5, open_until=MONDAY_NINE + timedelta(minutes=11))

    _, found = read(client)

    assert found['concord_endpoint_circuit_open{endpoint="ops",kind="slack"}'] == "1"
    assert found['concord_endpoint_failures{endpoint="ops",kind="slack"}'] == "5"


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_without_a_token_nobody_reads_them_through_a_proxy(client, header):
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "", "localhost"])
def test_without_a_token_only_this_machine_reads_them(client, address):
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200


def test_with_a_token_whoever_shows_it_reads_them_and_nobody_else(client, settings):
    settings.METRICS_TOKEN = "a long one"

    for given in ("", "Bearer ", "Bearer another", "Bearer a long", "Bearer ä"):
        headers = {"Authorization": given} if given else {}
        assert client.get("/metrics", headers=headers).status_code == 404
    read(client, Authorization="Bearer a long one")
