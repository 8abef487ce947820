"""The page on which a version is signed: password and one-time code, over the text read."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.urls import reverse

from portal import wallclock
from portal.accounts.codes import onetime
from portal.ledger.models import Head, LedgerEntry
from portal.notifications.models import Delivery
from sla.core import terms as core
from sla.models import Version
from tests.factories import PASSWORD, make_signatory
from tests.kept import kept
from tests.sla.versions import (
    DAY,
    HOUR,
    NINE,
    a_proposal,
    a_signed_version,
    edited,
    sign,
)

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def now(monkeypatch, settings):
    """The time of day for the doors; and no code or attempt of another test is remembered.

    A cache in memory, as the one in the database asks it for the time of another day.
    """
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    monkeypatch.setattr(wallclock, "now", lambda: NINE + HOUR)
    monkeypatch.setattr(time, "time", lambda: 1_772_444_400.0)
    cache.clear()


@pytest.fixture(scope="module")
def proposed(django_db_setup, django_db_blocker):
    with kept(django_db_blocker):
        yield a_proposal().pk


@pytest.fixture
def version(proposed):
    return Version.objects.get(pk=proposed)


@pytest.fixture
def head(client, version):
    person = make_signatory("sales")
    person.set_password(PASSWORD)
    person.save()
    onetime.activate(person, SECRET)
    client.force_login(person)
    return person


def code(steps=0, secret=SECRET):
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return onetime.code_at(secret, counter + steps)


def address(version, verb="sign"):
    return reverse(f"sla:version-{verb}", args=[version.agreement.key, version.number])


def post(client, version, **fields):
    fields = {"digest": version.digest, "password": PASSWORD, "code": code()} | fields
    return client.post(address(version), fields)


def test_the_page_shows_the_fingerprint_that_is_signed(client, version, head):
    page = client.get(address(version))

    assert page.status_code == 200
    assert f'name="digest" value="{version.digest}"' in page.text
    assert "The first agreement: read the whole text" in page.text


def test_password_and_code_sign_it(client, version, head):
    answer = post(client, version)

    assert answer.status_code == 302
    made = version.signatures.get()
    assert (made.signer, made.department_id, made.method) == (head, "sales", "password_totp")
    assert made.authenticated_at == made.signed_at == NINE + HOUR


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"password": "wrong"}, "This is not your password."),
        ({"code": "000000"}, "This code does not fit, or was used before."),
        ({"code": ""}, "This field is required."),
        ({"password": ""}, "This field is required."),
        ({"digest": ""}, ""),
    ],
    ids=["wrong password", "wrong code", "no code", "no password", "no fingerprint"],
)
def test_what_does_not_prove_who_signs_signs_nothing(client, version, head, fields, words):
    answer = post(client, version, **fields)

    assert answer.status_code == 422
    assert words in answer.text
    assert not version.signatures.exists()


def test_neither_password_nor_code_comes_back_on_the_page(client, version, head):
    answer = post(client, version, password="hunter2 hunter2")

    assert "hunter2" not in answer.text


def test_a_code_signs_once(client, version, head):
    second = a_proposal()
    post(client, version)

    answer = post(client, second)

    assert answer.status_code == 422
    assert "was used before" in answer.text
    assert not second.signatures.exists()


def test_a_code_of_another_time_does_not_fit(client, version, head):
    assert post(client, version, code=code(steps=-10)).status_code == 422


def test_somebody_without_a_second_factor_turns_one_on_here_and_signs_with_the_next_code(
    client, version, monkeypatch
):
    person = make_signatory("marketing")
    person.set_password(PASSWORD)
    person.save()
    client.force_login(person)

    page = client.get(address(version))
    secret = client.session[totp.SECRET_SESSION_KEY]
    fields = {"codes_on": "1", "password": PASSWORD, "code": code(secret=secret)}
    answer = client.post(address(version), fields)
    again = post(client, version, code=fields["code"])
    monkeypatch.setattr(time, "time", lambda: 1_772_444_430.0)
    signed = post(client, version, code=code(secret=secret))

    assert "Turn on my codes" in page.text
    assert (answer.status_code, again.status_code, signed.status_code) == (302, 422, 302)
    entry = LedgerEntry.objects.about(("user", person.pk)).get(kind="factor_enrolled")
    assert version.signatures.get().proof["enrolled_seq"] == entry.seq


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"code": "000000"}], ids=["password", "code"]
)
def test_nobody_turns_codes_on_without_their_password_and_a_code_that_fits(
    client, version, wrong
):
    person = make_signatory("marketing")
    person.set_password(PASSWORD)
    person.save()
    client.force_login(person)
    client.get(address(version))
    fields = {
        "password": PASSWORD,
        "code": code(secret=client.session[totp.SECRET_SESSION_KEY]),
    }

    answer = client.post(address(version), {"codes_on": "1"} | fields | wrong)

    assert answer.status_code == 422
    assert not Authenticator.objects.filter(user=person).exists()


def test_after_the_first_signature_the_page_has_a_link_for_the_second_signatory(
    client, version, head
):
    post(client, version)

    page = client.get(address(version))

    assert f"http://testserver{address(version)}" in page.text
    assert "Marketing signs next." in page.text


def test_the_head_of_the_ledger_is_published_and_sent_to_both_after_a_signature(
    client, version, head
):
    post(client, version)

    newest = Head.objects.order_by("-seq").first()
    receipts = Delivery.objects.filter(title__startswith="Receipt").in_app()
    assert {one.recipient.department_id for one in receipts} == {"marketing", "sales"}
    assert all(newest.hash in one.text for one in receipts)


def test_guessing_is_stopped_even_for_the_right_code(client, version, head):
    for _ in range(10):
        post(client, version, code="000000")

    answer = post(client, version)

    assert answer.status_code == 422
    assert "Too many attempts" in answer.text


def test_a_text_that_changed_meanwhile_is_409_with_the_difference_and_signs_nothing(
    client, version, head
):
    read = version.digest
    changed = edited(version)
    Version.objects.filter(pk=version.pk).update(terms=changed, digest=core.digest(changed))

    answer = post(client, version, digest=read)

    assert answer.status_code == 409
    assert "The text changed after you read it." in answer.text
    assert "quicker" in answer.text
    assert not version.signatures.exists()


def test_a_second_signature_of_a_department_is_409_and_told(client, version, head):
    sign(version, "sales")

    answer = post(client, version)

    assert answer.status_code == 409
    assert "has signed this revision" in answer.text


def test_with_the_second_signature_it_governs(client, version, head):
    sign(version, "marketing")

    post(client, version)

    version.refresh_from_db()
    assert (version.state, version.effective_from) == (Version.State.SIGNED, NINE + HOUR)
    assert "in force since" in client.get(address(version).removesuffix("sign/")).text


def test_the_redline_against_the_version_in_force_stands_on_the_page(client, head):
    first = a_signed_version()
    second = a_proposal(terms=edited(first))

    page = client.get(address(second))

    assert f"What changes against version {first.number}" in page.text
    assert "quicker" in page.text


def test_what_is_signed_already_has_no_page_to_sign(client, head):
    version = a_signed_version()

    assert client.get(address(version)).status_code == 302
    assert client.get(address(version, "decline")).status_code == 302


def test_declining_needs_a_reason_and_everybody_reads_it(client, version, head):
    url = address(version, "decline")

    opened, empty = client.get(url), client.post(url, {"reason": " "})
    told = client.post(url, {"reason": "The first attempt is too tight."})

    assert (opened.status_code, empty.status_code, told.status_code) == (200, 422, 302)
    version.refresh_from_db()
    assert version.state == Version.State.DECLINED
    assert "The first attempt is too tight." in client.get(told.url).text


def test_declining_what_was_declined_before_is_409(client, version, head):
    url = address(version, "decline")
    client.post(url, {"reason": "no"})

    assert client.post(url, {"reason": "no"}).status_code == 409


def test_an_unfinished_day_is_no_later_than_it_says(client, version, head):
    """A version that asks for a later day begins then, and the page says so."""
    later = a_proposal(effective_from=NINE + 7 * DAY)
    sign(later, "marketing")

    page = client.get(address(later))

    assert "With your signature it begins on" in page.text
    assert post(client, later).status_code == 302
    later.refresh_from_db()
    assert later.effective_from == NINE + timedelta(days=7)
