"""Ten ways in which an insider might forge a signature; each is refused, or shown."""

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.models.deletion import ProtectedError
from django.urls import reverse

from portal import ledger, wallclock
from portal.accounts.actions.inviting import invite
from portal.accounts.actions.second_factor import take_away, turn_on
from portal.accounts.codes import onetime
from portal.accounts.models import Role
from portal.ledger.models import LedgerEntry, guard
from sla.actions import review
from sla.certificate import bundle
from sla.certificate.facts import gather
from sla.core import terms as core
from sla.errors import AlreadySigned, AuthenticationTooOld, MayNot, NotInThisState
from sla.models import Signature, Version
from tests.factories import PASSWORD, make_operations, make_signatory, make_user
from tests.sla.device import Device, enrol
from tests.sla.test_certificate import by_passkey, unzipped, verified
from tests.sla.versions import (
    DAY,
    HOUR,
    MINUTE,
    NINE,
    a_proposal,
    a_signed_version,
    edited,
    sign,
)

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def superuser(client):
    person = make_user(team=None, role=Role.ADMIN, is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.update(signer_name="Somebody Else"),
        lambda row: row.update(digest="0" * 64),
        lambda row: row.delete(),
        lambda row: Signature.objects.bulk_update(
            [setattr(one, "method", "passkey") or one for one in row], ["method"]
        ),
    ],
    ids=["name", "digest", "delete", "method"],
)
def test_1_no_signature_is_changed_or_deleted_in_the_database(change):
    version = a_signed_version()
    before = list(version.signatures.values())

    with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
        change(version.signatures.filter(department="sales"))

    assert list(version.signatures.values()) == before


def test_1_not_even_by_plain_sql_while_the_triggers_stand():
    version = a_signed_version()

    for statement in ("UPDATE sla_signature SET digest = ''", "DELETE FROM sla_signature"):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    assert version.signatures.count() == 2


def test_1_and_whoever_drops_the_triggers_is_found_by_the_check_of_the_ledger():
    with transaction.atomic():
        guard.remove(connection, guard.GUARDED[-1])
        assert not guard.stands(connection)
        transaction.set_rollback(True)


@pytest.mark.parametrize("page", ["add", "change", "delete"])
def test_2_a_superuser_adds_changes_and_deletes_no_signature_in_the_admin(
    client, superuser, page
):
    version = a_signed_version()
    one = version.signatures.first()
    ids = [] if page == "add" else [one.pk]
    fields = {"signer_name": "Somebody Else", "digest": "0" * 64, "post": "yes"}

    answer = client.post(reverse(f"admin:sla_signature_{page}", args=ids), fields)

    assert answer.status_code in {403, 405}
    assert version.signatures.count() == 2
    assert version.signatures.get(pk=one.pk).signer_name == one.signer_name


def test_3_staff_signs_by_no_door(client, superuser, monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: NINE)
    version = a_proposal()
    where = [version.agreement.key, version.number]

    page = client.post(reverse("sla:version-sign", args=where), {"digest": version.digest})
    device = client.post(reverse("sla:version-challenge", args=where))
    with pytest.raises(MayNot):
        sign(version, "sales", by=superuser)

    assert (page.status_code, device.status_code) == (404, 404)
    assert not version.signatures.exists()


def test_4_another_digest_written_under_the_text_is_found(tmp_path):
    version = a_signed_version()
    ledger.publish_head(at=NINE + HOUR)
    files = unzipped(bundle.evidence(version, b""))
    Version.objects.filter(pk=version.pk).update(digest="ab" * 32)
    version.refresh_from_db()

    code, said = verified(tmp_path / "a", unzipped(bundle.evidence(version, b"")))

    assert (code, "fingerprint is another" in said) == (1, True)
    assert verified(tmp_path / "b", files)[0] == 0


def test_5_terms_that_are_changed_after_signing_are_found(tmp_path):
    version = a_signed_version()
    changed = edited(version)
    Version.objects.filter(pk=version.pk).update(terms=changed, digest=core.digest(changed))
    version.refresh_from_db()

    code, said = verified(tmp_path, unzipped(bundle.evidence(version, b"")))

    assert (code, "it is for another digest" in said) == (1, True)


def test_6_the_form_that_one_department_read_does_not_sign_for_the_other():
    """The department is never taken from a form: it is the signer's own."""
    version = a_proposal()

    made = sign(version, "sales", by=make_signatory("marketing"))

    assert made.department_id == "marketing"
    with pytest.raises(AlreadySigned):
        sign(version, "sales", by=make_signatory("marketing"))


def test_7_the_page_of_an_old_revision_signs_nothing():
    version = a_proposal()
    read = version.digest
    review.revise(version_id=version.pk, by=version.created_by, at=NINE)

    with pytest.raises(NotInThisState):
        sign(version, "sales", digest=read)


def test_8_a_session_that_somebody_left_open_is_no_proof():
    with pytest.raises(AuthenticationTooOld):
        sign(a_proposal(), "sales", authenticated_at=NINE - 6 * MINUTE)


