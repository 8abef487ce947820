"""Answers that are not what they should be: each is refused, and nothing happens."""

import base64

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from portal import wallclock
from portal.accounts.models import User
from portal.accounts.sso.saml.assertion import Expected, verified
from portal.accounts.sso.saml.metadata import parsed
from portal.accounts.sso.token import TokenRefused
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_user
from tests.portal.sso.conftest import going
from tests.portal.sso.saml import wrapping
from tests.portal.sso.saml.conftest import brought, come_back
from tests.portal.sso.saml.identity import Identity, metadata

pytestmark = pytest.mark.django_db
HERE = "http://testserver/accounts/company/saml/back/"
ENTITY = "http://testserver/accounts/company/saml/metadata/"


def at(seconds):
    return Identity(now=MONDAY_NINE)._at(seconds)


SAID = {
    "another issuer": ({"issuer": "https://evil.example"}, "Issuer is another"),
    "another issuer around it": ({"outer_issuer": "https://evil.example"}, "Issuer is another"),
    "no issuer": ({"issuer": None}, "Issuer is another"),
    "another audience": ({"audience": "https://other.example/"}, "Audience is another portal"),
    "an audience that begins like ours": ({"audience": f"{ENTITY}x"}, "Audience is another"),
    "no audience": ({"audience": None}, "Audience is missing"),
    "another recipient": ({"recipient": "https://other.example/"}, "Recipient is another"),
    "a recipient that holds our address": (
        {"recipient": f"https://evil.example/?{HERE}"},
        "Recipient is another",
    ),
    "no recipient": ({"recipient": None}, "Recipient is another"),
    "another destination": ({"destination": "https://o.example/"}, "Destination is another"),
    "an expired confirmation": ({"confirmed_until": at(-61)}, "it has expired"),
    "no end of the confirmation": ({"confirmed_until": None}, "NotOnOrAfter is missing"),
    "a confirmation for later": ({"confirmed_before": at(120)}, "not valid yet"),
    "expired conditions": ({"until": at(-61)}, "it has expired"),
    "no end of the conditions": ({"until": None}, "NotOnOrAfter is missing"),
    "not valid yet": ({"before": at(120)}, "not valid yet"),
    "an end that is no instant": ({"until": "tomorrow"}, "NotOnOrAfter is no instant"),
    "an instant of no zone": ({"until": "2031-01-01T00:00:00"}, "NotOnOrAfter is no instant"),
    "a session that is over": ({"session_until": at(-61)}, "the session there is over"),
    "made in the future": ({"issued": at(300)}, "IssueInstant is in the future"),
    "made long ago, valid for a year": ({"issued": at(-3600)}, "more than ten minutes ago"),
    "no instant at which it was made": ({"issued": None}, "IssueInstant is missing"),
    "no login": ({"proved": None}, "AuthnInstant is missing"),
    "no request": ({"in_response_to": None}, "InResponseTo is missing"),
    "another request": (
        {"in_response_to": "_other", "outer_in_response_to": "_other"},
        "InResponseTo is of another login",
    ),
    "another request around it": ({"outer_in_response_to": "_other"}, "answers two requests"),
    "no NameID": ({"subject": None}, "NameID is missing"),
    "an empty NameID": ({"subject": " "}, "NameID is missing"),
    "a NameID of a thousand letters": ({"subject": "a" * 1000}, "NameID is missing"),
    "a NameID of this once": (
        {"format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"},
        "let it be persistent",
    ),
    "confirmed by a key that nobody shows": (
        {"method": "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"},
        "confirmed in another way",
    ),
    "a version of yesterday": ({"version": "1.1"}, "another version"),
    "nobody signed in": (
        {"status": "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"},
        "nobody signed in",
    ),
    "no id": ({"id": None}, ""),
}
FORGED = {
    "xsw1": (wrapping.xsw1, "Response", "not one assertion"),
    "xsw2": (wrapping.xsw2, "Response", "not one assertion"),
    "xsw3": (wrapping.xsw3, "Assertion", "not one assertion"),
    "xsw4": (wrapping.xsw4, "Assertion", "not one assertion"),
    "xsw5": (wrapping.xsw5, "Assertion", "not one assertion"),
    "xsw6": (wrapping.xsw6, "Assertion", "not one assertion"),
    "xsw7": (wrapping.xsw7, "Assertion", "not one assertion"),
    "xsw8": (wrapping.xsw8, "Assertion", "not one assertion"),
    "two parts of one ID": (wrapping.same_id, "Assertion", "the same ID"),
    "an address changed after signing": (wrapping.altered, "Assertion", "does not fit"),
    "an address changed in a signed answer": (wrapping.altered, "Response", "does not fit"),
    "a comment in the name": (wrapping.comment_in_the_name, "Assertion", "holds comments"),
    "an instruction in the name": (
        wrapping.instruction_in_the_name,
        "Assertion",
        "instructions",
    ),
    "an entity of a file": (wrapping.entity, "Assertion", "declares a document type"),
    "entities of entities": (wrapping.laughs, "Assertion", "declares a document type"),
    "an entity in another code": (
        wrapping.entity_in_another_code,
        "Assertion",
        "declares a document type",
    ),
    "a stranger's key that comes along": (wrapping.own_key, "Assertion", "does not fit"),
    "an empty signature": (wrapping.no_value, "Assertion", "does not fit"),
    "SHA-1 as digest": (wrapping.weak_digest, "Assertion", "of a kind that is not accepted"),
    "SHA-1 to sign": (wrapping.weak_signature, "Assertion", "method that is not accepted"),
    "a shared secret to sign": (wrapping.shared_secret, "Assertion", "method that is not"),
    "a transform more": (wrapping.another_transform, "Assertion", "changes what it covers"),
    "another canonical form": (wrapping.another_way, "Assertion", "changes what it covers"),
    "the whole document": (wrapping.whole_document, "Assertion", "another part than its own"),
    "two references": (wrapping.two_references, "Assertion", "covers not one part"),
    "an encrypted assertion": (wrapping.encrypted, "Assertion", "encrypted"),
    "another kind of answer": (wrapping.logout, "Assertion", "no answer to a sign-in"),
    "no assertion": (wrapping.without_assertion, "Assertion", "not one assertion"),
    "no XML": (lambda root: b"not XML", "Assertion", "no XML"),
    "nothing": (lambda root: b"", "Assertion", "no answer of a provider"),
}


