"""Signing by a fresh login at the identity provider: for one text, one person, five minutes."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from portal.accounts.actions import directory
from portal.accounts.errors import SignOnRefused
from portal.ledger import publish_head
from sla.actions import drafting, review, signing
from sla.certificate import bundle
from sla.certificate.curves import Fault
from sla.certificate.verify_agreement import check
from sla.errors import MayNot
from sla.models import Signature, Version
from tests.factories import make_signatory
from tests.portal.sso.conftest import come_back
from tests.portal.sso.provider import jwk
from tests.sla.versions import MINUTE, NINE, a_proposal, edited, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(provider):
    cache.clear()
    return a_proposal()


@pytest.fixture
def head(client, provider, version):
    """The head of Sales, connected to the provider's subject, and signed in."""
    person = make_signatory("sales")
    connect(provider, person, "head-of-sales")
    provider.claims = {"sub": "head-of-sales", "email": None, "name": None, "groups": None}
    client.force_login(person)
    return person


def connect(provider, person, subject):
    arrival = directory.Arrival(
        issuer=provider.issuer, subject=subject, mail=person.email, name="", groups=[]
    )
    return directory.sign_on(arrival=arrival, at=NINE - timedelta(days=1))


def address(version):
    return reverse("sla:version-sign", args=[version.agreement.key, version.number])


def ask(client, version, **fields):
    ticked = [one.code for one in signing.grave_warnings(version)]
    fields = {"do": "company", "digest": version.digest, "acknowledged": ticked} | fields
    return client.post(address(version), fields)


def refused(response, why, status=409):
    assert response.status_code == status
    assert why in response.content.decode()
    assert not Signature.objects.exists()


def test_the_page_offers_it_where_a_provider_is_configured(client, version, head):
    assert "Confirm at Aubert" in client.get(address(version)).content.decode()


def test_a_fresh_login_signs(client, provider, version, head):
    page = ask(client, version)
    answer = come_back(client, provider, page)

    made = Signature.objects.get()
    assert answer.headers["Location"] == address(version)
    assert (made.signer, made.method) == (head, "identity_provider")
    assert made.digest == version.digest
    assert made.proof["subject"] == "head-of-sales"
    assert made.proof["enrolled_seq"]


def test_the_provider_is_asked_to_ask_again_and_for_nothing_else(
    client, provider, version, head
):
    come_back(client, provider, ask(client, version))

    assert provider.asked["prompt"] == "login"
    assert provider.asked["max_age"] == "0"
    assert provider.asked["scope"] == "openid"


def test_the_nonce_is_the_digest_of_what_is_signed(client, provider, version, head):
    come_back(client, provider, ask(client, version))

    proof = Signature.objects.get().proof
    asked = json.loads(proof["challenge"])
    assert asked["digest"] == version.digest
    assert asked["department"] == "sales"
    assert asked["signer"] == head.pk


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (-301, "too old"),
        (None, "auth_time is missing"),
        (120, "auth_time is in the future"),
        ("now", "auth_time is no number"),
    ],
)
def test_an_old_login_signs_nothing(client, provider, version, head, said, why):
    now = int(NINE.timestamp())
    provider.claims["auth_time"] = now + said if isinstance(said, int) else said

    refused(come_back(client, provider, ask(client, version)), why, status=403)


def test_somebody_else_s_login_signs_nothing(client, provider, version, head):
    provider.claims["sub"] = "somebody-else"

    refused(come_back(client, provider, ask(client, version)), "Somebody else signed in")


def test_the_other_signatory_s_login_signs_nothing(client, provider, version, head):
    connect(provider, make_signatory("marketing"), "head-of-marketing")
    provider.claims["sub"] = "head-of-marketing"

    refused(come_back(client, provider, ask(client, version)), "Somebody else signed in")


def test_a_text_that_changed_meanwhile_is_not_signed_and_the_difference_is_shown(
    client, provider, version, head
):
    page = ask(client, version)
    by = make_signatory("marketing")
    drafted = review.revise(version_id=version.pk, by=by, at=NINE)
    drafting.save(
        version_id=drafted.pk, terms=edited(drafted), by=by, at=NINE,
        seen_save=drafted.saves.count(),
    )  # fmt: skip
    review.propose(version_id=drafted.pk, by=by, at=NINE)

    answer = come_back(client, provider, page)

    refused(answer, "The text changed after you read it")
    assert "We answer quicker than anybody" in answer.content.decode()


def test_the_same_answer_signs_once(client, provider, version, head):
    page = ask(client, version)
    come_back(client, provider, page)

    again = come_back(client, provider, page)

    assert again.status_code == 403
    assert Signature.objects.count() == 1


def test_who_was_signed_out_meanwhile_signs_nothing(client, provider, version, head):
    page = ask(client, version)
    session = client.session
    kept = session["socialaccount_states"]
    client.logout()
    session = client.session
    session["socialaccount_states"] = kept
    session.save()

    refused(come_back(client, provider, page), "Sign in, then confirm again", status=403)


def test_nobody_signs_by_saying_that_there_was_a_login(version):
    with pytest.raises(MayNot):
        sign(version, "sales", method=Signature.Method.IDENTITY_PROVIDER)


def test_one_subject_is_one_person(provider, version, head):
    with pytest.raises(SignOnRefused):
        connect(provider, head, "another-subject")


@pytest.mark.parametrize("kind", ["RS256", "ES256"])
def test_a_stranger_checks_it_without_the_portal(client, provider, version, head, kind):
    provider.algorithm, provider.kid = kind, "own" if kind == "RS256" else "ec"
    files = evidence(client, provider, version)

    _, notes = check(files, [])

    assert any("compare the key" in note for note in notes)


def forged(**fields):
    def change(files):
        told = json.loads(files["certificate.json"])
        proof = next(one for one in told["signatures"] if one["department"] == "sales")["proof"]
        proof |= fields
        return files | {"certificate.json": json.dumps(told)}

    return change


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (forged(subject="boss"), "a login of somebody else"),
        (forged(issuer="https://evil.example"), "a login at another provider"),
        (forged(client_id="other"), "a login elsewhere"),
        (forged(challenge='{"digest":"0"}'), "asked about another tag"),
        (forged(key=jwk("stranger")), "the provider's signature is false"),
    ],
)
def test_a_login_that_was_changed_afterwards_is_found(
    client, provider, version, head, change, why
):
    files = evidence(client, provider, version)

    with pytest.raises(Fault, match=why):
        check(change(files), [])


def evidence(client, provider, version):
    come_back(client, provider, ask(client, version))
    sign(version, "marketing", at=NINE)
    publish_head(at=NINE + MINUTE)
    facts = bundle.gather(Version.objects.get(pk=version.pk))
    return {
        "terms.json": bundle.canonical(version.terms).decode(),
        "certificate.json": json.dumps(bundle.certificate(facts)),
        "ledger.jsonl": "".join(f"{line}\n" for line in bundle.slices(facts)),
        "heads.jsonl": "".join(f"{line}\n" for line in bundle.heads()),
    }
