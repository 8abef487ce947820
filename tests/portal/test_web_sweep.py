"""A web process checks the clocks itself when nobody else does."""

from datetime import UTC, datetime

import pytest
from django.db import OperationalError

from portal import middleware, wallclock

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def asked(settings, monkeypatch):
    """The instants at which web processes looked whether the sweep is overdue."""
    settings.SWEEP_IN_WEB = True
    monkeypatch.setattr(wallclock, "now", lambda: NINE)
    instants: list[datetime] = []
    monkeypatch.setattr(middleware, "import_string", lambda name: instants.append)
    return instants


def test_a_page_asks_whether_the_sweep_is_overdue_and_the_next_one_does_not(client, asked):
    client.get("/healthz/live")
    client.get("/healthz/live")

    assert asked == [NINE]


def test_a_static_file_asks_nothing(client, asked):
    client.get("/static/portal/concord.svg").close()

    assert asked == []


def test_a_database_that_is_away_costs_the_page_nothing(client, asked, monkeypatch):
    def away(at: datetime) -> None:
        raise OperationalError

    monkeypatch.setattr(middleware, "import_string", lambda name: away)

    assert client.get("/healthz/live").status_code == 200