@pytest.fixture
def untouched(client, identity):
    """Says whether nobody was signed in and nothing was written."""
    make_user("Anna Berg", email="anna@concord.test")
    make_user("Boss", email="boss@concord.test")
    people, entries = list(User.objects.values()), LedgerEntry.objects.count()

    def check(response, why):
        assert response.status_code == 403
        assert "You are not signed in" in response.text
        assert why in response.text
        assert "_auth_user_id" not in client.session
        assert list(User.objects.values()) == people
        assert LedgerEntry.objects.count() == entries
        assert not SocialAccount.objects.exists()

    return check


def signed_in(client, identity):
    return come_back(client, identity, client.post(reverse("company-begin")))


@pytest.mark.parametrize("said", SAID)
def test_an_answer_that_says_the_wrong_thing_is_refused(client, identity, untouched, said):
    identity.said, why = SAID[said]
    if said == "no id":
        identity.signs = ("Response",)
        why = "ID is missing"

    untouched(signed_in(client, identity), why)


@pytest.mark.parametrize("way", FORGED)
def test_an_answer_that_was_forged_is_refused(client, identity, untouched, way):
    identity.forge, signs, why = FORGED[way]
    identity.signs = (signs,)

    untouched(signed_in(client, identity), why)


def test_an_answer_that_nobody_signed_is_refused(client, identity, untouched):
    identity.signs = ()

    untouched(signed_in(client, identity), "nothing in it is signed")


def test_an_answer_that_a_stranger_signed_is_refused(client, identity, untouched):
    identity.by = "stranger"

    untouched(signed_in(client, identity), "the signature does not fit")


def test_two_signatures_are_both_true_or_none_is(client, identity, untouched):
    """A true one around a false one: who looks at the outer one alone lets it in."""
    from tests.portal.sso.saml.identity import _sign, key

    identity.signs = ()

    def forge(root):
        _sign(root, "Assertion", key("stranger"), "RSA_SHA256")
        _sign(root, "Response", key("own"), "RSA_SHA256")

    identity.forge = forge

    untouched(signed_in(client, identity), "the signature does not fit")


def test_an_answer_that_waited_in_the_browser_is_refused(
    client, identity, untouched, monkeypatch
):
    identity.sent(going(client.post(reverse("company-begin"))))
    answer = identity.answer()
    from datetime import timedelta

    later = MONDAY_NINE + timedelta(minutes=7)
    monkeypatch.setattr(wallclock, "now", lambda: later)

    untouched(brought(client, answer), "it has expired")


@pytest.mark.parametrize("sent", ["", "%%%", "PHg+", "A" * 300_000])
def test_what_is_no_answer_is_refused_at_the_door(client, identity, untouched, sent):
    untouched(brought(client, sent), "")


def test_a_stranger_makes_the_refusal_say_nothing_of_their_own(client, identity, untouched):
    page = client.get(reverse("company-finish"), {"refused": "call 0800 evil"})

    untouched(page, "this address is too old")
    assert "0800" not in page.text


def test_a_stranger_fills_the_cache_with_nothing(client, identity, django_assert_num_queries):
    from django.core.cache import cache

    door = Client(headers={"Sec-Fetch-Site": "cross-site"})
    with django_assert_num_queries(0):
        for _ in range(3):
            door.post(reverse("company-receive"), {"SAMLResponse": "PHg+"})

    assert not cache._cache  # the one of this process, in these tests


def test_no_other_page_takes_a_form_of_another_site(client, identity):
    door = Client(headers={"Sec-Fetch-Site": "cross-site"})

    assert door.post(reverse("company-begin")).status_code == 403
    assert door.post(reverse("account_login")).status_code == 403


def test_a_good_one_is_believed_or_the_table_proves_nothing(client, identity):
    """The same reader, and every forgery's own unbroken answer: what is refused above is
    refused for what is wrong with it."""
    company = parsed(metadata("own", "ec").encode())
    identity.sent(going(client.post(reverse("company-begin"))))
    expected = Expected(company=company, audience=ENTITY, here=HERE, at=MONDAY_NINE)
    for signs in {(signs,) for _, signs, _ in FORGED.values()}:
        identity.signs = signs

        claims = verified(identity.answer(), expected)

        assert (claims["sub"], claims["email"]) == ("anna-0815", "anna@concord.test")


def test_no_byte_of_an_answer_can_be_changed_into_another_person(client, identity):
    """Each byte of the signed part in turn: refused, or read exactly as it was signed."""
    identity.sent(going(client.post(reverse("company-begin"))))
    company = parsed(metadata("own").encode())
    expected = Expected(company=company, audience=ENTITY, here=HERE, at=MONDAY_NINE)
    whole = base64.b64decode(identity.answer())
    good = verified(base64.b64encode(whole).decode(), expected)
    start = whole.index(b"<saml:Assertion")
    for index in range(start, len(whole), 7):
        bent = whole[:index] + bytes([whole[index] ^ 1]) + whole[index + 1 :]
        try:
            told = verified(base64.b64encode(bent).decode(), expected)
        except TokenRefused:
            continue
        assert told == good
