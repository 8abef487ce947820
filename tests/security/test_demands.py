"""What a company may demand of who signs in, and how fast one may take away what one sees."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.messages import ERROR, INFO
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Passkey, Role
from portal.accounts.sessions.pace import Counted
from portal.ledger.models import LedgerEntry
from portal.operations.refusing import Told
from tests.factories import MONDAY_NINE, PASSWORD, make_operations, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]
PAGE = "/me/hours/"


@pytest.fixture(autouse=True)
def still(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def said(caplog):
    """What our own lines of one kind say."""
    caplog.set_level("INFO", logger="portal")

    def of(message, *names):
        rows = [one for one in caplog.records if one.message == message]
        return [tuple(getattr(one, name, None) for name in names) for one in rows]

    return of


def signed_in(person):
    browser = Client()
    browser.force_login(person)
    return browser


# --- a second factor


@pytest.mark.parametrize("demanded", [{"everybody"}, {"admin", "operations"}])
def test_who_owes_a_second_factor_sees_no_page_before_it_is_turned_on(settings, demanded):
    settings.SECOND_FACTOR_OF = frozenset(demanded)
    olga = make_operations("Olga")
    browser = signed_in(olga)

    assert browser.get(PAGE).headers["Location"] == reverse("mfa_activate_totp")
    part = browser.get(PAGE, headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (
        401, reverse("mfa_activate_totp"),
    )  # fmt: skip
    assert browser.get(reverse("account_logout")).status_code == 200

    TOTP.activate(olga, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    assert browser.get(PAGE).status_code == 200


def test_of_whom_none_is_demanded_goes_on_as_before(settings):
    settings.SECOND_FACTOR_OF = frozenset({"admin", "operations"})

    assert signed_in(make_user()).get(PAGE).status_code == 200


def test_who_came_by_the_provider_was_asked_there(settings):
    settings.SECOND_FACTOR_OF = frozenset({"everybody"})
    anna = make_user()
    browser = signed_in(anna)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": 0}]
    session["account_authentication_methods_user"] = str(anna.pk)
    session.save()

    assert browser.get(PAGE).status_code == 200


# --- passwords closed


def test_where_all_come_by_the_provider_a_password_opens_nothing(settings, said):
    settings.SSO_ONLY = True
    anna, browser = make_user("Anna Berg", password=PASSWORD), Client()

    answer = browser.post(reverse("account_login"), {"login": anna.email, "password": PASSWORD})

    assert "open nothing here" in answer.text
    assert browser.get(PAGE).status_code == 302
    assert said("sign-in refused", "why") == [("passwords are closed",)]


# --- pace


def test_a_minute_counts_for_each_alone_and_begins_anew():
    counted = Counted()

    def asks(who, now):
        return counted.wait(who, most=2, now=now)

    assert [asks("anna", now) for now in (0, 1, 2, 59.5)] == [0, 0, 59, 1]
    assert asks("ben", 2) == 0
    assert asks("anna", 60) == 0
    assert counted.wait("anna", most=0, now=61) == 0


def test_who_asks_for_more_than_anybody_reads_is_told_when_to_come_again(settings, monkeypatch):
    monkeypatch.setattr(time, "monotonic", lambda: 30.0)
    settings.PAGES_A_MINUTE = 5
    anna, ben = (signed_in(make_user()) for _ in "12")

    answers = [anna.get(PAGE).status_code for _ in range(7)]

    assert answers == [200] * 5 + [429] * 2
    assert anna.get(PAGE).headers["Retry-After"] == "31"
    assert ben.get(PAGE).status_code == 200


def test_files_to_take_away_have_a_pace_of_their_own(settings, monkeypatch):
    monkeypatch.setattr(time, "monotonic", lambda: 30.0)
    settings.FILES_A_MINUTE = 2
    browser = signed_in(make_user())

    answers = [browser.get("/no/such/table.csv").status_code for _ in range(4)]

    assert answers == [404, 404, 429, 429]
    assert browser.get(PAGE).status_code == 200


# --- sessions that an administrator ends


def test_an_administrator_ends_all_sessions_and_changes_nothing_else():
    boss = make_user(team=None, role=Role.ADMIN, is_staff=True)
    anna = make_user("Anna Berg", password=PASSWORD)
    lost = Client()
    lost.post(reverse("account_login"), {"login": anna.email, "password": PASSWORD})
    assert lost.get(PAGE).status_code == 200

    signed_in(boss).post(
        reverse("admin:accounts_user_changelist"),
        {"action": "end_sessions", "_selected_action": [anna.pk]},
    )

    assert lost.get(PAGE).status_code == 302
    anna.refresh_from_db()
    assert anna.is_active
    assert anna.check_password(PASSWORD)
    assert LedgerEntry.objects.latest("seq").clear["fields"] == ["sessions"]
    assert Session.objects.count() == 1


def test_a_passkey_is_revoked_by_who_just_proved_who_they_are_and_by_nobody_else():
    anna, browser = make_user("Anna Berg", password=PASSWORD), Client()
    browser.post(reverse("account_login"), {"login": anna.email, "password": PASSWORD})
    session = browser.session
    session["account_authentication_methods"][0]["at"] -= 3_600
    session.save()
    key = Passkey.objects.create(
        user=anna, name="Laptop", credential_id="x", public_key=b"x", key_digest="x",
        enrolled_at=MONDAY_NINE,
    )  # fmt: skip
    revoke = reverse("passkey-revoke", args=[key.pk])

    browser.post(revoke)
    key.refresh_from_db()
    assert key.revoked_at is None

    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    browser.post(revoke)
    key.refresh_from_db()
    assert key.revoked_at == MONDAY_NINE


# --- what is refused in place


def test_a_refusal_that_is_told_on_the_next_page_is_a_line_without_its_words(rf, said):
    request = rf.post("/leads/7/merge/")
    request.session, request.user = {}, make_user()
    request.resolver_match = type("Match", (), {"route": "leads/<int:lead_id>/merge/"})
    told = Told(request)

    told.add(INFO, "Kept.")
    told.add(ERROR, "Ana Lima is somebody else.")

    assert said("refused", "status", "route", "person") == [
        (302, "leads/<int:lead_id>/merge/", request.user.pk)
    ]
    assert "Ana" not in str(said("refused", "message"))


def test_a_form_that_was_refused_is_a_line_too(said):
    person = make_user(team="demand-generation")

    signed_in(person).post("/leads/new/", {"name": ""})

    assert ("leads/new/", 422) in said("refused", "route", "status")
