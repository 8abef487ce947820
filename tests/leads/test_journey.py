"""Moves on the journey: with evidence, back as well as forward, waived by whom it falls to."""

from datetime import timedelta

import pytest

from leads.actions.journeys import attestations, journey, touches
from leads.errors import (
    AlreadyThere,
    CriteriaUnmet,
    LeadIsClosed,
    NeedsHandoff,
    NotYours,
    NoVersionInForce,
    UnknownFact,
    UnknownStage,
)
from leads.models import Lead
from portal.ledger.models import LedgerEntry
from tests.factories import (
    LONG_BEFORE,
    MONDAY_NINE,
    make_accepted,
    make_lead,
    make_terms,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db
LATER = MONDAY_NINE + timedelta(hours=1)


def marketer():
    return make_user("Mia", team="demand-generation")


def move(lead, to_stage, by, at=LATER, **more):
    return journey.move(lead_id=lead.pk, to_stage=to_stage, by=by, at=at, **more)


def test_a_move_is_kept_with_its_evidence_and_told_to_the_ledger():
    mia = marketer()
    lead = make_lead(stage="noticed", marketer=mia, score=70)
    lead.company.country = "DE"
    lead.company.save()

    entry = move(lead, "comparing", mia)

    assert (entry.from_stage, entry.stage, entry.by) == ("noticed", "comparing", mia)
    seen = {one["criterion"]: (one["value"], one["met"]) for one in entry.evidence}
    assert seen["country"] == ("DE", True)
    assert seen["score"] == (70, True)
    assert seen["asked_for_demo"] == (0, False)
    assert Lead.objects.get(pk=lead.pk).stage == "comparing"
    told = LedgerEntry.objects.filter(kind="stage_entered", subject_id=entry.pk).get()
    assert told.clear["from"] == "noticed"
    assert told.clear["waived"] is False


def test_moving_back_is_normal_and_asks_for_nothing():
    mia = marketer()
    lead = make_lead(stage="comparing", marketer=mia)

    entry = move(lead, "noticed", mia)

    assert entry.waived_by is None
    assert Lead.objects.get(pk=lead.pk).stage == "noticed"


def test_unmet_criteria_are_named():
    mia = marketer()
    lead = make_lead(stage="exploring", marketer=mia)

    with pytest.raises(CriteriaUnmet) as refused:
        move(lead, "comparing", mia)

    assert "country" in refused.value.unmet
    assert "size" not in refused.value.unmet


def test_inside_a_department_only_its_manager_waives_and_says_why():
    mia = marketer()
    lead = make_lead(stage="exploring", marketer=mia)

    with pytest.raises(CriteriaUnmet):
        move(lead, "comparing", mia, waiver_reason="I know them")
    with pytest.raises(CriteriaUnmet):
        move(lead, "comparing", mia.team.manager, waiver_reason="  ")
    entry = move(lead, "comparing", mia.team.manager, waiver_reason="I know them")

    assert entry.waived_by == mia.team.manager
    assert entry.waiver_reason == "I know them"
    assert LedgerEntry.objects.filter(kind="waived", subject_id=entry.pk).exists()


def terms_without_handoffs():
    """Sales takes the lead on without a handoff, so that a move crosses the departments."""
    terms = make_terms(handoffs=[], obligations=[], commitments=[], return_reasons=[])
    for stage in terms["journey"]:
        if stage["key"] == "talking":
            stage["criteria"] = {"key": "phone", "field": "lead.phone", "op": "present"}
    return terms


def test_where_the_acting_department_changes_the_receiving_one_waives():
    make_version(terms=terms_without_handoffs())
    mia, sam = marketer(), make_user("Sam", team="inside-sales")
    lead = make_lead(stage="comparing", marketer=mia, seller=sam)

    with pytest.raises(CriteriaUnmet):
        move(lead, "talking", mia, waiver_reason="they will call")
    with pytest.raises(CriteriaUnmet):
        move(lead, "talking", mia.team.manager, waiver_reason="they will call")
    entry = move(lead, "talking", sam, waiver_reason="they will call")

    assert entry.waived_by == sam


def test_where_the_criteria_are_met_who_acts_moves_it():
    make_version(terms=terms_without_handoffs())
    mia = marketer()
    lead = make_lead(stage="comparing", marketer=mia, phone="+49 30 1")

    assert move(lead, "talking", mia).waived_by is None


def test_where_a_handoff_leads_the_lead_is_offered_and_not_moved():
    mia = marketer()
    lead = make_lead(stage="comparing", marketer=mia)

    with pytest.raises(NeedsHandoff):
        move(lead, "talking", mia)


def test_only_who_has_a_seat_there_moves_a_lead():
    lead = make_lead(stage="comparing")

    with pytest.raises(NotYours):
        move(lead, "noticed", make_user(team="demand-generation"))
    with pytest.raises(NotYours):
        move(lead, "noticed", make_user(team="outside-sales"))


@pytest.mark.parametrize(
    ("stage", "at", "error"),
    [
        ("comparing", LATER, AlreadyThere),
        ("sold", LATER, UnknownStage),
        ("noticed", LONG_BEFORE - timedelta(days=1), NoVersionInForce),
    ],
)
def test_a_move_that_means_nothing_is_refused(stage, at, error):
    mia = marketer()

    with pytest.raises(error):
        move(make_lead(stage="comparing", marketer=mia), stage, mia, at=at)


def test_a_closed_lead_does_not_move():
    mia = marketer()
    lead = make_lead(marketer=mia, closed_at=MONDAY_NINE, closed_as="lost")

    with pytest.raises(LeadIsClosed):
        move(lead, "noticed", mia)


# --- by itself


def log(lead, kind, by, at=LATER, **more):
    return touches.log(lead_id=lead.pk, kind=kind, by=by, at=at, **more)


def stages_of(lead):
    return list(lead.stage_entries.values_list("stage", flat=True))


def test_a_stage_is_entered_when_its_criteria_become_true():
    mia = marketer()
    lead = make_lead(stage="noticed", marketer=mia)

    log(lead, "webinar", mia)

    assert stages_of(lead) == ["noticed", "exploring"]
    entry = lead.stage_entries.last()
    assert entry.by is None
    assert entry.evidence[0]["criterion"] == "took_interest"


def test_a_stage_that_a_handoff_leads_to_is_not_entered_by_itself():
    sam = make_user("Sam")
    handoff = make_accepted(by=sam)
    lead = handoff.lead
    for fact in ("need_confirmed", "budget_confirmed"):
        attestations.attest(lead_id=lead.pk, fact=fact, by=sam, at=LATER)

    log(lead, "call", sam, direction="two_way")

    lead.refresh_from_db()
    assert lead.stage == "talking"


def test_who_left_a_stage_comes_back_only_on_newer_evidence():
    mia = marketer()
    lead = make_lead(stage="noticed", marketer=mia)
    log(lead, "webinar", mia)
    move(lead, "noticed", mia, at=LATER + timedelta(minutes=1))

    log(lead, "note", mia, at=LATER + timedelta(minutes=2))
    assert Lead.objects.get(pk=lead.pk).stage == "noticed"

    log(lead, "page", mia, at=LATER + timedelta(minutes=3))
    assert Lead.objects.get(pk=lead.pk).stage == "exploring"


def test_a_lead_of_a_stage_that_a_later_version_replaced_goes_on_from_its_successor():
    mia = marketer()
    lead = make_lead(stage="curious", marketer=mia)
    log(lead, "webinar", mia)
    assert Lead.objects.get(pk=lead.pk).stage == "curious"

    terms = make_terms()
    terms["journey"][0]["replaces"] = ["curious"]
    make_version(agreement=lead.agreement, terms=terms, at=MONDAY_NINE)
    log(lead, "page", mia)

    assert stages_of(lead) == ["curious", "exploring"]


def test_what_waits_to_go_live_does_not_move():
    mia = marketer()
    lead = make_lead(stage="noticed", marketer=mia, held=True, imported=True)

    log(lead, "webinar", mia)

    assert stages_of(lead) == ["noticed"]


def test_without_a_version_nothing_moves():
    mia = marketer()
    lead = make_lead(stage="noticed", marketer=mia)

    log(lead, "webinar", mia, at=LONG_BEFORE - timedelta(days=1))

    assert stages_of(lead) == ["noticed"]


def test_a_company_that_is_no_prospect_is_not_offered_and_the_touch_still_counts():
    mia = marketer()
    lead = make_lead(stage="comparing", marketer=mia)
    lead.company.status = "customer"
    lead.company.save()

    log(lead, "webinar", mia)

    assert lead.touches.count() == 1
    assert not lead.handoffs.exists()


# --- attested facts


def test_a_fact_is_vouched_for_once_until_it_is_withdrawn():
    sam = make_user("Sam")
    lead = make_accepted(by=sam).lead
    first = attestations.attest(lead_id=lead.pk, fact="order_signed", by=sam, at=LATER)
    again = attestations.attest(lead_id=lead.pk, fact="order_signed", by=sam, at=LATER)

    gone = attestations.withdraw_attestation(
        lead_id=lead.pk, fact="order_signed", by=sam, at=LATER
    )
    nothing = attestations.withdraw_attestation(
        lead_id=lead.pk, fact="order_signed", by=sam, at=LATER
    )
    new = attestations.attest(lead_id=lead.pk, fact="order_signed", by=sam, at=LATER)

    assert first == again == gone
    assert nothing is None
    assert new != first
    kinds = LedgerEntry.objects.filter(subject_type="attestation").values_list(
        "kind", flat=True
    )
    assert list(kinds) == ["attested", "attestation_withdrawn", "attested"]


def test_only_what_the_version_asks_for_is_vouched_for():
    sam = make_user("Sam")
    lead = make_accepted(by=sam).lead

    with pytest.raises(UnknownFact):
        attestations.attest(lead_id=lead.pk, fact="likes_us", by=sam, at=LATER)


def test_only_who_has_a_seat_vouches_for_a_fact():
    lead = make_accepted().lead

    with pytest.raises(NotYours):
        attestations.attest(
            lead_id=lead.pk, fact="order_signed", by=make_user(team="outside-sales"), at=LATER
        )
