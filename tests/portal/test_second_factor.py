"""One-time codes turned on and off on one's own page: proved first, entered, and told."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.urls import reverse

from portal.accounts.codes import onetime
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, PASSWORD, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]
ON, OFF = "mfa_activate_totp", "mfa_deactivate_totp"


@pytest.fixture(autouse=True)
def still(settings, monkeypatch):
    """The clock of the codes stands, and no code of another test is remembered."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    monkeypatch.setattr(time, "time", lambda: MONDAY_NINE.timestamp())
    cache.clear()


@pytest.fixture
def person(client):
    """Somebody who signed in and has just proved who they are."""
    person = make_user(password=PASSWORD)
    login = {"login": person.email, "password": PASSWORD}
    client.post(reverse("account_login"), login)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return person


def code(secret):
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return onetime.code_at(secret, counter)


def entries(person):
    return list(LedgerEntry.objects.about(("user", person.pk)).values_list("kind", flat=True))


def turn_on(client):
    client.get(reverse(ON))
    secret = client.session["mfa.totp.secret"]
    return client.post(reverse(ON), {"code": code(secret)})


def test_codes_that_are_turned_on_are_entered_and_told(client, person):
    turn_on(client)

    assert Authenticator.objects.filter(user=person, type="totp").exists()
    assert entries(person)[-1] == "factor_enrolled"
    assert "turned on" in Delivery.objects.in_app().get(recipient=person).title


def test_a_code_that_does_not_fit_turns_nothing_on(client, person):
    before = entries(person)
    client.get(reverse(ON))

    client.post(reverse(ON), {"code": "000000"})

    assert not Authenticator.objects.filter(user=person, type="totp").exists()
    assert entries(person) == before
    assert not Delivery.objects.filter(recipient=person).exists()


def test_codes_that_are_turned_off_are_entered(client, person):
    turn_on(client)

    client.post(reverse(OFF))

    assert not Authenticator.objects.filter(user=person, type="totp").exists()
    last = LedgerEntry.objects.about(("user", person.pk)).order_by("seq").last()
    assert (last.kind, last.clear["removed"]) == ("account_changed", "totp")


def test_who_has_not_just_proved_who_they_are_turns_nothing_on(client):
    person = make_user(password=PASSWORD)
    client.force_login(person)

    asked = client.post(reverse(ON), {"code": "123456"})

    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not Authenticator.objects.exists()
