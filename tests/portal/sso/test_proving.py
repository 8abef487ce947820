"""Who comes by the identity provider alone proves there that it is they, before what counts."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.urls import reverse

from portal import wallclock
from portal.accounts.actions import directory
from portal.accounts.codes import onetime
from portal.accounts.models import ApiToken, Challenge, Passkey, User
from tests.factories import MONDAY_NINE, PASSWORD, make_signatory
from tests.portal.sso.conftest import come_back, going
from tests.sla.device import Device, Site, enrol

pytestmark = pytest.mark.django_db
PROVE = "/accounts/company/prove/"
SITE = Site("testserver", "http://testserver")
TOKEN = {"name": "Wiki", "scopes": ["read"], "days": "30"}
NEW = {"password1": "Seven lanterns over Basel", "password2": "Seven lanterns over Basel"}


@pytest.fixture
def head(client, provider):
    """The head of Sales, signed in, with nothing here to prove by."""
    cache.clear()
    person = make_signatory("sales")
    connect(provider, person, "head-of-sales")
    provider.claims = {"sub": "head-of-sales", "email": None, "name": None, "groups": None}
    client.force_login(person)
    return person


def connect(provider, person, subject):
    arrival = directory.Arrival(
        issuer=provider.issuer, subject=subject, mail=person.email, name="", groups=[]
    )
    return directory.sign_on(arrival=arrival, at=MONDAY_NINE - timedelta(days=1))


def prove(client, provider, after="/tokens/"):
    return come_back(client, provider, client.post(PROVE, {"next": after}))


def make_token(client):
    return client.post("/tokens/", TOKEN)


def add_passkey(client):
    asked = client.post(reverse("passkey-options"))
    if asked.status_code == 200:
        answer = Device().enrol(asked.json()["challenge"], SITE)
    else:
        answer = {"id": "made up"}
    data = {"name": "Phone", "answer": json.dumps(answer)}
    return client.post(reverse("passkeys"), data)


def turn_codes_on(client):
    client.get(reverse("mfa_activate_totp"))
    secret = client.session.get("mfa.totp.secret", "A" * 32)
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = onetime.code_at(secret, counter)
    return client.post(reverse("mfa_activate_totp"), {"code": code})


def set_password(client):
    return client.post(reverse("account_set_password"), NEW)


DOORS = {
    "a token": (make_token, ApiToken.objects.exists),
    "a passkey": (add_passkey, Passkey.objects.exists),
    "codes": (turn_codes_on, Authenticator.objects.filter(type="totp").exists),
    "a password": (set_password, User.objects.exclude(password__startswith="!").exists),
}


@pytest.fixture(params=DOORS.values(), ids=DOORS.keys())
def door(request):
    """What is done, and whether it was."""
    return request.param


def test_without_a_fresh_login_they_are_sent_to_the_provider_and_nothing_is_changed(
    client, head, door
):
    act, is_done = door

    answer = act(client)

    assert answer.headers["Location"].startswith(f"{PROVE}?next=")
    assert not is_done()


def test_after_a_fresh_login_it_is_done(client, provider, head, door):
    act, is_done = door
    prove(client, provider)

    act(client)

    assert is_done()


def test_a_fresh_login_serves_five_minutes(client, provider, head, door, monkeypatch):
    act, is_done = door
    prove(client, provider)
    later = wallclock.hosts() + timedelta(seconds=300)
    monkeypatch.setattr(wallclock, "hosts", lambda: later)

    assert act(client).headers["Location"].startswith(PROVE)
    assert not is_done()


def test_a_device_is_asked_for_a_passkey_only_after_it(client, provider, head):
    refused = client.post(reverse("passkey-options"))

    assert refused.status_code == 403
    assert not Challenge.objects.exists()
    prove(client, provider)
    assert client.post(reverse("passkey-options")).status_code == 200


def test_a_passkey_is_taken_away_only_after_it(client, provider, head):
    passkey = enrol(Device(), head, MONDAY_NINE)
    address = reverse("passkey-revoke", args=[passkey.pk])

    refused = client.post(address, follow=True)
    passkey.refresh_from_db()
    assert refused.redirect_chain[-1][0].startswith(PROVE)
    assert "five minutes have passed" in refused.text
    assert passkey.revoked_at is None

    prove(client, provider)
    client.post(address)
    passkey.refresh_from_db()
    assert passkey.revoked_at == MONDAY_NINE


def test_the_page_says_why_and_one_comes_back_to_where_one_was(client, provider, head):
    asked = client.get(reverse("passkeys"))
    page = client.get(asked.headers["Location"])
    back = come_back(client, provider, client.post(PROVE, {"next": reverse("passkeys")}))

    assert "Confirm at Aubert" in page.text
    assert "not older than five minutes" in page.text
    assert back.headers["Location"] == reverse("passkeys")
    assert client.get(back.headers["Location"]).status_code == 200
    assert (provider.asked["prompt"], provider.asked["max_age"]) == ("login", "0")
    assert provider.asked["scope"] == "openid"


def test_what_was_posted_before_is_not_done_by_itself_and_that_is_said(client, provider, head):
    make_token(client)

    back = prove(client, provider)

    assert not ApiToken.objects.exists()
    assert "This was not done yet" in client.get(back.headers["Location"]).text


def test_the_session_gets_a_new_key(client, provider, head):
    before = client.session.session_key

    prove(client, provider)

    assert client.session.session_key != before


@pytest.mark.parametrize("said", [-301, None])
def test_a_login_that_is_not_fresh_proves_nothing(client, provider, head, said):
    now = int(MONDAY_NINE.timestamp())
    provider.claims["auth_time"] = None if said is None else now + said

    assert prove(client, provider).status_code == 403
    assert make_token(client).headers["Location"].startswith(PROVE)


@pytest.mark.parametrize("connected", [True, False])
def test_somebody_else_s_login_proves_nothing(client, provider, head, connected):
    if connected:
        connect(provider, make_signatory("marketing"), "head-of-marketing")
    provider.claims["sub"] = "head-of-marketing"

    refused = prove(client, provider)

    assert refused.status_code == 403
    assert "Somebody else signed in" in refused.text
    assert make_token(client).headers["Location"].startswith(PROVE)
    assert client.session["_auth_user_id"] == str(head.pk)


def test_the_login_that_somebody_asked_for_proves_nothing_of_who_sits_here_now(
    client, provider, head
):
    page = client.post(PROVE, {"next": "/tokens/"})
    kept = client.session["socialaccount_states"]
    client.force_login(make_signatory("marketing"))
    session = client.session
    session["socialaccount_states"] = kept
    session.save()

    refused = come_back(client, provider, page)

    assert refused.status_code == 403
    assert "account_authentication_methods" not in client.session


def test_one_goes_on_to_no_other_site(client, provider, head):
    assert (
        prove(client, provider, "https://evil.example/").headers["Location"] == "/me/sign-ins/"
    )


def test_who_has_a_password_gives_it_and_the_provider_is_no_way_round(client, provider, head):
    head.set_password(PASSWORD)
    head.save()
    client.force_login(head)

    asked = make_token(client)
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    assert client.get(reverse("passkeys")).headers["Location"].startswith("/accounts/reauth")
    assert (
        client.get(reverse("mfa_activate_totp"))
        .headers["Location"]
        .startswith("/accounts/reauth")
    )
    assert client.get(PROVE).status_code == client.post(PROVE).status_code == 404
    client.post(asked.headers["Location"], {"password": PASSWORD})
    assert ApiToken.objects.get().user == head


def test_who_has_codes_gives_one(client, provider, head):
    prove(client, provider)
    turn_codes_on(client)
    client.logout()
    client.force_login(head)

    asked = make_token(client)

    assert asked.headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert client.get(PROVE).status_code == 404


def test_without_the_provider_nobody_is_let_through(client, provider, head, settings):
    configured = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": configured | {"APPS": []}}

    client.post("/tokens/", TOKEN, follow=True)

    assert not ApiToken.objects.exists()
    assert client.get(PROVE).status_code == 404


def test_the_page_goes_on_by_itself(client, provider, head):
    address = going(client.post(PROVE, {"next": "/tokens/"}))

    assert address.startswith(f"{provider.issuer}/authorize?")
