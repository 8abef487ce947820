"""The doctor on what runs, what leaves, what was signed; and how all of it is said."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from leads.models import AuditPass, SweepHold, SweepPass
from portal import wallclock
from portal.accounts.models import User
from portal.notifications.models import Delivery, Endpoint
from portal.operations import pulse
from portal.operations.doctor import CHECKS, Level, basics, signed
from tests.factories import make_signatory, make_terms, make_user, make_version
from tests.portal.endpoints import make_endpoint, tell
from tests.portal.operations.asking import AT, asked, is_wrong, warns

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["worker", "beat"])
def test_a_process_that_never_gave_a_sign_or_is_silent_is_wrong(kind):
    assert is_wrong(kind, "none ever")

    pulse.forget()
    pulse.give(kind, at=AT)
    assert asked(kind).level is Level.OK
    assert CHECKS[kind](AT + timedelta(minutes=2)).level is Level.WRONG


def test_a_sweeper_is_wanted_and_one_that_stopped_is_wrong():
    assert warns("sweeper", "none ever ran")

    pulse.forget()
    pulse.give("sweeper", at=AT - timedelta(minutes=5))
    assert is_wrong("sweeper", "300 s ago")


def test_a_sign_is_given_at_most_once_in_twenty_seconds():
    pulse.forget()

    assert [pulse.give("beat", at=AT), pulse.give("beat", at=AT)] == [True, False]


def test_clocks_that_are_not_checked_are_wrong():
    assert is_wrong("sweep", "never")

    SweepPass.objects.create(swept_at=AT - timedelta(minutes=1))
    assert is_wrong("sweep", "60 s ago")

    SweepPass.objects.update(swept_at=AT)
    assert asked("sweep").level is Level.OK


def test_a_sweep_that_is_held_says_why():
    SweepPass.objects.create(swept_at=AT)
    SweepHold.objects.create(why="jump", machine="here", began_at=AT, seen_at=AT)

    assert is_wrong("sweep", "the clock of the host jumped")


def test_an_audit_that_found_something_or_does_not_run_is_said():
    assert warns("audit", "not run yet")

    AuditPass.objects.create(began_at=AT, audited_at=AT, differences=3)
    assert is_wrong("audit", "3 rows")

    AuditPass.objects.update(differences=0, audited_at=AT - timedelta(hours=4))
    assert is_wrong("audit", "it last ran")


def test_messages_that_do_not_leave_are_wrong():
    tell(make_user(), channels=("mail",))

    assert is_wrong("outbox", "1 messages wait, the oldest for 10 min")


def test_messages_that_were_given_up_are_said():
    tell(make_user(), channels=("mail",))
    Delivery.objects.filter(channel="mail").update(
        state="dead", next_at=None, died_at=AT - timedelta(hours=2)
    )
    assert warns("dead letters", "1 messages")

    Delivery.objects.filter(channel="mail").update(died_at=AT)
    assert is_wrong("dead letters", "1 messages")


def test_endpoints_that_fail_or_are_off_are_said():
    make_endpoint(name="ops")
    Endpoint.objects.update(failures=2, last_error="410 Gone")
    assert warns("channels", "ops failed 2 times in a row: 410 Gone")

    Endpoint.objects.update(is_enabled=False)
    assert warns("channels", "not in use: ops")


def test_an_endpoint_that_the_settings_do_not_let_be_called_is_wrong(settings):
    endpoint = make_endpoint(name="ops")
    settings.OUTGOING_HOSTS = frozenset({endpoint.host})
    assert asked("channels").level is Level.OK

    settings.OUTGOING_HOSTS = frozenset({"hooks.slack.com"})
    assert is_wrong("channels", "ops is not called")


def test_an_endpoint_sealed_with_another_key_is_wrong():
    make_endpoint(name="ops")
    Endpoint.objects.update(sealed_address="sealed with another key")

    assert is_wrong("channels", "ops cannot be read")


# --- what the company must see to


def test_a_department_that_nobody_signs_for_is_wrong():
    make_signatory("marketing")
    assert is_wrong("signatories", "nobody may sign for sales")

    make_signatory("sales")
    assert asked("signatories").level is Level.OK

    User.objects.filter(email=make_signatory("sales").email).update(is_active=False)
    assert is_wrong("signatories", "sales")


def calendar_until(day, tz_version="2026f"):
    terms = make_terms()
    for one in terms["calendars"].values():
        one |= {"valid_through": day, "tz_version": tz_version}
    make_version(terms=terms)


@pytest.mark.parametrize(
    ("day", "level"),
    [("2026-03-01", Level.WRONG), ("2026-04-30", Level.WARNING), ("2027-12-31", Level.OK)],
)
def test_a_calendar_that_runs_out_is_said(day, level):
    calendar_until(day)

    assert asked("calendars").level is level


@pytest.mark.parametrize(
    ("running_rules", "level"),
    [("2026e", Level.WRONG), ("2026f", Level.OK), ("2027a", Level.WARNING)],
)
def test_other_rules_of_time_zones_than_those_signed_are_said(
    monkeypatch, running_rules, level
):
    calendar_until("2027-12-31")
    monkeypatch.setattr(signed, "rules", lambda: running_rules)

    assert asked("time zones").level is level


def test_the_rules_are_the_locked_packages_and_not_the_systems(tmp_path):
    (tmp_path / "tzdata.zi").write_text("# version 1999z\nmore")

    assert signed.rules() == "2026f"
    assert signed.rules((str(tmp_path),)) == "1999z"


# --- all of them


def test_a_database_that_is_away_is_said_by_each_check_that_asks_it(monkeypatch):
    def away(_):
        raise DatabaseError("connection refused\nand more")

    monkeypatch.setitem(CHECKS, "sweep", away)
    monkeypatch.setattr(wallclock, "now", lambda: AT)
    said = StringIO()

    with pytest.raises(CommandError, match="not well: sweep"):
        call_command("doctor", "--only", "sweep", stdout=said)
    assert "the database says connection refused\n" in said.getvalue()


def test_machines_read_it_and_warnings_are_no_failure(monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: AT)
    said = StringIO()

    call_command("doctor", "--json", "--only", "redis", "--only", "channels", stdout=said)

    rows = json.loads(said.getvalue())
    assert [(row["check"], row["level"]) for row in rows] == [
        ("redis", "warning"), ("channels", "ok")
    ]  # fmt: skip
    assert rows[0]["do"] != ""


def test_all_of_it_is_said_in_one_go(monkeypatch):
    monkeypatch.setattr(basics, "run_checks", lambda **_: [])
    monkeypatch.setattr(wallclock, "now", lambda: AT)
    said = StringIO()

    with pytest.raises(CommandError):
        call_command("doctor", stdout=said)
    assert [name for name in CHECKS if name not in said.getvalue()] == []


def test_a_time_that_the_database_keeps_and_does_not_give_is_the_hosts(monkeypatch):
    def away():
        raise DatabaseError("no such table")

    monkeypatch.setattr(wallclock, "now", away)
    said = StringIO()

    call_command("doctor", "--only", "disk", stdout=said)

    assert "GB free" in said.getvalue()
