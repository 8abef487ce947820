"""One cache for all processes: a code that one has seen used, another refuses."""

import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache, caches
from django.core.management import call_command
from django.db import connection

from tests.factories import make_user

READ = "import django; django.setup(); from django.core.cache import cache; print({})"


def in_another_process(expression: str) -> str:
    """What another process of the portal, on the same database, sees."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "DATABASE_URL": database_url(),
    }
    done = subprocess.run(
        [sys.executable, "-c", READ.format(expression)],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def database_url() -> str:
    where = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{where['NAME']}"
    query = f"user={quote(where['USER'])}&host={quote(where['HOST'], safe='')}"
    secret = f":{quote(where['PASSWORD'])}" if where["PASSWORD"] else ""
    name = f"{secret}@/{where['NAME']}" if secret else f"/{where['NAME']}"
    return f"postgresql://{name}?{query}&port={where['PORT']}"


@pytest.mark.django_db(transaction=True)
def test_what_one_process_keeps_another_one_sees():
    cache.set("seen", "by all", timeout=60)

    assert in_another_process("cache.get('seen')") == "by all"
    assert in_another_process("cache.add('seen', 'again')") == "False"


@pytest.mark.django_db
def test_the_cache_of_another_worker_has_the_same_rows():
    mine, theirs = caches.create_connection("default"), caches.create_connection("default")

    assert mine.add("code:1", "used", timeout=30)
    assert not theirs.add("code:1", "used", timeout=30)
    assert theirs.get("code:1") == "used"


@pytest.mark.django_db
def test_a_one_time_code_that_one_worker_took_is_refused_by_all(monkeypatch):
    here, there = caches.create_connection("default"), caches.create_connection("default")
    code = TOTP(Authenticator(user=make_user(), type=Authenticator.Type.TOTP))

    monkeypatch.setattr("allauth.mfa.totp.internal.auth.cache", here)
    assert code._mark_code_used("123456")
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.cache", there)
    assert not code._mark_code_used("123456")


@pytest.mark.django_db
def test_the_table_that_django_would_make_is_there_already(capsys):
    call_command("createcachetable", verbosity=1)

    assert "already exists" in capsys.readouterr().out
