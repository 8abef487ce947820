"""The doctor says what is wrong, in words, and what to do; each check can fail."""

import json
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
import redis
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from leads.models import AuditPass, SweepHold, SweepPass
from portal import ledger, wallclock
from portal.accounts.models import User
from portal.ledger.models import Head
from portal.notifications.models import Delivery, Endpoint
from portal.operations import pulse
from portal.operations.doctor import CHECKS, Level, basics, keeping, signed
from tests.factories import MONDAY_NINE, make_signatory, make_terms, make_user, make_version
from tests.portal.endpoints import make_endpoint, tell

pytestmark = pytest.mark.django_db
AT = MONDAY_NINE + timedelta(minutes=10)


def asked(name, at=AT):
    return CHECKS[name](at)


def is_wrong(name, words):
    found = asked(name)
    return found.level is Level.WRONG and words in found.said and found.todo != ""


def warns(name, words):
    found = asked(name)
    return found.level is Level.WARNING and words in found.said and found.todo != ""


# --- settings


def test_debug_is_wrong(settings):
    settings.DEBUG = True

    assert is_wrong("settings", "DEBUG")


def test_an_error_of_djangos_own_checks_is_said(monkeypatch):
    error = SimpleNamespace(id="x.E1", msg="a thing is amiss", hint="mend it", level=40)
    monkeypatch.setattr(basics, "run_checks", lambda **_: [error])

    assert is_wrong("settings", "x.E1: a thing is amiss")


def test_settings_for_trying_out_are_said(settings, monkeypatch):
    monkeypatch.setattr(basics, "run_checks", lambda **_: [])
    settings.SIMULATION_ALLOWED = True

    assert warns("settings", "for trying it out")


def test_a_short_key_is_wrong_and_older_ones_are_named(settings):
    settings.SECRET_KEY = "short"
    assert is_wrong("secret key", "forged")

    settings.SECRET_KEY = "0123456789abcdef" * 4
    settings.SECRET_KEY_FALLBACKS = ["an older one"]
    assert warns("secret key", "1 older")


@pytest.mark.parametrize(
    ("hosts", "address", "words"),
    [
        (["*"], "https://a.test", "every host"),
        ([], "https://a.test", "every host"),
        (["b.test"], "https://a.test", "a.test, which is refused"),
    ],
)
def test_an_address_that_is_not_answered_is_wrong(settings, hosts, address, words):
    settings.ALLOWED_HOSTS, settings.BASE_URL = hosts, address

    assert is_wrong("addresses", words)


def test_links_without_https_are_said(settings):
    settings.ALLOWED_HOSTS, settings.BASE_URL = ["a.test"], "http://a.test"

    assert warns("addresses", "http://a.test")


def test_a_broker_that_is_away_is_wrong_and_none_is_said(settings):
    assert warns("redis", "there is none")

    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert is_wrong("redis", "no answer")


def test_a_broker_that_throws_away_is_said(settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    client = SimpleNamespace(
        info=lambda _: {"redis_version": "9"}, llen=lambda _: 0, close=lambda: None,
        config_get=lambda _: {"maxmemory-policy": "allkeys-lru"},
    )  # fmt: skip
    monkeypatch.setattr(redis.Redis, "from_url", lambda *_, **__: client)

    assert warns("redis", "allkeys-lru")


def test_a_mail_server_that_is_away_is_wrong_and_a_file_is_said(settings):
    assert warns("mail", "do not leave")

    settings.EMAIL_BACKEND = basics.SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert is_wrong("mail", "127.0.0.1:1 does not let us in")


# --- what is kept


def cursor(*answers):
    waiting = [(one,) for one in answers]
    return SimpleNamespace(execute=lambda _: None, fetchone=lambda: waiting.pop(0))


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (("130009", "read committed", "on"), "13.9 is too old"),
        (("170002", "serializable", "on"), "serializable"),
        (("170002", "read committed", "off"), "may lose"),
    ],
)
def test_a_postgresql_that_is_old_or_set_otherwise_is_wrong(answers, words):
    found = keeping._postgresql(cursor(*answers))

    assert (found.level, words in found.said) == (Level.WRONG, True)
    assert keeping._postgresql(cursor("170002", "read committed", "on")).level is Level.OK


