"""Signing: one signatory of each department, over the text that each of them read."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.models import Role, Team
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from sla.actions import review, signing
from sla.actions.confirming.login import Confirmed
from sla.core import terms as core
from sla.errors import (
    AlreadySigned,
    AuthenticationTooOld,
    MayNot,
    NotInThisState,
    SignedTextChanged,
    WarningsNotAcknowledged,
)
from sla.models import Signature, Version
from tests.factories import make_operations, make_signatory, make_terms, make_user
from tests.sla.versions import (
    DAY,
    EDITED,
    HOUR,
    MINUTE,
    NINE,
    a_draft,
    a_proposal,
    edited,
    sign,
)

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


def another_signatory(department):
    home = make_signatory(department).department
    return make_user(team=None, department=home, role=Role.MANAGER, is_signatory=True)


def nothing_was_signed(version):
    version.refresh_from_db()
    kinds = LedgerEntry.objects.about(("version", version.pk)).values_list("kind", flat=True)
    return not version.signatures.exists() and "version_signed" not in kinds


def test_one_signature_leaves_it_proposed_and_the_second_one_signs_it():
    version = a_proposal()

    sign(version, "sales", at=NINE + HOUR)
    version.refresh_from_db()
    assert (version.state, version.signed_at) == (Version.State.PROPOSED, None)

    sign(version, "marketing", at=NINE + 2 * HOUR)
    version.refresh_from_db()
    assert (version.state, version.signed_at) == (Version.State.SIGNED, NINE + 2 * HOUR)


@pytest.mark.parametrize(
    ("requested", "begins"),
    [(None, NINE + HOUR), (NINE - DAY, NINE + HOUR), (NINE + 7 * DAY, NINE + 7 * DAY)],
    ids=["at once", "never before the second signature", "on the day asked for"],
)
def test_it_begins_when_asked_and_never_before_the_second_signature(requested, begins):
    version = a_proposal(effective_from=requested)
    sign(version, "marketing")

    sign(version, "sales", at=NINE + HOUR)

    version.refresh_from_db()
    assert version.effective_from == begins


def test_a_signature_keeps_who_signed_what_how_and_as_whom():
    version, head = a_proposal(), make_signatory("marketing")
    made = sign(version, "marketing", at=NINE + 4 * MINUTE, authenticated_at=NINE)

    assert (made.department_id, made.signer, made.signer_name) == ("marketing", head, head.name)
    assert (made.digest, made.revision) == (core.digest(version.terms), 1)
    assert (made.authenticated_at, made.signed_at) == (NINE, NINE + 4 * MINUTE)
    assert made.method == "password_totp"
    assert version.digest in made.statement
    entry = LedgerEntry.objects.about(("version", version.pk)).get(kind="version_signed")
    assert entry.clear["digest"] == version.digest


def test_a_department_signs_a_revision_once():
    version, other = a_proposal(), another_signatory("sales")
    sign(version, "sales")

    with pytest.raises(AlreadySigned):
        sign(version, "sales", by=other)
    assert version.signatures.count() == 1


def test_the_same_person_never_signs_for_both():
    version, head = a_proposal(), make_signatory("marketing")
    sign(version, "marketing")
    head.department = make_signatory("sales").department
    head.save()

    with pytest.raises(AlreadySigned, match="You have signed"):
        sign(version, "sales", by=head)
    version.refresh_from_db()
    assert version.state == Version.State.PROPOSED


@pytest.mark.parametrize(
    "person",
    [
        make_user,
        make_operations,
        lambda: make_user(team=None, role=Role.AUDITOR),
        lambda: make_user(team=None, role=Role.ADMIN, is_staff=True),
        lambda: make_user(team=None, role=Role.ADMIN, is_staff=True, is_superuser=True),
        lambda: make_user(role=Role.MANAGER),
    ],
    ids=["member", "operations", "auditor", "admin", "superuser", "manager"],
)
def test_nobody_signs_but_a_signatory(person):
    version = a_proposal()

    with pytest.raises(MayNot):
        sign(version, "sales", by=person())
    assert nothing_was_signed(version)


def test_a_signatory_who_left_signs_no_more():
    version, head = a_proposal(), make_signatory("sales")
    head.is_active = False
    head.save()

    with pytest.raises(MayNot):
        sign(version, "sales", by=head)


def test_the_database_knows_no_signatory_who_opens_the_admin():
    head = make_signatory("sales")
    head.is_staff = True

    with pytest.raises(IntegrityError), transaction.atomic():
        head.save()


def test_a_text_that_changed_after_it_was_read_is_not_signed_and_the_difference_is_shown():
    version = a_proposal()
    read = version.digest
    Version.objects.filter(pk=version.pk).update(
        terms=edited(version), digest=core.digest(edited(version))
    )

    with pytest.raises(SignedTextChanged) as refused:
        sign(version, "sales", digest=read)

    assert [change.new for change in refused.value.changes] == [EDITED]
    assert nothing_was_signed(version)


def test_a_text_that_was_rewritten_under_its_fingerprint_is_not_signed():
    version = a_proposal()
    Version.objects.filter(pk=version.pk).update(terms=edited(version))

    with pytest.raises(SignedTextChanged):
        sign(version, "sales")
    assert nothing_was_signed(version)


def test_the_text_of_an_earlier_revision_cannot_be_signed_any_more():
    version = a_proposal()
    read = version.digest
    review.revise(version_id=version.pk, by=version.created_by, at=NINE)

    with pytest.raises(NotInThisState):
        sign(version, "sales", digest=read)
    assert nothing_was_signed(version)


@pytest.mark.parametrize(
    ("age", "fresh"),
    [
        (timedelta(0), True),
        (5 * MINUTE, True),
        (5 * MINUTE + MOMENT, False),
        (-MOMENT, False),
    ],
    ids=["now", "five minutes", "longer", "from the future"],
)
def test_the_proof_of_who_signs_is_at_most_five_minutes_old(age, fresh):
    version = a_proposal()

    if fresh:
        assert sign(version, "sales", authenticated_at=NINE - age)
    else:
        with pytest.raises(AuthenticationTooOld):
            sign(version, "sales", authenticated_at=NINE - age)
        assert nothing_was_signed(version)


@pytest.mark.parametrize("age", [5 * MINUTE + MOMENT, -MOMENT], ids=["longer", "the future"])
def test_nor_is_a_login_at_the_provider_whatever_the_page_that_took_it_says(age):
    version, by = a_proposal(), make_signatory("sales")
    said = {"claims": {}, "challenge": "", "token": "", "key": {}, "client_id": "concord"}
    late = Confirmed(**said, authenticated_at=NINE - age)

    with pytest.raises(AuthenticationTooOld):
        signing.sign_by_login(
            version_id=version.pk, by=by, at=NINE, digest=version.digest, confirmed=late
        )
    assert nothing_was_signed(version)


def test_a_grave_warning_that_was_not_ticked_stops_the_signature():
    version = a_proposal()
    Team.objects.filter(key="outside-sales").update(steward=None, manager=None)
    Team.objects.get(key="outside-sales").members.update(team=None, department=None)
    codes = [w.code for w in signing.grave_warnings(version)]

    assert codes
    with pytest.raises(WarningsNotAcknowledged):
        sign(version, "sales", acknowledged=codes[1:])
    assert nothing_was_signed(version)
    made = sign(version, "sales", acknowledged=[*codes, "made up"])
    assert made.acknowledged == sorted(codes)


def test_terms_that_ask_for_a_passkey_are_not_signed_by_password():
    terms = deepcopy(make_terms())
    terms["governance"]["passkey_required"] = True
    version = a_proposal(terms=terms)

    with pytest.raises(MayNot, match="passkey"):
        sign(version, "sales")
    assert nothing_was_signed(version)


def test_nobody_can_merely_say_that_a_passkey_signed():
    version = a_proposal()

    with pytest.raises(MayNot, match="its own key"):
        sign(version, "sales", method=Signature.Method.PASSKEY)
    assert nothing_was_signed(version)


def test_a_draft_is_not_signed():
    version = a_draft()

    with pytest.raises(NotInThisState):
        sign(version, "sales", digest=core.digest(version.terms))
    assert nothing_was_signed(version)


def test_the_other_department_is_told_that_it_is_its_turn():
    version = a_proposal()

    sign(version, "marketing")

    told = Delivery.objects.filter(about__endswith=":half_signed").in_app()
    assert [delivery.recipient for delivery in told] == [make_signatory("sales")]
