"""Sessions: a new key at each login, an end to each, and none that outlives the account."""

import time
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal import wallclock
from portal.accounts.models import SignedIn, User
from tests.factories import MONDAY_NINE, PASSWORD, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]
PAGE = "/me/hours/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture(autouse=True)
def still(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def anna():
    return make_user("Anna Berg", password=PASSWORD)


@pytest.fixture
def later(monkeypatch):
    """Lets the host's clock go on."""
    begun = wallclock.hosts()

    def go(**passed):
        monkeypatch.setattr(wallclock, "hosts", lambda: begun + timedelta(**passed))

    return go


def sign_in(person, **headers):
    browser = Client(headers=headers)
    fields = {"login": person.email, "password": PASSWORD}
    assert browser.post(reverse("account_login"), fields).status_code == 302
    return browser


def prove(browser):
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def is_out(browser):
    page = browser.get(PAGE)
    return page.status_code == 302 and "/accounts/login/" in page.headers["Location"]


def test_the_key_of_before_the_login_opens_nothing_after_it(anna):
    planted = Client()
    planted.post("/language/", {"language": "de"})
    planted.session.save()
    before = planted.session.session_key

    fields = {"login": anna.email, "password": PASSWORD}
    planted.post(reverse("account_login"), fields)

    assert planted.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_a_session_ends_after_eight_hours_without_a_request(anna, later):
    browser = sign_in(anna)

    later(hours=7, minutes=59)
    assert not is_out(browser)
    later(hours=16)

    assert is_out(browser)


def test_a_session_ends_after_a_day_whatever_happens(anna, later):
    browser = sign_in(anna)

    for hours in (6, 12, 18, 23):
        later(hours=hours)
        assert not is_out(browser)
    later(hours=24)

    assert is_out(browser)


def test_an_ended_session_answers_htmx_with_where_to_sign_in(anna, later):
    browser = sign_in(anna)
    later(hours=25)

    part = browser.get(PAGE, headers={"HX-Request": "true"})

    assert part.status_code == 401
    assert "/accounts/login/" in part.headers["HX-Redirect"]


def test_what_a_request_notes_it_notes_every_five_minutes(
    anna, later, django_assert_num_queries
):
    browser = sign_in(anna)
    later(minutes=6)
    browser.get(PAGE)
    noted = SignedIn.objects.get().seen_at
    later(minutes=8)

    browser.get(PAGE)

    assert SignedIn.objects.get().seen_at == noted


def test_one_sees_one_s_sessions_and_nobody_else_s(anna):
    sign_in(make_user(password=PASSWORD))
    browser = sign_in(anna, user_agent=FIREFOX)
    sign_in(anna)

    page = browser.get(reverse("sign-ins")).text

    assert page.count("127.0.0.1") == 2
    assert "Firefox, Linux" in page
    assert page.count("this one") == 1


def test_one_ends_a_session_elsewhere(anna):
    lost, mine = sign_in(anna), sign_in(anna)
    row = SignedIn.objects.get(session_key=lost.session.session_key)

    prove(mine)
    mine.post(reverse("sign-in-end", args=[row.pk]))

    assert is_out(lost)
    assert not is_out(mine)


def test_one_ends_all_others(anna):
    lost, mine = [sign_in(anna), sign_in(anna)], sign_in(anna)

    prove(mine)
    mine.post(reverse("sign-ins"))

    assert [is_out(one) for one in lost] == [True, True]
    assert not is_out(mine)


@pytest.mark.parametrize("all_others", [True, False])
def test_who_sits_at_a_browser_left_open_proves_who_they_are_before_a_session_ends(
    anna, all_others, monkeypatch
):
    lost, mine = sign_in(anna), sign_in(anna)
    prove(mine)
    row = SignedIn.objects.get(session_key=lost.session.session_key)
    address = reverse("sign-ins") if all_others else reverse("sign-in-end", args=[row.pk])
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 301)

    asked = mine.post(address)

    assert "/accounts/reauthenticate/" in asked.headers["Location"]
    assert not is_out(lost)
    # The password alone: what was asked for is done then, and need not be asked for again.
    mine.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)
    assert is_out(lost)
    assert not is_out(mine)


def test_the_session_of_somebody_else_is_not_there(anna):
    stranger = sign_in(make_user(password=PASSWORD))
    row = SignedIn.objects.get(session_key=stranger.session.session_key)

    assert sign_in(anna).post(reverse("sign-in-end", args=[row.pk])).status_code == 404
    assert not is_out(stranger)


def test_a_new_password_ends_every_other_session(anna):
    lost, mine = sign_in(anna), sign_in(anna)
    mine.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    new = "quite another battery staple"
    mine.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert User.objects.get(pk=anna.pk).check_password(new)
    assert is_out(lost)
    assert not is_out(mine)
    assert SignedIn.objects.get().session_key == mine.session.session_key


def test_who_proves_anew_who_they_are_goes_on_under_a_new_key(anna):
    browser = sign_in(anna)
    before = browser.session.session_key

    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert browser.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()
    assert not is_out(browser)
    assert SignedIn.objects.get().session_key == browser.session.session_key


def test_with_the_session_the_browser_forgets_what_it_kept(anna, later):
    browser = sign_in(anna)
    assert "Clear-Site-Data" not in browser.get(PAGE).headers

    left = browser.post(reverse("account_logout"))
    lasted = sign_in(anna)
    later(hours=25)
    over = lasted.get(PAGE)

    assert left.headers["Clear-Site-Data"] == over.headers["Clear-Site-Data"]
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_how_long_sessions_last_and_how_many_there_may_be_is_written_as_it_is(settings):
    page = (Path(settings.ROOT) / "docs" / "identity.md").read_text()

    told = " ".join(page.partition("## Sessions and guessing")[2].split())

    assert (settings.SESSION_COOKIE_AGE, settings.SESSION_LONGEST) == (8 * 3600, 24 * 3600)
    assert "after eight hours without a request and after a day in all" in told
    assert settings.ACCOUNT_REAUTHENTICATION_TIMEOUT == 300
    assert "a proof of the last five minutes" in told
    assert "any number of sessions at once" in told
    assert "signing out there ends no session here" in told


def test_nobody_can_be_another_person():
    """There is no way to act as somebody else: no address, no setting, no package."""
    from django.conf import settings
    from django.urls import get_resolver

    from tests.authz_actors import addresses

    words = ("impersonat", "hijack", "su/", "login-as", "loginas", "switch-user", "sudo")
    assert [one for one in addresses() if any(word in one for word in words)] == []
    assert [one for one in settings.INSTALLED_APPS if any(word in one for word in words)] == []
    assert settings.AUTHENTICATION_BACKENDS == ["portal.adapter.PortalBackend"]
    assert get_resolver() is not None


@pytest.mark.parametrize("address", ["/", "/leads/", "/agreements/", "/me/hours/"])
def test_the_way_out_is_in_sight_on_every_page(anna, address):
    browser = sign_in(anna)

    page = browser.get(address, follow=True).text

    assert f'action="{reverse("account_logout")}"' in page


def test_the_cookie_of_a_known_browser_says_nothing_of_whose_it_is(anna):
    cookie = sign_in(anna).cookies["concord_known"].value

    said = signing.loads(cookie, salt="concord_known")
    assert said != sha256(anna.email.encode()).hexdigest()
    assert len(said) == 64
    assert anna.email not in cookie
