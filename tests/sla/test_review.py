"""From draft to proposed; revised, declined with a reason, taken back."""

import pytest

from portal import ledger
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from sla import ports
from sla.actions import drafting, review
from sla.core import terms as core
from sla.core.backtest import Backtest
from sla.errors import MayNot, NotInThisState, ReasonMissing, TermsInvalid
from sla.models import Version
from tests.factories import make_operations, make_signatory, make_terms, make_user
from tests.sla.versions import (
    DAY,
    HOUR,
    NINE,
    a_draft,
    a_proposal,
    a_signed_version,
    edited,
    sign,
)

pytestmark = pytest.mark.django_db
State = Version.State


def told(what):
    return set(
        Delivery.objects.filter(about__contains=what).values_list("recipient__email", flat=True)
    )


def test_proposing_freezes_the_text_by_its_fingerprint_and_asks_both_signatories():
    heads = [make_signatory("marketing"), make_signatory("sales")]
    version = a_proposal(effective_from=NINE + 7 * DAY)

    assert version.state == State.PROPOSED
    assert version.digest == core.digest(version.terms)
    assert version.requested_from == NINE + 7 * DAY
    assert told(":proposed") == {head.email for head in heads}


def test_a_version_is_proposed_once():
    version = a_proposal()

    with pytest.raises(NotInThisState):
        review.propose(version_id=version.pk, by=version.created_by, at=NINE)


def test_a_stage_that_is_dropped_without_a_successor_cannot_be_proposed():
    a_signed_version()
    shorter = make_terms()
    shorter["journey"] = [s for s in shorter["journey"] if s["key"] != "noticed"]
    shorter["benchmarks"] = [
        b for b in shorter["benchmarks"] if "noticed" not in {b["from_stage"], b["to_stage"]}
    ]
    version = a_draft(at=NINE + DAY, terms=shorter)

    with pytest.raises(TermsInvalid, match="noticed"):
        review.propose(version_id=version.pk, by=version.created_by, at=NINE + DAY)
    version.refresh_from_db()
    assert version.state == State.DRAFT


def test_signatures_of_the_revision_before_stay_and_count_no_more():
    version = a_proposal()
    sign(version, "marketing")

    review.revise(version_id=version.pk, by=make_operations(), at=NINE + HOUR)
    version = review.propose(version_id=version.pk, by=version.created_by, at=NINE + 2 * HOUR)

    assert version.revision == 2
    assert [s.revision for s in version.signatures.all()] == [1]
    assert version.needs == ["marketing", "sales"]
    sign(version, "sales", at=NINE + 2 * HOUR)
    version.refresh_from_db()
    assert version.state == State.PROPOSED
    sign(version, "marketing", at=NINE + 3 * HOUR)
    version.refresh_from_db()
    assert (version.state, version.signatures.count()) == (State.SIGNED, 3)


def test_a_signed_version_is_never_revised():
    version = a_signed_version()

    with pytest.raises(NotInThisState):
        review.revise(version_id=version.pk, by=version.created_by, at=NINE + HOUR)


@pytest.mark.parametrize("reason", ["", "   "])
def test_declining_needs_a_reason(reason):
    version = a_proposal()

    with pytest.raises(ReasonMissing):
        review.decline(
            version_id=version.pk, by=make_signatory("sales"), at=NINE, reason=reason
        )
    version.refresh_from_db()
    assert version.state == State.PROPOSED


def test_declining_tells_everybody_why_and_overwrites_no_signature():
    version = a_proposal()
    sign(version, "marketing")

    review.decline(
        version_id=version.pk, by=make_signatory("sales"), at=NINE + HOUR, reason="Too quick."
    )

    version.refresh_from_db()
    assert (version.state, version.ended_reason) == (State.DECLINED, "Too quick.")
    assert version.signatures.count() == 1
    heads = {make_signatory("marketing").email, make_signatory("sales").email}
    assert heads <= told(":declined")


def test_only_a_signatory_declines():
    version = a_proposal()

    for person in (make_user(), make_operations()):
        with pytest.raises(MayNot):
            review.decline(version_id=version.pk, by=person, at=NINE, reason="no")


def test_a_declined_version_can_be_revised_into_its_next_revision():
    version = a_proposal()
    review.decline(version_id=version.pk, by=make_signatory("sales"), at=NINE, reason="no")

    review.revise(version_id=version.pk, by=make_user(), at=NINE + HOUR)

    version.refresh_from_db()
    assert (version.state, version.revision, version.ended_reason) == (State.DRAFT, 2, "")


def test_who_wrote_it_and_operations_take_it_back_and_nobody_else():
    by_author, by_operations = a_draft(), a_proposal()

    with pytest.raises(MayNot):
        review.withdraw(version_id=by_author.pk, by=make_signatory("sales"), at=NINE)
    review.withdraw(version_id=by_author.pk, by=by_author.created_by, at=NINE)
    review.withdraw(version_id=by_operations.pk, by=make_operations(), at=NINE)

    assert set(Version.objects.values_list("state", flat=True)) == {State.WITHDRAWN}


def test_a_signed_version_is_neither_declined_nor_taken_back():
    version = a_signed_version()

    with pytest.raises(NotInThisState):
        review.withdraw(version_id=version.pk, by=version.created_by, at=NINE + HOUR)
    with pytest.raises(NotInThisState):
        review.decline(
            version_id=version.pk, by=make_signatory("sales"), at=NINE + HOUR, reason="late"
        )


def test_each_step_of_a_version_is_in_the_ledger():
    version = a_proposal()
    review.revise(version_id=version.pk, by=version.created_by, at=NINE)
    review.withdraw(version_id=version.pk, by=version.created_by, at=NINE)

    kinds = LedgerEntry.objects.about(("version", version.pk)).values_list("kind", flat=True)

    of_the_version = [kind for kind in kinds if not kind.startswith("observation_")]
    assert of_the_version == [
        "version_drafted", "version_proposed", "version_revised", "version_withdrawn"
    ]  # fmt: skip
    assert kinds[2] == "observation_started"


def test_the_backtest_of_a_proposal_is_computed_before_its_transaction(monkeypatch):
    """It reads thousands of rows; meanwhile others write."""
    seen = []

    def counted(version, base, since, until, at):
        with pytest.raises(RuntimeError, match="only an action"):
            ledger.append("version_saved", at=at, subject=("version", version.pk))
        seen.append(core.digest(version.terms))
        return Backtest(since, until, None, len(seen), ())

    monkeypatch.setattr(ports, "_backtests", counted)

    version = a_proposal()

    assert seen == [version.digest]
    assert version.backtest["handoffs"] == 1


def test_a_text_saved_while_its_backtest_was_computed_gets_one_of_its_own(monkeypatch):
    draft = a_draft()
    seen = []

    def slow(version, base, since, until, at):
        if not seen:
            drafting.save(
                version_id=draft.pk,
                terms=edited(draft),
                by=draft.created_by,
                at=at,
                seen_save=1,
            )
        seen.append(core.digest(version.terms))
        return Backtest(since, until, None, len(seen), ())

    monkeypatch.setattr(ports, "_backtests", slow)

    version = review.propose(version_id=draft.pk, by=draft.created_by, at=NINE)

    assert version.terms["preamble"] == edited(draft)["preamble"]
    assert seen == [core.digest(draft.terms), version.digest]
    assert version.backtest["handoffs"] == 2
