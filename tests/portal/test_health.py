"""What a watchdog is told."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection

from portal import health, wallclock
from portal.accounts.models import User
from portal.notifications.models import Delivery

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nine_o_clock(monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: NINE)


@pytest.fixture
def last_sweep(monkeypatch):
    """Say when the last pass was; None: there was none."""

    def was(seconds_ago: float | None) -> None:
        ago = timedelta(seconds=seconds_ago or 0)
        found = None if seconds_ago is None else SimpleNamespace(swept_at=NINE - ago)
        monkeypatch.setattr(health, "import_string", lambda name: lambda: found)

    return was


def waiting_since(minutes: float) -> None:
    anna = User.objects.create_user("anna@example.org", name="Anna")
    since = NINE - timedelta(minutes=minutes)
    Delivery.objects.create(
        about="alert:1", recipient=anna, channel="mail", title="Late", created_at=since,
        next_at=since,
    )  # fmt: skip


def test_live_needs_no_database(client, django_db_blocker):
    with django_db_blocker.block():
        assert client.get("/healthz/live").status_code == 200


def test_ready_asks_the_database(client, monkeypatch):
    assert client.get("/healthz/ready").status_code == 200

    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", away)
    assert client.get("/healthz/ready").status_code == 503


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (30, 200), (31, 503), (None, 503)])
def test_the_sweep_is_late_after_three_beats(client, last_sweep, seconds, status):
    last_sweep(seconds)

    assert client.get("/healthz/sweep").status_code == status


@pytest.mark.parametrize(("minutes", "status"), [(5, 200), (5.1, 503)])
def test_a_message_that_does_not_leave_is_told(client, last_sweep, minutes, status):
    last_sweep(3)
    waiting_since(minutes)

    response = client.get("/healthz/sweep")

    assert response.status_code == status
    assert "the oldest message waits for" in response.text
