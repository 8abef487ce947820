"""What a watchdog is told."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection

from portal import wallclock
from portal.accounts.models import User
from portal.notifications.actions import watch
from portal.notifications.http import Reply, Unreachable
from portal.notifications.models import Delivery

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nine_o_clock(monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: NINE)


@pytest.fixture
def last_sweep(monkeypatch, settings):
    """Say when the last pass was; None: there was none."""

    def was(seconds_ago: float | None) -> None:
        ago = timedelta(seconds=seconds_ago or 0)
        found = None if seconds_ago is None else SimpleNamespace(swept_at=NINE - ago)
        known[settings.LAST_SWEEP] = found

    known: dict[str, object] = {settings.LAST_SWEEP: None, settings.LAST_AUDIT: None}
    monkeypatch.setattr(watch, "import_string", lambda name: lambda: known[name])
    was.known = known
    return was


@pytest.fixture
def last_audit(last_sweep, settings):
    """Say when the last audit was, and how many rows it found not as they should be."""

    def was(minutes_ago: float, differences: int = 0) -> None:
        last_sweep(1)
        last_sweep.known[settings.LAST_AUDIT] = SimpleNamespace(
            audited_at=NINE - timedelta(minutes=minutes_ago), differences=differences
        )

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


@pytest.mark.parametrize(
    ("minutes", "differences", "status"),
    [(59, 0, 200), (180, 0, 200), (181, 0, 503), (5, 2, 503)],
)
def test_an_audit_that_found_something_or_does_not_run_is_told(
    client, last_audit, minutes, differences, status
):
    last_audit(minutes, differences)

    answer = client.get("/healthz/sweep")

    assert answer.status_code == status
    assert f"all was audited {minutes} min ago" in answer.content.decode()
    assert ("the audit found 2 rows" in answer.content.decode()) == bool(differences)


@pytest.mark.parametrize(("minutes", "status"), [(5, 200), (5.1, 503)])
def test_a_message_that_does_not_leave_is_told(client, last_sweep, minutes, status):
    last_sweep(3)
    waiting_since(minutes)

    response = client.get("/healthz/sweep")

    assert response.status_code == status
    assert "the oldest message waits for" in response.text


@pytest.mark.parametrize(("minutes", "status"), [(59, 503), (60, 200)])
def test_a_message_given_up_in_the_last_hour_is_told(client, last_sweep, minutes, status):
    last_sweep(3)
    waiting_since(0)
    Delivery.objects.update(state="dead", died_at=NINE - timedelta(minutes=minutes))

    assert client.get("/healthz/sweep").status_code == status


# --- the heartbeat


@pytest.fixture
def outside(monkeypatch, settings):
    """Who listens outside; what is in `answers` comes back, or is raised."""
    settings.HEARTBEAT_URL = "https://watch.example/ping"
    calls, answers = [], [Reply(200, {}, b"")]

    def send(url, **given):
        calls.append(url)
        if isinstance(answers[0], Exception):
            raise answers[0]
        return answers[0]

    monkeypatch.setattr(watch.http, "send", send)
    return calls, answers


def test_while_all_is_well_the_heart_beats_once_a_minute(outside, last_sweep, monkeypatch):
    calls, _ = outside
    last_sweep(3)
    ticks = iter([100.0, 100.0, 159.9, 160.0])
    monkeypatch.setattr(watch, "monotonic", lambda: next(ticks))
    heart = watch.Heart()

    assert heart.is_due()
    assert heart.beat(at=NINE)
    assert not heart.is_due()
    assert heart.is_due()
    assert calls == ["https://watch.example/ping"]


def test_when_clocks_are_late_the_heart_is_silent(outside, last_sweep):
    last_sweep(31)

    assert not watch.Heart().beat(at=NINE)
    assert outside[0] == []


def test_a_heartbeat_that_nobody_hears_breaks_nothing(outside, last_sweep):
    last_sweep(3)
    outside[1][0] = Unreachable("refused")

    assert not watch.Heart().beat(at=NINE)


def test_without_an_address_no_heart_beats(settings):
    settings.HEARTBEAT_URL = ""

    assert not watch.Heart().is_due()
