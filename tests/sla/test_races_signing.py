"""Signing against everything that may happen at the same moment: no stale signature, no half
of one, and no fault."""

from functools import partial

import pytest
from django.db.models import Count, Max

from portal.ledger.models import LedgerEntry
from sla.actions import drafting, review, signing
from sla.core import terms as core
from sla.errors import AlreadySigned, NotInThisState, SignedTextChanged
from sla.models import Signature, Version
from tests.factories import make_signatory
from tests.leads.races import at_once
from tests.sla.versions import HOUR, NINE, a_proposal, edited

pytestmark = pytest.mark.django_db(transaction=True)
SOON = NINE + HOUR
ROUNDS, MANY_ROUNDS = 30, 500


def signs(version, department):
    by = make_signatory(department)
    return partial(
        signing.sign, version_id=version.pk, by=by, at=SOON, digest=version.digest,
        authenticated_at=SOON, method=Signature.Method.PASSWORD_TOTP,
    )  # fmt: skip


def revised_and_edited(version):
    """Open it for editing, change it, and propose it again, as quickly as three clicks."""

    def act():
        by = version.created_by
        review.revise(version_id=version.pk, by=by, at=SOON)
        drafting.save(version_id=version.pk, terms=edited(version), by=by, at=SOON, seen_save=2)
        return review.propose(version_id=version.pk, by=by, at=SOON)

    return act


def settled(version):
    """Whoever won: each signature is over the text of its own revision, none is half there,
    and the ledger has no gap."""
    version.refresh_from_db()
    for made in version.signatures.all():
        texts = {save.revision: save for save in version.saves.order_by("number")}
        assert made.digest == core.digest(texts[made.revision].terms)
    counting = version.signatures.filter(revision=version.revision)
    assert {made.digest for made in counting} <= {version.digest}
    assert (version.state == Version.State.SIGNED) == (counting.count() == 2)
    found = LedgerEntry.objects.aggregate(n=Count("seq"), last=Max("seq"))
    assert found["n"] == found["last"]
    return version


def signs_while_the_text_changes():
    version = a_proposal()

    _, refused = at_once(
        [signs(version, "marketing"), signs(version, "sales"), revised_and_edited(version)]
    )

    settled(version)
    assert {type(one) for one in refused} <= {SignedTextChanged, NotInThisState}
    if version.revision == 2:
        assert version.signatures.filter(revision=2).count() == 0
        assert version.state == Version.State.PROPOSED


def both_sign_at_once():
    version = a_proposal()

    made, refused = at_once([signs(version, "marketing"), signs(version, "sales")])

    assert (len(made), refused) == (2, [])
    assert settled(version).state == Version.State.SIGNED
    about = LedgerEntry.objects.about(("version", version.pk))
    assert about.filter(kind="version_concluded").count() == 1


def test_sixteen_clicks_of_one_signatory_make_one_signature():
    version = a_proposal()

    made, refused = at_once([signs(version, "sales")] * 16)

    assert len(made) == 1
    assert {type(one) for one in refused} == {AlreadySigned}
    assert settled(version).signatures.count() == 1


def test_signing_and_declining_at_once_leave_one_of_both():
    version = a_proposal()
    decline = partial(
        review.decline, version_id=version.pk, by=make_signatory("marketing"), at=SOON,
        reason="no",
    )  # fmt: skip

    at_once([signs(version, "sales"), signs(version, "marketing"), decline])

    assert settled(version).state in {Version.State.SIGNED, Version.State.DECLINED}


def test_two_editors_at_once_and_one_is_shown_the_difference():
    version = a_proposal()
    by = version.created_by
    review.revise(version_id=version.pk, by=by, at=SOON)
    acts = [
        partial(
            drafting.save, version_id=version.pk, by=by, at=SOON, seen_save=2,
            terms=version.terms | {"title": f"Text {number}"},
        )
        for number in range(8)
    ]  # fmt: skip

    saved, refused = at_once(acts)

    assert (len(saved), len(refused)) == (1, 7)
    assert version.saves.count() == 3


def test_signing_while_the_text_is_revised_and_edited_never_signs_a_text_nobody_read():
    for _ in range(ROUNDS):
        signs_while_the_text_changes()


def test_both_departments_at_once_sign_it_and_it_begins_once():
    for _ in range(ROUNDS):
        both_sign_at_once()


@pytest.mark.slow
@pytest.mark.parametrize("act", [signs_while_the_text_changes, both_sign_at_once])
def test_five_hundred_rounds_end_as_thirty_do(act):
    for _ in range(MANY_ROUNDS):
        act()
