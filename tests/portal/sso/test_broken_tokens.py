"""Identity tokens that are not what they should be: each is refused, and nothing happens."""

import base64
import hashlib
import hmac
import json

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_user
from tests.portal.sso.conftest import come_back
from tests.portal.sso.provider import CLIENT, at_hash, jwk, key, pem

pytestmark = pytest.mark.django_db
NOW = int(MONDAY_NINE.timestamp())


@pytest.fixture
def anna(sales_reps):
    return make_user("Anna Berg", email="anna@concord.test")


def part(said):
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def signed(by="own", algorithm="RS256", **header):
    """How a forger signs: with this key, and this header."""
    return lambda said: jwt.encode(said, key(by), algorithm, headers={"kid": "own"} | header)


def unsigned(said):
    return f"{part({'alg': 'none', 'typ': 'JWT', 'kid': 'own'})}.{part(said)}."


def by_the_public_key(said):
    """HS256 with what everybody knows, where a library would take the key for a secret."""
    text = f"{part({'alg': 'HS256', 'kid': 'own'})}.{part(said)}"
    mac = hmac.new(pem("own"), text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def by_the_client_s_secret(said):
    return jwt.encode(said, "a secret of the client, long enough", "HS256", {"kid": "own"})


def tampered(said):
    head, _, seal = signed()(said).split(".")
    return f"{head}.{part(said | {'email': 'boss@concord.test'})}.{seal}"


def without_its_seal(said):
    return signed()(said).rsplit(".", 1)[0] + "."


def sealed_twice(said):
    return signed()(said) + ".AAAA.AAAA"


CLAIMS = {
    "another issuer": ({"iss": "https://evil.example"}, "iss is another issuer"),
    "no issuer": ({"iss": None}, "iss is another issuer"),
    "another client": ({"aud": "somebody else"}, "aud is another client"),
    "no audience": ({"aud": None}, "aud is another client"),
    "several clients, none of them named": ({"aud": [CLIENT, "other"]}, "azp is missing"),
    "made for another of several clients": (
        {"aud": [CLIENT, "other"], "azp": "other"},
        "azp is another client",
    ),
    "made for another client": ({"azp": "other"}, "azp is another client"),
    "another login's nonce": ({"nonce": "of yesterday"}, "nonce is of another login"),
    "no nonce": ({"nonce": None}, "nonce is of another login"),
    "expired": ({"iat": NOW - 400, "exp": NOW - 61}, "it has expired"),
    "no end": ({"exp": None}, "exp is no number"),
    "an end that is no number": ({"exp": "tomorrow"}, "exp is no number"),
    "an end beyond all instants": ({"exp": 10**30}, "exp is no instant"),
    "not valid yet": ({"nbf": NOW + 300}, "not valid yet"),
    "made in the future": ({"iat": NOW + 300, "exp": NOW + 600}, "iat is in the future"),
    "made long ago, valid for a year": (
        {"iat": NOW - 3600, "exp": NOW + 31_536_000},
        "more than ten minutes ago",
    ),
    "no instant at which it was made": ({"iat": None}, "iat is no number"),
    "no subject": ({"sub": None}, "sub is missing"),
    "an empty subject": ({"sub": " "}, "sub is missing"),
    "a subject that is a number": ({"sub": 815}, "sub is missing"),
    "an address that was not verified": ({"email_verified": False}, "does not vouch"),
    "an address that says it is verified, as text": (
        {"email_verified": "true"},
        "does not vouch",
    ),
    "no address": ({"email": None}, "does not vouch"),
    "an address that is none": ({"email": "anna@@concord.test"}, "does not vouch"),
    "another access token": ({"at_hash": at_hash("another")}, "at_hash is of another"),
}
FORGERIES = {
    "alg none": (unsigned, "signed with none"),
    "HS256 with the public key": (by_the_public_key, "signed with HS256"),
    "HS256 with the client's secret": (by_the_client_s_secret, "signed with HS256"),
    "a stranger's key under the provider's name": (
        signed("stranger"),
        "the signature does not fit",
    ),
    "a key that nobody knows": (signed("stranger", kid="stranger"), "no such key"),
    "a key that it brings along": (
        signed("stranger", kid="mine", jwk=jwk("stranger")),
        "no such key",
    ),
    "a key at an address that it names": (
        signed("stranger", jku="https://evil.example/keys"),
        "the signature does not fit",
    ),
    "the other kind of key": (signed("ec", "ES256", kid="own"), "no such key"),
    "claims changed after signing": (tampered, "the signature does not fit"),
    "no signature": (without_its_seal, "the signature does not fit"),
    "five parts": (sealed_twice, "no signed token"),
    "an extension that must be known": (
        signed("own", crit=["b64"], b64=True),
        "the header cannot be read",
    ),
    "no token at all": (lambda said: "not a token", "no signed token"),
    "nothing": (lambda said: None, "no signed token"),
}


@pytest.fixture
def untouched(client, anna):
    """Says whether nobody was signed in and nothing was written."""
    people = list(User.objects.values())
    entries = LedgerEntry.objects.count()

    def check(response, why=""):
        text = response.content.decode()
        assert response.status_code == 403
        assert "You are not signed in" in text
        assert why in text
        assert reverse("company-begin") in text
        assert "_auth_user_id" not in client.session
        assert list(User.objects.values()) == people
        assert LedgerEntry.objects.count() == entries
        assert not SocialAccount.objects.exists()

    return check


def test_the_table_is_long_enough():
    assert len(CLAIMS) + len(FORGERIES) >= 25


@pytest.mark.parametrize("name", CLAIMS)
def test_a_token_that_says_the_wrong_thing_is_refused(provider, sign_in, untouched, name):
    said, why = CLAIMS[name]
    provider.claims = {"groups": ["sales-reps"]} | said
    provider.answer = {"userinfo_endpoint": None}

    untouched(sign_in(), why)


@pytest.mark.parametrize("name", FORGERIES)
def test_a_token_that_the_provider_did_not_sign_is_refused(provider, sign_in, untouched, name):
    provider.forge, why = FORGERIES[name]

    untouched(sign_in(), why)


def test_a_key_that_is_too_short_is_not_believed(provider, sign_in, untouched):
    provider.keys = [jwk("short")]
    provider.forge = lambda said: jwt.encode(said, key("short"), "RS256", {"kid": "short"})

    untouched(sign_in())


def test_of_two_keys_one_must_be_named(provider, sign_in, untouched):
    provider.keys = [jwk("own"), jwk("stranger")]
    provider.forge = lambda said: jwt.encode(said, key("own"), "RS256")

    untouched(sign_in(), "no such key")


def test_a_key_for_encryption_signs_nothing(provider, sign_in, untouched):
    provider.keys = [jwk("own", use="enc")]

    untouched(sign_in())


def test_a_provider_under_another_name_is_not_asked(client, provider, anna):
    provider.answer = {"issuer": "https://evil.example"}

    response = client.post(reverse("company-begin"))

    assert response.status_code == 403
    assert "another issuer" in response.content.decode()


def test_an_answer_is_taken_once(client, provider, anna):
    page = client.post(reverse("company-begin"))
    come_back(client, provider, page)
    client.logout()

    again = come_back(client, provider, page)

    assert again.status_code == 403
    assert "Sign in again" in again.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_answer_to_another_browser_is_refused(client, provider, anna):
    page = client.post(reverse("company-begin"))
    stranger = Client()

    response = come_back(stranger, provider, page)

    assert response.status_code == 403
    assert "_auth_user_id" not in stranger.session


def test_an_answer_that_nobody_asked_for_is_refused(client, provider, untouched):
    untouched(client.get(reverse("company-back"), {"code": "a-code", "state": "made up"}))
    untouched(client.get(reverse("company-back"), {"code": "a-code"}))
    untouched(client.get(reverse("company-back")))


def test_a_code_of_another_exchange_is_refused(client, provider, untouched):
    page = client.post(reverse("company-begin"))

    untouched(come_back(client, provider, page, code="stolen"))


def test_who_stops_at_the_provider_reads_so(client, provider, untouched):
    page = client.post(reverse("company-begin"))

    response = come_back(client, provider, page, error="access_denied")

    untouched(response)
    assert "You stopped the sign-in at Aubert" in response.content.decode()


def test_a_provider_that_is_away_is_said_so(client, provider, settings, untouched):
    provider.settings["server_url"] = "http://127.0.0.1:9"

    response = client.post(reverse("company-begin"))

    untouched(response)
    assert "did not answer" in response.content.decode()


@pytest.mark.parametrize(
    "answer",
    [
        {"jwks_uri": None},
        {"jwks_uri": "http://127.0.0.1:9/keys"},
        {"token_endpoint": "http://127.0.0.1:9/token"},
    ],
)
def test_a_provider_that_is_half_away_signs_nobody_in(provider, sign_in, untouched, answer):
    provider.answer = answer

    untouched(sign_in())


def test_an_elliptic_key_is_as_good(client, provider, sign_in, anna):
    provider.algorithm, provider.kid = "ES256", "ec"

    sign_in()

    assert client.session["_auth_user_id"] == str(anna.pk)


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_way_back_leads_nowhere_else(client, sign_in, anna, away):
    response = sign_in(next=away)

    assert response.headers["Location"] == "/"


@pytest.mark.parametrize(("name", "way"), [("jwks_uri", "keys"), ("token_endpoint", "token")])
def test_where_an_address_of_the_provider_leads_on_to_is_not_asked(
    client, provider, untouched, name, way
):
    provider.answer = {name: f"{provider.issuer}/moved/{way}"}

    untouched(come_back(client, provider, client.post(reverse("company-begin"))))

    assert bool(provider.exchanged) == (name == "jwks_uri")
