"""Which database the settings name, and what it was told when it was opened."""

import os
import re

import pytest
from django.db import connection

from portal.settings.database import database


def test_a_postgresql_address_is_taken_apart():
    found = database("postgresql://con:s%40crt@db.example.org:5433/concord?sslmode=require")

    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["PASSWORD"]) == ("con", "s@crt")
    assert (found["HOST"], found["PORT"], found["NAME"]) == (
        "db.example.org",
        "5433",
        "concord",
    )
    assert found["OPTIONS"]["sslmode"] == "require"
    assert "statement_timeout=15s" in found["OPTIONS"]["options"]
    assert found["CONN_HEALTH_CHECKS"]


def test_both_ends_of_a_connection_notice_that_the_other_is_gone():
    """Within eleven seconds; by itself TCP takes two hours, and locks would last as long."""
    options = database("postgresql://db.example.org/concord")["OPTIONS"]

    names = ("keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout")
    ours = {name: options[name] for name in names}
    idle, interval, count, unanswered = ours.values()
    assert idle + interval * count <= 11
    assert unanswered <= 11_000
    theirs = dict(re.findall(r"-c tcp_(\w+)=(\d+)", options["options"]))
    named = {name.removeprefix("tcp_"): str(value) for name, value in ours.items()}
    assert theirs == named


def test_a_postgresql_socket_folder_comes_from_the_query():
    found = database("postgresql:///concord?host=/run/postgresql&port=5433&user=con")

    assert (found["HOST"], found["PORT"]) == ("/run/postgresql", "5433")
    assert (found["USER"], found["NAME"]) == ("con", "concord")


@pytest.mark.parametrize("url", ["mysql://localhost/x", "", "postgresql://localhost"])
def test_another_kind_of_database_or_none_is_refused(url):
    with pytest.raises(ValueError, match="DATABASE_URL"):
        database(url)


def test_an_sqlite_address_names_an_absolute_path():
    assert database("sqlite:////var/lib/concord/db")["NAME"] == "/var/lib/concord/db"


def test_an_sqlite_transaction_takes_the_write_lock_when_it_begins():
    assert database("sqlite:////x")["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_postgresql_lane_runs_on_postgresql():
    assert connection.vendor == "postgresql"


@pytest.mark.django_db
def test_the_lane_runs_on_the_database_it_names():
    lane = os.environ.get("CONCORD_LANE", "sqlite")

    assert connection.vendor == {"postgres": "postgresql"}.get(lane, lane)


@pytest.mark.django_db(transaction=True)
def test_each_connection_was_told_how_to_behave():
    told = {
        "sqlite": {
            "PRAGMA busy_timeout": 20_000,
            "PRAGMA journal_mode": "wal",
            "PRAGMA foreign_keys": 1,
        },
        "postgresql": {
            "SHOW statement_timeout": "15s",
            "SHOW idle_in_transaction_session_timeout": "1min",
        },
    }[connection.vendor]

    answers = {}
    with connection.cursor() as cursor:
        for question in told:
            cursor.execute(question)
            answers[question] = cursor.fetchone()[0]

    assert answers == told
