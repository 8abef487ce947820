"""Passkeys: enrolled by their owner, and what their signature over a text holds for."""

import pytest

from portal.accounts.actions import passkeys as own
from portal.accounts.errors import PasskeyRefused
from portal.accounts.models import Passkey
from portal.accounts.passkeys.ceremony import Site
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from sla.actions import passkeys, review, signing
from sla.core import terms as core
from sla.errors import MayNot, SignedTextChanged
from sla.models import Version
from tests.factories import make_signatory
from tests.sla.device import HERE, PRESENT, Device, enrol, rewritten
from tests.sla.versions import HOUR, MINUTE, NINE, a_proposal, edited, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return make_signatory("sales")


@pytest.fixture
def version():
    return a_proposal()


@pytest.fixture
def device(head):
    made = Device()
    enrol(made, head, NINE)
    return made


def ask(version, by, at=NINE):
    return passkeys.ask(version=version, by=by, site=HERE, at=at)["challenge"]


def sign_with(version, by, answer, *, at=NINE, digest=None, site=HERE):
    return signing.sign_by_passkey(
        version_id=version.pk,
        by=by,
        at=at,
        digest=digest or version.digest,
        answer=passkeys.Answer(answer, site),
        acknowledged=[w.code for w in signing.grave_warnings(version)],
    )


@pytest.mark.parametrize("kind", ["p256", "ed25519"])
def test_a_passkey_signs_and_the_signature_keeps_what_a_stranger_needs(version, head, kind):
    device = Device(kind)
    passkey = enrol(device, head, NINE)

    made = sign_with(version, head, device.sign(ask(version, head)))

    assert made.method == "passkey"
    assert made.proof["public_key"] == device.cose.hex()
    entry = LedgerEntry.objects.about(("passkey", passkey.pk)).get(kind="passkey_enrolled")
    assert (made.proof["enrolled_seq"], entry.clear["key"]) == (entry.seq, passkey.key_digest)
    passkey.refresh_from_db()
    assert (passkey.sign_count, passkey.last_used_at) == (2, NINE)


def test_both_departments_by_passkey_put_it_in_force(version, head, device):
    other, phone = make_signatory("marketing"), Device("ed25519")
    enrol(phone, other, NINE)

    sign_with(version, head, device.sign(ask(version, head)))
    sign_with(version, other, phone.sign(ask(version, other)))

    version.refresh_from_db()
    assert version.state == Version.State.SIGNED


def test_the_owner_is_told_of_a_new_passkey(head, device):
    assert Delivery.objects.filter(recipient=head, title__contains="passkey was added").exists()


def test_a_text_that_was_edited_after_the_device_was_asked_is_not_signed(version, head, device):
    answer = device.sign(ask(version, head))
    changed = edited(version)
    Version.objects.filter(pk=version.pk).update(terms=changed, digest=core.digest(changed))

    with pytest.raises(SignedTextChanged):
        sign_with(version, head, answer)
    with pytest.raises(PasskeyRefused, match="another text"):
        sign_with(version, head, answer, digest=core.digest(changed))
    assert not version.signatures.exists()


def test_an_answer_does_not_serve_the_other_department(version, head, device):
    answer = device.sign(ask(version, head))

    with pytest.raises(PasskeyRefused):
        sign_with(version, make_signatory("marketing"), answer)
    head.department = make_signatory("marketing").department
    head.save()
    with pytest.raises(PasskeyRefused, match="department"):
        sign_with(version, head, answer)


def test_rewritten_client_data_is_refused(version, head, device):
    before = device.sign(ask(version, head))
    fresh = ask(version, head)

    with pytest.raises(PasskeyRefused, match=r"Could not verify"):
        sign_with(version, head, rewritten(before, challenge=fresh))
    assert not version.signatures.exists()


def test_an_answer_is_used_once(version, head, device):
    second = a_proposal()
    answer = device.sign(ask(version, head))
    sign_with(version, head, answer)

    with pytest.raises(PasskeyRefused, match="used before"):
        sign_with(second, head, answer)


def test_an_answer_is_good_for_five_minutes(version, head, device):
    answer = device.sign(ask(version, head))

    with pytest.raises(PasskeyRefused, match="too late"):
        sign_with(version, head, answer, at=NINE + 5 * MINUTE)


def test_the_answer_for_an_earlier_revision_signs_nothing(version, head, device):
    answer = device.sign(ask(version, head))
    by = version.created_by
    review.revise(version_id=version.pk, by=by, at=NINE)
    version = review.propose(version_id=version.pk, by=by, at=NINE)

    with pytest.raises(PasskeyRefused, match="revision"):
        sign_with(version, head, answer)


def test_the_device_must_have_verified_its_owner(version, head):
    device = Device(flags=PRESENT)

    with pytest.raises(PasskeyRefused):
        enrol(device, head, NINE)
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("site", [Site("evil.test", "https://evil.test")])
def test_an_answer_given_to_another_site_is_refused(version, head, device, site):
    with pytest.raises(PasskeyRefused):
        sign_with(version, head, device.sign(ask(version, head), site))


def test_a_key_that_nobody_enrolled_signs_nothing(version, head, device):
    stranger = Device()

    with pytest.raises(PasskeyRefused, match="not one of yours"):
        sign_with(version, head, stranger.sign(ask(version, head)))


def test_a_revoked_passkey_signs_no_more_and_stays_for_old_signatures(version, head, device):
    answer = device.sign(ask(version, head))
    own.revoke(passkey_id=head.passkeys.get().pk, by=head, at=NINE)

    with pytest.raises(PasskeyRefused, match="revoked"):
        sign_with(version, head, answer)
    with pytest.raises(PasskeyRefused, match="no passkey"):
        ask(version, head)
    assert head.passkeys.count() == 1


def test_a_device_that_was_copied_is_found_by_its_count(version, head, device):
    Passkey.objects.update(sign_count=50)

    with pytest.raises(PasskeyRefused, match="sign count"):
        sign_with(version, head, device.sign(ask(version, head)))


def test_terms_that_ask_for_a_passkey_take_it_and_nothing_less(head, device):
    terms = core.template("classic")
    terms["governance"]["passkey_required"] = True
    version = a_proposal(terms=terms)

    with pytest.raises(MayNot):
        sign(version, "sales")
    assert sign_with(version, head, device.sign(ask(version, head)))


def test_the_same_device_is_enrolled_once(head, device):
    with pytest.raises(PasskeyRefused, match="enrolled already"):
        enrol(device, head, NINE + HOUR)


def test_a_passkey_is_renamed_and_revoked_by_its_owner_alone(head, device):
    passkey, other = head.passkeys.get(), make_signatory("marketing")

    with pytest.raises(Passkey.DoesNotExist):
        own.rename(passkey_id=passkey.pk, by=other, name="mine now", at=NINE)
    with pytest.raises(Passkey.DoesNotExist):
        own.revoke(passkey_id=passkey.pk, by=other, at=NINE)
    own.rename(passkey_id=passkey.pk, by=head, name="Work laptop", at=NINE)

    passkey.refresh_from_db()
    assert (passkey.name, passkey.revoked_at) == ("Work laptop", None)
