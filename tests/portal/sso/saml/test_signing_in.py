"""Signing in with a provider that speaks SAML: who is let in, as whom, and from where."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from lxml import etree

from portal.accounts.models import GroupPlace
from portal.accounts.sso.saml.metadata import company_of
from portal.ledger.models import LedgerEntry
from tests.factories import make_team, make_user
from tests.portal.sso.conftest import going
from tests.portal.sso.saml.conftest import brought, come_back
from tests.portal.sso.saml.identity import ADDRESS, ENTITY, NS, metadata

pytestmark = pytest.mark.django_db
ENTRA = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups"


@pytest.fixture
def anna():
    return make_user("Anna Berg", email="anna@concord.test")


def who(client):
    return client.session.get("_auth_user_id")


def test_the_button_names_the_company_and_leads_to_the_address_of_its_metadata(
    client, identity
):
    page = client.get(reverse("account_login")).text

    away = going(client.post(reverse("company-begin")))

    assert "Sign in with Aubert" in page
    assert away.startswith(f"{ADDRESS}?SAMLRequest=")


def test_the_request_says_who_asks_and_where_the_answer_belongs(client, identity):
    identity.sent(going(client.post(reverse("company-begin"))))

    asked = identity.asked
    assert asked.get("AssertionConsumerServiceURL").endswith("/accounts/company/saml/back/")
    assert asked.findtext("saml:Issuer", namespaces=NS).endswith("/company/saml/metadata/")
    assert asked.get("Destination") == ADDRESS
    assert len(asked.get("ID")) > 40
    assert asked.get("ForceAuthn") is None


@pytest.mark.parametrize("signs", [("Assertion",), ("Response",), ("Assertion", "Response")])
@pytest.mark.parametrize(("by", "method"), [("own", "RSA_SHA256"), ("own", "RSA_SHA512"),
                                            ("ec", "ECDSA_SHA256")])  # fmt: skip
def test_somebody_with_an_account_is_signed_in(
    client, identity, sign_in, anna, signs, by, method
):
    identity.signs, identity.by, identity.method = signs, by, method

    response = sign_in(next="/leads/")

    assert response.status_code == 302
    assert response.headers["Location"] == "/leads/"
    assert who(client) == str(anna.pk)
    entry = LedgerEntry.objects.about(("user", anna.pk)).order_by("seq").last()
    assert (entry.kind, entry.clear["issuer"]) == ("identity_linked", ENTITY)


def test_later_the_name_id_counts_and_not_the_address(client, identity, sign_in, anna):
    sign_in()
    client.logout()
    identity.attributes = {"email": ["anna.new@elsewhere.test"]}

    sign_in()

    assert who(client) == str(anna.pk)
    assert SocialAccount.objects.count() == 1


def test_an_address_of_another_domain_is_not_vouched_for(client, identity, sign_in, anna):
    identity.settings["mail_domains"] = ["example.com"]

    response = sign_in()

    assert response.status_code == 403
    assert "vouch" in response.text
    assert who(client) is None


@pytest.mark.parametrize("name", ["groups", ENTRA])
def test_groups_say_where_somebody_belongs(client, identity, sign_in, anna, name):
    field = make_team("demand-generation")
    GroupPlace.objects.create(
        group="mkt", role="manager", department=field.department, team=field
    )
    identity.attributes = {name: ["nobody knows", "mkt"]}

    sign_in()

    anna.refresh_from_db()
    assert (anna.department_id, anna.team, anna.role) == ("marketing", field, "manager")
    assert not anna.is_signatory


def test_who_has_a_second_factor_here_is_still_asked_for_it(client, sign_in, anna):
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(anna, "JBSWY3DPEHPK3PXP")

    response = sign_in()

    assert "/2fa/authenticate/" in response.headers["Location"]
    assert who(client) is None


def test_an_answer_opens_nothing_in_a_browser_that_did_not_ask(client, identity, anna):
    """Whoever brings a stranger's browser their own answer would have it signed in as them."""
    identity.sent(going(client.post(reverse("company-begin"))))

    stranger = Client()
    response = brought(stranger, identity.answer())

    assert response.status_code == 403
    assert "InResponseTo is of another login" in response.text
    assert who(stranger) is None


def test_the_same_answer_comes_in_once(client, identity, sign_in, anna):
    sign_in()
    client.logout()
    identity.made -= 1

    response = sign_in()

    assert response.status_code == 403
    assert "this answer came before" in response.text
    assert who(client) is None


def test_what_was_kept_for_the_browser_is_taken_once(client, identity, anna):
    identity.sent(going(client.post(reverse("company-begin"))))
    door = Client(headers={"Sec-Fetch-Site": "cross-site"})
    sent = {"SAMLResponse": identity.answer()}
    kept = door.post(reverse("company-receive"), sent).headers["Location"]
    client.get(kept)
    client.logout()

    again = client.get(kept)

    assert again.status_code == 403
    assert "this answer was used" in again.text


def test_the_portal_says_what_the_provider_must_know(client, identity):
    response = client.get(reverse("company-metadata"))

    root = etree.fromstring(response.content)
    place = root.find(".//md:AssertionConsumerService", NS)
    assert response.headers["Content-Type"] == "application/samlmetadata+xml"
    assert root.get("entityID") == "http://testserver/accounts/company/saml/metadata/"
    assert place.get("Location") == "http://testserver/accounts/company/saml/back/"


def test_without_such_a_provider_there_is_nothing_at_its_addresses(client, settings):
    assert client.get(reverse("company-metadata")).status_code == 404
    assert client.post(reverse("company-receive")).status_code == 404
    assert client.get(reverse("company-finish")).status_code == 404


def test_a_provider_of_the_one_kind_is_none_of_the_other(client, identity):
    assert client.get(reverse("company-back")).status_code == 404


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (metadata("short"), "too short"),
        (metadata(), "no certificate"),
        (metadata("own", address="http://idp.example/"), "https"),
        (metadata("own", entity=""), "entityID"),
        ("<a/>", "one identity provider"),
        ("no XML", "no XML"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "document type"),
    ],
)
def test_metadata_that_cannot_be_trusted_are_not(tmp_path, text, why):
    path = tmp_path / "metadata.xml"
    path.write_text(text)

    with pytest.raises(ImproperlyConfigured, match=why):
        company_of(str(path))


def test_a_proof_is_asked_for_anew_and_counts_for_five_minutes(client, identity, sign_in, anna):
    anna.set_unusable_password()
    anna.save()
    sign_in()
    identity.said = {"proved": identity._at(-301)}
    late = come_back(client, identity, client.post(reverse("company-prove")))
    forced = identity.asked.get("ForceAuthn")
    identity.said = {}

    proved = come_back(client, identity, client.post(reverse("company-prove")))

    assert forced == "true"
    assert late.status_code == 403
    assert "auth_time is more than five minutes ago" in late.text
    assert proved.status_code == 302
