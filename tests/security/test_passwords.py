"""What a password may be, where it is typed, and what each proof of oneself is good for."""

import base64
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    validate_password,
)
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.accounts.codes import forms, onetime, recovery
from portal.accounts.models import User
from portal.accounts.sessions import leaked
from portal.accounts.sessions.guessable import WORDS
from tests.docs.test_docs import ROOT
from tests.factories import MONDAY_NINE, PASSWORD, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OTHER = "quite another battery staple"


@pytest.fixture(autouse=True)
def clock(settings, monkeypatch):
    """The clock of the codes, which stands until a test moves it."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    at = [MONDAY_NINE.timestamp()]
    monkeypatch.setattr(time, "time", lambda: at[0])
    yield at
    cache.clear()


@pytest.fixture
def anna():
    return make_user("Anna Berg", password=PASSWORD)


def sign_in(person, password=PASSWORD):
    browser = Client()
    fields = {"login": person.email, "password": password}
    return browser, browser.post(reverse("account_login"), fields)


def is_in(browser):
    return browser.get("/me/hours/").status_code == 200


# --- which


@pytest.mark.parametrize(
    "password",
    [
        "grüner kaffee um 9", "blau wie kein anderes", "830472915638", "~~ ^^ ~~ ^^ ~~",
        "a" * 30 + " long " + "b" * 28, "wholesalers' agreements are dull",
    ],
)  # fmt: skip
def test_a_password_may_be_of_any_signs_and_long(anna, password):
    validate_password(password, anna)


@pytest.mark.parametrize(
    "password",
    [
        "elevensigns", "qwerty123456", "passwordpassword", "anna.berg.26",
        "Concord-2026!", "SalesMarketing1", "vertrieb-portal", "welcome 2 Concord",
        "TestServer2026",
    ],
)  # fmt: skip
def test_a_short_a_common_and_one_made_of_our_own_words_are_refused(anna, password):
    with pytest.raises(ValidationError):
        validate_password(password, anna)


@pytest.mark.parametrize(
    "password",
    [
        "1qaz2wsx3edc", "q1w2e3r4t5y6", "QwertyQwerty", "leavemealone", "123456789987654321",
        "sonyericsson", "zxcasdqwe123", "unbelievable", "112233445566", "1234567890qwerty",
    ],
)  # fmt: skip
def test_what_was_leaked_elsewhere_is_refused_in_any_letters(anna, password):
    for one in (password, password.upper()):
        with pytest.raises(ValidationError) as refused:
            validate_password(one, anna)
        assert "password_too_common" in {error.code for error in refused.value.error_list}


def test_far_more_than_three_thousand_long_ones_are_known_and_every_one_of_django_s():
    common = [word for word in CommonPasswordValidator().passwords if len(word) >= 12]

    assert len(leaked.known()) > 40_000
    assert len(common) > 100
    assert [word for word in common if leaked.digest(word) not in leaked.known()] == []


def test_the_words_that_make_no_password_are_written_down():
    page = (ROOT / "docs" / "identity.md").read_text()

    told = re.search(r"(?s)Words of the portal.*?: (.*?)\.", page)

    assert told is not None
    assert set(re.findall(r"[a-z]+", told[1])) == WORDS


# --- where


def test_a_password_is_checked_as_it_was_typed(anna):
    odd = "  Blanks at Both ENDS, and an ü  "
    anna.set_password(odd)
    anna.save()

    assert is_in(sign_in(anna, odd)[0])
    for other in (odd.strip(), odd.lower(), odd[:-1], odd + "x"):
        assert not is_in(sign_in(anna, other)[0])


def test_a_new_password_of_oneself_wants_the_old_one(anna):
    browser, _ = sign_in(anna)
    change = {"password1": OTHER, "password2": OTHER}
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    for old in ("", "wrong"):
        browser.post(reverse("account_change_password"), change | {"oldpassword": old})
        assert User.objects.get(pk=anna.pk).check_password(PASSWORD)
    browser.post(reverse("account_change_password"), change | {"oldpassword": PASSWORD})

    assert User.objects.get(pk=anna.pk).check_password(OTHER)


def test_what_is_typed_is_hidden_and_may_be_pasted_and_filled_in(anna):
    browser, _ = sign_in(anna)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    pages = [Client().get(reverse("account_login")).text]
    pages.append(browser.get(reverse("account_change_password")).text)

    field = r'<input[^>]*name="(?:old)?password[^>]*>'
    inputs = [tag for page in pages for tag in re.findall(field, page)]

    assert len(inputs) == 4
    for tag in inputs:
        assert 'type="password"' in tag
        assert re.search(r'autocomplete="(current|new)-password"', tag)
        assert not re.search(r"maxlength|onpaste|readonly", tag)


# --- forgotten, and lost


def link_of(person):
    Client().post(reverse("account_reset_password"), {"email": person.email})
    found = re.search(r"https?://\S+/accounts/password/reset/key/#\S+", mail.outbox[-1].body)
    assert found is not None
    return found[0]


def opened(link):
    """What a browser shows that posts the link, as its page does."""
    browser = Client()
    return browser, browser.post("/accounts/password/reset/key/", {"link": link}, follow=True)


def choose(link):
    browser, form = opened(link)
    if form.status_code == 200:
        browser.post(form.context["action_url"], {"password1": OTHER, "password2": OTHER})
    return browser


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once_and_signs_nobody_in(anna):
    lost, _ = sign_in(anna)
    link = link_of(anna)

    browser = choose(link)
    _, again = opened(link)

    assert User.objects.get(pk=anna.pk).check_password(OTHER)
    assert not is_in(browser)
    assert not is_in(lost)
    assert "used up" in again.text


def test_a_replaced_password_is_no_way_round_the_one_time_code(anna):
    onetime.activate(anna, SECRET)
    choose(link_of(anna))

    browser, answer = sign_in(anna, OTHER)

    assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_in(browser)


# --- codes


def code_now():
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return onetime.code_at(SECRET, counter)


def with_code(person, code):
    browser, _ = sign_in(person)
    browser.post(reverse("mfa_authenticate"), {"code": code})
    return is_in(browser)


def test_a_one_time_code_lets_in_once_and_within_its_half_minute(anna, clock):
    onetime.activate(anna, SECRET)
    code = code_now()

    assert with_code(anna, code)
    assert not with_code(anna, code)
    clock[0] += 30
    assert not with_code(anna, code)
    late = code_now()
    clock[0] += 30
    assert not with_code(anna, late)


def recovery_codes(person):
    kind = Authenticator.Type.RECOVERY_CODES
    return recovery.renew(Authenticator.objects.create(user=person, type=kind, data={}))


def test_a_recovery_code_lets_in_once_and_is_long(anna):
    onetime.activate(anna, SECRET)
    codes = recovery_codes(anna)

    assert all(re.fullmatch(r"([A-Z2-7]{4}-){5}[A-Z2-7]{4}", one) for one in codes)  # 120 bits
    assert len(set(codes)) == 10
    assert with_code(anna, codes[0])
    assert not with_code(anna, codes[0])
    assert with_code(anna, codes[1].replace("-", " ").lower())


def test_secrets_of_codes_come_from_the_system_s_own_chance(anna, monkeypatch):
    monkeypatch.setattr("secrets.token_bytes", lambda n: b"\x07" * n)

    assert totp.generate_totp_secret() == "A4DQOBYH" * 4
    assert set(recovery_codes(anna)) == {"-".join(["A4DQ", "OBYH"] * 3)}


def test_codes_are_made_by_sha_256_as_their_standard_has_it():
    seed = base64.b32encode(b"12345678901234567890123456789012").decode()

    # The table of RFC 6238, appendix B: its last six digits.
    for seconds, said in (
        (59, "119246"), (1_111_111_109, "084774"), (1_111_111_111, "062674"),
        (1_234_567_890, "819424"), (2_000_000_000, "698825"), (20_000_000_000, "737706"),
    ):  # fmt: skip
        assert onetime.code_at(seed, seconds // 30) == said


def test_a_seed_of_before_opens_as_its_app_knows_it_and_a_new_one_by_sha_256_alone(anna, clock):
    old = totp.TOTP.activate(anna, SECRET).instance
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    of_before = totp.format_hotp_value(totp.hotp_value(SECRET, counter))

    assert with_code(anna, of_before)
    old.delete()
    clock[0] += 30
    onetime.activate(anna, SECRET)
    of_before = totp.format_hotp_value(totp.hotp_value(SECRET, counter + 1))

    assert not with_code(anna, of_before)
    assert with_code(anna, code_now())


def test_guesses_at_a_code_are_few(anna, monkeypatch):
    onetime.activate(anna, SECRET)
    looked = []
    monkeypatch.setitem(forms.TAKEN_BY, "totp", lambda kept, code: looked.append(code))
    browser, _ = sign_in(anna)

    for n in range(30):
        browser.post(reverse("mfa_authenticate"), {"code": f"{n:06}"})

    assert 0 < len(looked) <= 20