@pytest.mark.parametrize(
    ("answers", "words"), [(("3.30.1", "wal"), "too old"), (("3.40.1", "delete"), "delete")]
)
def test_an_sqlite_that_is_old_or_without_wal_is_wrong(answers, words):
    found = keeping._sqlite(cursor(*answers))

    assert (found.level, words in found.said) == (Level.WRONG, True)


def test_sqlite_is_no_database_for_a_company():
    assert keeping._sqlite(cursor("3.40.1", "wal")).level is Level.WARNING


def test_tables_that_are_behind_are_wrong(monkeypatch):
    step = SimpleNamespace(app_label="leads", name="0099_more")
    monkeypatch.setattr(keeping.MigrationExecutor, "migration_plan", lambda *_: [(step, False)])

    assert is_wrong("migrations", "1 steps behind: leads 0099_more")


def test_tables_as_this_release_wants_them_are_well_and_newer_ones_are_said(monkeypatch):
    assert asked("migrations").level is Level.OK

    real = keeping.MigrationExecutor.__init__

    def newer(self, *args):
        real(self, *args)
        self.loader.applied_migrations[("leads", "0099_more")] = None

    monkeypatch.setattr(keeping.MigrationExecutor, "__init__", newer)
    assert warns("migrations", "leads 0099_more")


def test_a_trigger_that_is_gone_is_wrong(monkeypatch):
    assert asked("triggers").level is Level.OK

    monkeypatch.setattr(keeping.guard, "stands", lambda _: False)
    assert is_wrong("triggers", "no longer refuses")


def test_an_empty_ledger_and_one_that_is_not_published_are_said():
    assert warns("ledger", "empty")

    ledger.open_ledger(simulated=False, at=MONDAY_NINE)
    assert warns("ledger", "no head was published")

    ledger.publish_head(at=MONDAY_NINE)
    assert asked("ledger").level is Level.OK


def test_a_head_that_is_ahead_names_what_is_missing():
    ledger.open_ledger(simulated=False, at=MONDAY_NINE)
    Head.objects.create(seq=7, hash="a" * 64, count=7, at=MONDAY_NINE)

    assert is_wrong("ledger", "entries 2 to 7 are missing")


def test_a_head_of_another_past_is_wrong():
    ledger.open_ledger(simulated=False, at=MONDAY_NINE)
    Head.objects.create(seq=1, hash="a" * 64, count=1, at=MONDAY_NINE)

    assert is_wrong("ledger", "entry 1 is not the one")


def test_heads_that_cannot_be_read_are_wrong(settings, tmp_path):
    ledger.open_ledger(simulated=False, at=MONDAY_NINE)
    settings.LEDGER_HEADS_FILE = tmp_path / "heads"
    settings.LEDGER_HEADS_FILE.write_text("no head")

    assert is_wrong("ledger", "cannot be read")


def test_hosts_whose_times_differ_are_wrong(monkeypatch):
    class Their:
        def __enter__(self):
            return cursor(AT + timedelta(seconds=20))

        def __exit__(self, *_):
            pass

    there = SimpleNamespace(vendor="postgresql", cursor=Their)
    monkeypatch.setattr(keeping, "connection", there)
    monkeypatch.setattr(wallclock, "now", lambda: AT)

    assert is_wrong("clock", "20 s apart")


@pytest.mark.parametrize(
    ("free", "level"), [(0.5, Level.WRONG), (3, Level.WARNING), (9, Level.OK)]
)
def test_little_room_is_said(monkeypatch, free, level):
    usage = SimpleNamespace(free=int(free * keeping.GIGABYTE))
    monkeypatch.setattr(keeping.shutil, "disk_usage", lambda _: usage)

    assert asked("disk").level is level


def test_a_folder_that_is_not_there_is_wrong(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "nowhere" / "files"

    assert is_wrong("disk", "is not there")


def test_static_files_that_were_not_collected_are_wrong(settings, tmp_path):
    assert asked("static files").level is Level.OK  # tests serve them as they lie

    manifest = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": manifest}
    settings.STATIC_ROOT = tmp_path
    assert is_wrong("static files", "is not there")

    (tmp_path / "staticfiles.json").write_text(json.dumps({"paths": {}}))
    assert is_wrong("static files", "were not collected")


# --- what runs


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
