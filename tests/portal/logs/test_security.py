"""Who signed in, who was refused, and what: each is a line, and no line names a person."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Scope
from portal.settings import logs as settings_of_logs
from tests.factories import MONDAY_NINE, PASSWORD, make_user
from tests.sla.programs import a_token, calls

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]


@pytest.fixture(autouse=True)
def still(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def anna():
    return make_user("Anna Berg", password=PASSWORD)


@pytest.fixture
def said(caplog):
    """What our own lines of one kind say."""
    caplog.set_level("INFO", logger="portal")

    def of(message, *names):
        rows = [one for one in caplog.records if one.message == message]
        return [tuple(getattr(one, name) for name in names) for one in rows]

    return of


def sign_in(person, password=PASSWORD):
    browser = Client()
    browser.post(reverse("account_login"), {"login": person.email, "password": password})
    return browser


def test_a_sign_in_a_proof_and_a_sign_out_say_who_and_how(anna, said):
    browser = sign_in(anna)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    browser.post(reverse("account_logout"))

    assert said("signed in", "person", "way") == [(anna.pk, "password")]
    assert said("proved again", "person", "way") == [(anna.pk, "password")]
    assert said("signed out", "person") == [(anna.pk,)]


def test_a_wrong_password_and_one_too_many_say_why(anna, said):
    for _ in range(6):
        sign_in(anna, "wrong")

    wrong = ("wrong password or no such account",)
    assert said("sign-in refused", "why") == [wrong] * 5 + [("too many attempts",)]


def test_a_wrong_code_is_said_without_the_code(anna, said):
    TOTP.activate(anna, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    assert Authenticator.objects.filter(user=anna).exists()
    browser = sign_in(anna)

    browser.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert said("sign-in refused", "why") == [("wrong one-time code",)]
    assert said("signed in", "person") == []


def test_who_was_refused_what_is_said_by_route(anna, said):
    browser = sign_in(anna)
    browser.get("/leads/4711/")
    calls(a_token(anna, Scope.READ)[1]).post("/api/v1/leads", {}, "application/json")
    Client().get("/api/v1/leads")

    assert said("refused", "status", "person", "method", "route") == [
        (404, anna.pk, "GET", "leads/<int:lead_id>/"),
        (403, anna.pk, "POST", "api/v1/leads"),
        (401, 0, "GET", "api/v1/leads"),
    ]


def test_the_path_of_a_link_that_is_refused_stands_in_no_line(caplog):
    for path in ("/welcome/", "/setup/first/", "/accounts/password/reset/key/"):
        assert Client().post(path, {"link": "the-secret-of-a-link"}).status_code == 404
    Client().get("/nowhere/the-secret-of-a-link/")

    assert [one.name for one in caplog.records if one.levelname == "WARNING"]
    assert "the-secret-of-a-link" not in caplog.text


def test_all_that_is_logged_goes_to_standard_error_alone():
    made = settings_of_logs.logging("INFO", "json")

    kinds = {name: one["class"] for name, one in made["handlers"].items()}
    used = [made["root"], *made["loggers"].values()]
    assert kinds == {"stderr": "logging.StreamHandler"}
    assert {name for one in used for name in one.get("handlers", [])} == {"stderr"}
