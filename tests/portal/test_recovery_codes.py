"""Recovery codes: shown once, each used once, counted, and new ones only by who proved it."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY_NINE, PASSWORD, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SHOW, MAKE = "mfa_view_recovery_codes", "mfa_generate_recovery_codes"


@pytest.fixture(autouse=True)
def still(settings, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    monkeypatch.setattr(time, "time", lambda: MONDAY_NINE.timestamp())
    cache.clear()


@pytest.fixture
def person():
    person = make_user(password=PASSWORD)
    TOTP.activate(person, SECRET)
    return person


@pytest.fixture
def codes(person):
    return RecoveryCodes.activate(person).generate_codes()


def signed_in(person, code):
    browser = Client()
    login = {"login": person.email, "password": PASSWORD}
    browser.post(reverse("account_login"), login)
    return browser, browser.post(reverse("mfa_authenticate"), {"code": code})


def is_in(browser):
    return browser.get("/me/hours/").status_code == 200


@pytest.fixture
def browser(person, codes):
    """One in which they are signed in, and have just proved who they are."""
    browser, _ = signed_in(person, codes[0])
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def test_a_code_lets_in_once(person, codes):
    first, _ = signed_in(person, codes[3])
    second, refused = signed_in(person, codes[3])

    assert is_in(first)
    assert not is_in(second)
    assert refused.status_code == 200  # the form again


def test_they_are_counted(browser, person):
    page = browser.get(reverse("mfa_index")).text

    assert "9 are left. Each works once." in page


def test_they_are_shown_once_with_a_file_to_keep(browser, codes):
    first = browser.get(reverse(SHOW)).text
    again = browser.get(reverse(SHOW)).text

    assert all(first.count(code) == 2 for code in codes[1:])  # on the page, and in the file
    assert codes[0] not in first
    assert "data:text/plain;charset=utf-8," in first
    assert not any(code in again for code in codes)
    assert "were shown before" in again
    assert "Show them" not in browser.get(reverse("mfa_index")).text


def test_no_address_gives_them_again(browser, codes):
    browser.get(reverse(SHOW))

    assert browser.get(reverse("mfa_download_recovery_codes")).status_code == 403


def test_new_ones_end_the_old_ones(browser, person, codes):
    browser.post(reverse(MAKE))
    fresh = Authenticator.objects.get(user=person, type="recovery_codes").wrap()

    late, _ = signed_in(person, codes[1])

    assert not is_in(late)
    assert set(fresh.get_unused_codes()).isdisjoint(codes)
    assert len(fresh.get_unused_codes()) == len(codes)


@pytest.mark.parametrize("name", [SHOW, MAKE])
def test_who_has_not_just_proved_who_they_are_gets_none(person, codes, name, client):
    client.force_login(person)

    asked = client.post(reverse(name)) if name == MAKE else client.get(reverse(name))

    assert asked.status_code == 302
    assert "reauthenticate" in asked.headers["Location"]
    kept = Authenticator.objects.get(user=person, type="recovery_codes").wrap()
    assert kept.get_unused_codes() == codes


# --- at rest


def stored(person):
    return [text for one in Authenticator.objects.filter(user=person)
            for name, text in one.data.items() if name in {"seed", "secret"}]  # fmt: skip


def test_no_seed_lies_readable_in_the_database(person, codes):
    assert len(stored(person)) == 2
    assert all(text.startswith("g1.") for text in stored(person))
    assert SECRET not in str(stored(person))


def test_a_seed_of_before_is_read_and_sealed_on_request(person):
    made = Authenticator.objects.get(user=person, type="totp")
    Authenticator.objects.filter(pk=made.pk).update(data={"secret": SECRET})
    made.refresh_from_db()
    seed = {"seed": "ab" * 40, "used_mask": 1}
    plain = Authenticator.objects.create(user=person, type="recovery_codes", data=seed).wrap()
    before = plain.get_unused_codes()

    call_command("reseal", verbosity=0)

    sealed = Authenticator.objects.get(user=person, type="recovery_codes").wrap()
    assert all(text.startswith("g1.") for text in stored(person))
    assert sealed.get_unused_codes() == before
    assert len(before) == 9


def test_the_key_is_turned_and_the_old_one_forgotten(person, codes, settings):
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key of the portal, and long enough"
    settings.SECRET_KEY_FALLBACKS = [old]
    call_command("reseal", verbosity=0)
    settings.SECRET_KEY_FALLBACKS = []

    kept = Authenticator.objects.get(user=person, type="recovery_codes").wrap()

    assert kept.get_unused_codes() == codes


def test_under_a_lost_key_no_code_fits_and_nothing_breaks(person, codes, settings):
    settings.SECRET_KEY = "another key, and the one of before is lost for ever"

    browser, refused = signed_in(person, codes[1])

    assert refused.status_code == 200  # the form again
    assert not is_in(browser)
