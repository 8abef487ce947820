"""Recovery codes: shown once, each used once, counted, and new ones only by who proved it."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from portal.accounts.codes import onetime, recovery
from tests.factories import MONDAY_NINE, PASSWORD, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MAKE = "mfa_generate_recovery_codes"


@pytest.fixture(autouse=True)
def still(settings, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    monkeypatch.setattr(time, "time", lambda: MONDAY_NINE.timestamp())
    cache.clear()


@pytest.fixture
def person():
    person = make_user(password=PASSWORD)
    onetime.activate(person, SECRET)
    return person


def made_for(person):
    kept = Authenticator.objects.create(user=person, type="recovery_codes", data={})
    return recovery.renew(kept)


@pytest.fixture
def codes(person):
    return made_for(person)


def kept(person):
    return Authenticator.objects.get(user=person, type="recovery_codes")


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


def test_they_are_shown_once_with_a_file_to_keep(browser, person):
    shown = browser.post(reverse(MAKE))
    new = shown.context["codes"]
    later = browser.get(reverse("mfa_index")).text + browser.get(reverse(MAKE)).text

    assert len(new) == 10
    assert all(shown.text.count(code) == 2 for code in new)  # on the page, and in the file
    assert "data:text/plain;charset=utf-8," in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    assert not any(code in later for code in new)


@pytest.mark.parametrize("path", ["", "download/"])
def test_no_address_gives_them_again(browser, codes, path):
    assert browser.get(f"/accounts/2fa/recovery-codes/{path}").status_code == 404


def test_new_ones_end_the_old_ones(browser, person, codes):
    new = browser.post(reverse(MAKE)).context["codes"]

    late, _ = signed_in(person, codes[1])
    in_time, _ = signed_in(person, new[1])

    assert not is_in(late)
    assert is_in(in_time)
    assert set(new).isdisjoint(codes)


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_has_not_just_proved_who_they_are_gets_none(person, codes, method, client):
    client.force_login(person)

    asked = getattr(client, method)(reverse(MAKE))

    assert asked.status_code == 302
    assert "reauthenticate" in asked.headers["Location"]
    assert recovery.left(kept(person)) == len(codes)


def test_who_turns_codes_on_is_led_to_recovery_codes(client):
    person = make_user("Nora New", password=PASSWORD)
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = client.session[totp.SECRET_SESSION_KEY]
    counter = next(iter(totp.yield_hotp_counters_from_time()))

    done = client.post(reverse("mfa_activate_totp"), {"code": onetime.code_at(secret, counter)})

    assert "algorithm=SHA256" in page.context["totp_url"]
    assert done.headers["Location"] == reverse(MAKE)
    assert Authenticator.objects.get(user=person).data["digest"] == "sha256"


def test_where_apps_know_nothing_else_codes_are_as_they_were(client, settings):
    settings.CODES_DIGEST = "sha1"
    person = make_user("Nora New", password=PASSWORD)
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = client.session[totp.SECRET_SESSION_KEY]
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))

    client.post(reverse("mfa_activate_totp"), {"code": code})

    assert "algorithm" not in page.context["totp_url"]
    assert "digest" not in Authenticator.objects.get(user=person).data


# --- at rest


def stored(person):
    return [text for one in Authenticator.objects.filter(user=person)
            for name, text in one.data.items() if name in {"seed", "secret"}]  # fmt: skip


def test_no_seed_and_no_code_lies_readable_in_the_database(person, codes):
    at_rest = kept(person).data["digests"]

    assert [text[:3] for text in stored(person)] == ["g1."]
    assert SECRET not in str(stored(person))
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in at_rest)
    assert not any(code in str(kept(person).data) for code in codes)


def test_a_seed_of_before_is_read_and_sealed_on_request(person):
    Authenticator.objects.filter(user=person, type="totp").update(data={"secret": SECRET})

    call_command("reseal", verbosity=0)

    made = Authenticator.objects.get(user=person, type="totp")
    assert made.data["secret"].startswith("g1.")
    assert decrypt(made.data["secret"]) == SECRET


def test_recovery_codes_of_before_which_could_be_computed_open_nothing(person):
    of_before = RecoveryCodes.activate(person).generate_codes()

    browser, _ = signed_in(person, of_before[0])

    assert not is_in(browser)
    assert recovery.left(kept(person)) == 0


def test_the_key_is_turned_and_the_old_one_forgotten(person, codes, settings):
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key of the portal, and long enough"
    settings.SECRET_KEY_FALLBACKS = [old]
    call_command("reseal", verbosity=0)
    settings.SECRET_KEY_FALLBACKS = []

    assert decrypt(Authenticator.objects.get(user=person, type="totp").data["secret"]) == SECRET


def test_under_a_lost_key_recovery_codes_still_let_in_and_no_other_code_does(
    person, codes, settings
):
    settings.SECRET_KEY = "another key, and the one of before is lost for ever"
    counter = next(iter(totp.yield_hotp_counters_from_time()))

    out, refused = signed_in(person, onetime.code_at(SECRET, counter))
    browser, _ = signed_in(person, codes[1])

    assert refused.status_code == 200  # the form again
    assert not is_in(out)
    assert is_in(browser)