@pytest.mark.parametrize("address", ["Boss+sales@concord.test", "BOSS@concord.test"])
def test_9_a_second_account_of_the_same_person_does_not_sign_for_the_other_side(address):
    version = a_proposal()
    first, second = make_signatory("marketing"), make_signatory("sales")
    type(first).objects.filter(pk=first.pk).update(email="boss@concord.test")
    second.email = address
    second.save()
    sign(version, "marketing")

    with pytest.raises(AlreadySigned, match="You have signed"):
        sign(version, "sales", by=second)


def test_9_nor_do_two_accounts_with_one_app(settings):
    version = a_proposal()
    for department in ("marketing", "sales"):
        turn_on(by=make_signatory(department), secret=SECRET, at=NINE)
    sign(version, "marketing")

    with pytest.raises(MayNot, match="same app"):
        sign(version, "sales")


def test_10_a_factor_that_an_administrator_took_away_shows_on_the_certificate(tmp_path):
    cache.clear()
    version, head, admin = a_proposal(), make_signatory("sales"), make_user(team=None)
    with ledger.recording():
        take_away(turn_on_raw(head), by=admin, at=NINE)
    ledger.publish_head(at=NINE)
    turn_on(by=head, secret=SECRET, at=NINE + MINUTE)
    sign(version, "sales", at=NINE + HOUR)
    sign(version, "marketing", at=NINE + HOUR)
    ledger.publish_head(at=NINE + HOUR)
    version.refresh_from_db()

    notes = [note for one in gather(version).signed for note in one.notes]
    code, said = verified(tmp_path, unzipped(bundle.evidence(version, b"")))

    assert "Somebody else changed second factor of the account on 02 Mar 2026." in notes
    assert "The one-time code was enrolled after the last published head." in notes
    assert code == 0
    assert "somebody else changed second factor" in said


def test_10_an_invitation_that_somebody_else_made_shows_on_the_certificate():
    """Who copies a link can choose the first password; nobody can do so unseen."""
    version, head, admin = a_proposal(), make_signatory("sales"), make_operations()
    head.set_unusable_password()
    head.save(update_fields=["password"])
    invite(people=[head], by=admin, at=NINE)
    sign(version, "sales", at=NINE + HOUR)
    sign(version, "marketing", at=NINE + HOUR)
    version.refresh_from_db()

    notes = {one.signature.department_id: one.notes for one in gather(version).signed}

    told = "Somebody else changed invitation of the account on 02 Mar 2026."
    assert told in notes["sales"]
    assert told not in notes["marketing"]


def turn_on_raw(person):

    return onetime.activate(person, "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")


def test_11_a_signature_row_made_past_the_portal_is_in_no_ledger(tmp_path):
    version = a_proposal()
    sign(version, "marketing")
    real = version.signatures.get()
    head = make_signatory("sales")
    Signature.objects.create(
        version=version, revision=1, department_id="sales", signer=head,
        signer_name=head.name, digest=version.digest,
        statement=real.statement.replace(real.signer_name, head.name), method=real.method,
        authenticated_at=NINE, signed_at=NINE, proof={"kind": real.method},
    )  # fmt: skip
    Version.objects.filter(pk=version.pk).update(
        state="signed", signed_at=NINE, effective_from=NINE
    )
    version.refresh_from_db()

    code, said = verified(tmp_path, unzipped(bundle.evidence(version, b"")))

    assert (code, "no entry version_signed" in said) == (1, True)
    notes = [note for one in gather(version).signed for note in one.notes]
    assert "The ledger has no entry of this signature." in notes


def test_12_a_passkey_that_an_administrator_enrolled_late_shows(tmp_path):
    """They took the account over, past its owner; the head published before gives it away."""
    version = a_proposal()
    ledger.publish_head(at=NINE)
    device, head = Device(), make_signatory("sales")
    enrol(device, head, NINE + DAY)
    by_passkey(version, head, device, NINE + DAY)
    sign(version, "marketing", at=NINE + DAY)
    version.refresh_from_db()

    notes = [note for one in gather(version).signed for note in one.notes]
    _, said = verified(tmp_path, unzipped(bundle.evidence(version, b"")))

    assert "The passkey was enrolled after the last published head." in notes
    assert "the passkey was enrolled after the last published head" in said
    assert LedgerEntry.objects.filter(kind="passkey_enrolled").exists()


def test_12_and_no_key_is_put_in_the_place_of_another(tmp_path):
    version, head, device = a_proposal(), make_signatory("sales"), Device()
    enrol(device, head, NINE)
    ledger.publish_head(at=NINE)
    other = Device()
    other.id = device.id
    head.passkeys.update(public_key=other.cose, sign_count=0)
    by_passkey(version, head, other, NINE + HOUR)
    sign(version, "marketing", at=NINE + HOUR)
    version.refresh_from_db()

    code, said = verified(tmp_path, unzipped(bundle.evidence(version, b"")))

    assert (code, "another public key" in said) == (1, True)


def test_the_client_password_constant_is_not_enough(client, monkeypatch):
    """A stolen password without the second factor signs nothing."""
    monkeypatch.setattr(wallclock, "now", lambda: NINE)
    version, head = a_proposal(), make_signatory("sales")
    head.set_password(PASSWORD)
    head.save()
    client.force_login(head)
    where = [version.agreement.key, version.number]
    fields = {"digest": version.digest, "password": PASSWORD, "code": "123456"}

    answer = client.post(reverse("sla:version-sign", args=where), fields)

    assert answer.status_code == 422
    assert not version.signatures.exists()
