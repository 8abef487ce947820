"""The doctor says what is wrong, in words, and what to do; each check can fail."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
import redis

from portal import ledger, wallclock
from portal.ledger.models import Head
from portal.operations.doctor import Level, basics, keeping
from tests.factories import MONDAY_NINE
from tests.portal.operations.asking import AT, asked, is_wrong, warns

pytestmark = pytest.mark.django_db


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


def test_metadata_of_the_provider_that_cannot_be_read_are_wrong(settings, tmp_path):
    settings.SSO_SAML_METADATA = str(tmp_path / "metadata.xml")
    assert is_wrong("company's sign-in", "No such file")

    (tmp_path / "metadata.xml").write_text("<a/>")
    assert is_wrong("company's sign-in", "one identity provider")


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
