"""Keys, digests and chance: what they are made with; and what a web server must not show."""

import ast
import math
from pathlib import Path

import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.backends import base as session_base
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import crypto

from portal.notifications.models.sealing import Unreadable, seal, unseal
from portal.settings import base
from tests.factories import make_user
from tests.source import tree
from tests.test_architecture import FILES

BROKEN = {"md5", "sha1", "sha224", "new_md5", "DES", "ARC4", "Blowfish", "ECB"}


def test_a_password_is_kept_by_a_slow_digest():
    assert not hasattr(base, "PASSWORD_HASHERS")
    assert global_settings.PASSWORD_HASHERS[0].endswith(".PBKDF2PasswordHasher")
    assert PBKDF2PasswordHasher.iterations >= 600_000
    assert PBKDF2PasswordHasher().digest().name == "sha256"


@pytest.mark.django_db
def test_a_session_s_key_is_of_128_bits_and_of_the_system_s_own_chance(monkeypatch):
    drawn = []
    real = crypto.secrets.choice
    monkeypatch.setattr(crypto.secrets, "choice", lambda of: drawn.append(of) or real(of))

    store = SessionStore()
    store.create()

    assert len(drawn) >= len(store.session_key)
    signs = len(set(session_base.VALID_KEY_CHARS))
    assert len(store.session_key) * math.log2(signs) >= 128


def test_a_sealed_text_that_was_changed_is_not_opened():
    sealed = seal("https://hooks.example.test/in")

    for place in range(1, len(sealed) - 2, 7):
        other = "A" if sealed[place] != "A" else "B"
        with pytest.raises(Unreadable):
            unseal(sealed[:place] + other + sealed[place + 1 :])
    assert unseal(sealed) == "https://hooks.example.test/in"
    assert seal("the same") != seal("the same")


@pytest.mark.source
def test_no_broken_digest_no_weak_cipher_and_no_chance_that_can_be_guessed():
    # The demo makes its company up, the same one each time.
    ours = [path for path in FILES if "demo" not in Path(path).parts]
    found = {str(path): _weak(tree(path)) for path in ours}

    assert {path: names for path, names in found.items() if names} == {}


def _weak(parsed):
    for node in ast.walk(parsed):
        names = [one.name for one in getattr(node, "names", []) if hasattr(one, "name")]
        if isinstance(node, ast.Import) and "random" in names:
            return "random"
        if isinstance(node, ast.ImportFrom) and (node.module == "random" or BROKEN & {*names}):
            return str(node.module)
        if isinstance(node, ast.Attribute) and node.attr in BROKEN:
            return node.attr
    return ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/.env", "/manage.py", "/static/", "/static/portal/",
     "/static/../manage.py", "/static/%2e%2e/manage.py", "/files/", "/media/"],
)  # fmt: skip
def test_no_folder_is_listed_and_no_file_of_the_project_is_served(path):
    person = Client()
    person.force_login(make_user())

    for visitor in (Client(), person):
        assert visitor.get(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/healthz/live", "/me/sign-ins/", "/api/v1/leads"]
)
def test_a_trace_is_not_answered(path):
    person = Client(headers={"X-Canary": "c4n4ry"})
    if path.startswith("/me/"):
        person.force_login(make_user())

    answer = person.trace(path)

    assert answer.status_code == 405
    assert "c4n4ry" not in answer.text
