"""The terms themselves may ask that the head of a department signs, and nobody else."""

import pytest

from sla.actions import signing
from sla.core import terms
from sla.errors import MayNot
from sla.models import Signature, Version
from tests.factories import (
    MONDAY_NINE,
    make_agreement,
    make_department,
    make_signatory,
    make_terms,
    make_user,
)

pytestmark = pytest.mark.django_db


def proposed():
    """A version that asks for the signature of the head of Sales."""
    document = make_terms()
    document["governance"]["signed_by"]["sales"] = "head"
    return Version.objects.create(
        agreement=make_agreement(),
        number=9,
        state=Version.State.PROPOSED,
        terms=document,
        digest=terms.digest(document),
        created_at=MONDAY_NINE,
        saved_at=MONDAY_NINE,
        proposed_at=MONDAY_NINE,
    )


def sign(version, by):
    return signing.sign(
        version_id=version.pk,
        by=by,
        at=MONDAY_NINE,
        digest=version.digest,
        authenticated_at=MONDAY_NINE,
        method=Signature.Method.PASSWORD_TOTP,
        acknowledged=[one.code for one in signing.grave_warnings(version)],
    )


def test_another_signatory_of_the_department_is_refused():
    version, head = proposed(), make_signatory("sales")
    signatory = make_user(team=None, department=make_department("sales"), is_signatory=True)

    with pytest.raises(MayNot, match="the signature of the head of Sales"):
        sign(version, signatory)

    assert head.department.head == head
    assert not version.signatures.exists()


def test_the_head_signs():
    version = proposed()

    assert sign(version, make_signatory("sales")).signer == make_signatory("sales")


def test_the_other_department_may_send_any_signatory():
    version = proposed()
    signatory = make_user(team=None, department=make_department("marketing"), is_signatory=True)

    assert sign(version, signatory).signer == signatory
