"""Guessing is slow, and a stranger who guesses keeps nobody out."""

import re
import time

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.adapter import KNOWN
from tests.factories import MONDAY_NINE, PASSWORD, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]


@pytest.fixture(autouse=True)
def clock(settings, monkeypatch):
    """The clock by which attempts are counted, and that a test moves."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    at = [time.time()]
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: at[0])
    yield at
    cache.clear()


@pytest.fixture
def anna():
    return make_user("Anna Berg", password=PASSWORD)


@pytest.fixture
def few(settings):
    """So that a test needs fewer guesses: ten from all strangers together, not a hundred."""
    limits = settings.ACCOUNT_RATE_LIMITS
    assert limits["login_strange"] == "100/h/key"
    settings.ACCOUNT_RATE_LIMITS = limits | {"login_strange": "10/h/key"}


@pytest.fixture
def checked(monkeypatch):
    """How many passwords were really looked at."""
    from portal.adapter import PortalBackend

    seen = []
    real = PortalBackend.authenticate

    def counting(self, request, **credentials):
        seen.append(credentials)
        return real(self, request, **credentials)

    monkeypatch.setattr(PortalBackend, "authenticate", counting)
    return seen


def attempt(person, password="wrong", *, address="203.0.113.9", browser=None):
    browser = browser or Client()
    fields = {"login": getattr(person, "email", person), "password": password}
    return browser.post(reverse("account_login"), fields, REMOTE_ADDR=address)


def let_in(response):
    return response.status_code == 302


def test_of_many_guesses_from_one_place_few_are_looked_at(anna, checked, clock):
    for _ in range(60):
        attempt(anna)
        clock[0] += 60  # an hour in all

    assert len(checked) <= 20


def test_the_longer_somebody_guesses_the_slower_it_gets(anna, checked, clock):
    looked = []
    for _hour in range(4):
        before = len(checked)
        for _ in range(24):
            attempt(anna)
            clock[0] += 150
        looked.append(len(checked) - before)

    assert looked[0] > looked[-1]
    assert sum(looked) <= 50


def test_after_a_stranger_s_guesses_the_person_signs_in_from_elsewhere(anna):
    for _ in range(30):
        attempt(anna)

    assert not let_in(attempt(anna, PASSWORD))
    assert let_in(attempt(anna, PASSWORD, address="198.51.100.7"))


def test_guesses_from_everywhere_together_are_limited_too(anna, few, checked):
    for n in range(15):
        attempt(anna, address=f"203.0.113.{n}")

    assert len(checked) <= 10
    assert not let_in(attempt(anna, PASSWORD, address="198.51.100.7"))


def test_and_yet_the_person_signs_in_where_they_were_before(anna, few):
    own = Client()
    attempt(anna, PASSWORD, address="198.51.100.7", browser=own)
    own.post(reverse("account_logout"))
    for n in range(15):
        attempt(anna, address=f"203.0.113.{n}")

    assert let_in(attempt(anna, PASSWORD, address="198.51.100.8", browser=own))


@pytest.mark.parametrize("cookie", ["", "anna@concord.test", "made:up:signature"])
def test_a_cookie_that_we_did_not_sign_makes_nobody_known(anna, few, cookie):
    stranger = Client()
    for n in range(11):
        attempt(anna, address=f"203.0.113.{n}")
    stranger.cookies[KNOWN] = cookie

    assert not let_in(attempt(anna, PASSWORD, address="198.51.100.9", browser=stranger))


def test_being_known_as_one_person_helps_not_with_another(anna, few):
    other, browser = make_user(password=PASSWORD), Client()
    attempt(other, PASSWORD, address="198.51.100.7", browser=browser)
    browser.post(reverse("account_logout"))
    for n in range(11):
        attempt(anna, address=f"203.0.113.{n}")

    assert not let_in(attempt(anna, PASSWORD, address="198.51.100.9", browser=browser))


def test_signing_in_rightly_uses_nothing_up(anna):
    for _ in range(30):
        browser = Client()
        assert let_in(attempt(anna, PASSWORD, browser=browser))


def test_an_address_that_a_stranger_writes_into_a_header_changes_nothing(anna, checked):
    for n in range(30):
        fields = {"login": anna.email, "password": "wrong"}
        Client().post(
            reverse("account_login"), fields, headers={"X-Forwarded-For": f"10.0.0.{n}"}
        )

    assert len(checked) <= 5


def test_behind_the_proxy_its_word_counts_and_no_other(anna, settings, checked):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(30):
        fields = {"login": anna.email, "password": "wrong"}
        Client().post(
            reverse("account_login"), fields,
            headers={"X-Forwarded-For": f"10.0.0.{n}, 203.0.113.9"},
        )  # fmt: skip

    assert len(checked) <= 5
    assert let_in(
        Client().post(
            reverse("account_login"), {"login": anna.email, "password": PASSWORD},
            headers={"X-Forwarded-For": "198.51.100.7"},
        )
    )  # fmt: skip


def test_somebody_who_is_not_there_is_refused_in_the_same_words(anna):
    known = attempt(anna)
    unknown = attempt("nobody@concord.test", address="203.0.113.10")

    def words(response):
        text = re.sub(r"(?:CSRFToken|csrfmiddlewaretoken)[^>]*", "", response.text)
        return text.replace(anna.email, "").replace("nobody@concord.test", "")

    assert known.status_code == unknown.status_code
    assert words(known) == words(unknown)
