"""Offering a lead: what must be true, who may, what is frozen, who gets it."""

from datetime import timedelta

import pytest

from leads.actions.handing import handoffs, returns
from leads.actions.sweeping import sweep
from leads.core.handoff import State
from leads.errors import (
    AlreadyThere,
    CriteriaUnmet,
    HandoffIsOpen,
    LeadIsClosed,
    LeadIsHeld,
    NoSuchHandoff,
    NotYours,
    NoVersionInForce,
    PackageIncomplete,
)
from leads.models import Lead, Timer
from portal import ledger
from portal.accounts.models import Absence
from portal.notifications.models import Delivery
from sla.models import Version
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_company,
    make_handoff,
    make_lead,
    make_team,
    make_terms,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db
INSIDE, OUTSIDE = "to_inside_sales", "to_outside_sales"


def offer(lead, by=None, kind=INSIDE, at=MONDAY_NINE, **more):
    return handoffs.offer(lead_id=lead.pk, kind=kind, by=by, at=at, **more)


def seat(lead, department):
    return lead.assignments.get(department=department, until=None)


def giver_of(lead):
    return seat(lead, "marketing").member


def ready_for_outside(**fields):
    """A lead that inside sales accepted, whose criteria and package for outside are there."""
    accepted = make_accepted(
        phone="+49 30 123", job_title="Head of IT", at=MONDAY_NINE, **fields
    )
    lead, seller = accepted.lead, accepted.receiver
    lead.touches.create(
        department_id="sales", kind="call", direction="two_way", by=seller,
        occurred_at=MONDAY_NINE, recorded_at=MONDAY_NINE, is_attempt=True,
    )  # fmt: skip
    for fact in ("need_confirmed", "budget_confirmed"):
        lead.attestations.create(fact=fact, by=seller, at=MONDAY_NINE)
    return lead, seller


def test_an_offer_stands_under_the_version_in_force_and_starts_its_clocks():
    receiver = make_user()
    lead = make_lead(company=make_company(owner=receiver))

    handoff = offer(lead, by=giver_of(lead))

    assert handoff.state == State.OFFERED
    assert handoff.version == Version.objects.get()
    assert (handoff.giver, handoff.receiver) == (giver_of(lead), receiver)
    assert set(handoff.clocks.values_list("kind", flat=True)) == {"accept", "first_attempt"}
    assert handoff.clocks.get(kind="accept").due_at == MONDAY_NINE + timedelta(hours=1)


def test_the_first_offer_fills_the_empty_seat_of_the_receiving_department():
    lead, receiver = make_lead(), make_user()

    offer(lead)

    assert seat(lead, "sales").member == receiver
    assert lead.assignments.filter(department="sales").count() == 2


def test_the_evidence_for_the_next_stage_is_frozen_with_the_offer():
    handoff = make_handoff(email="mia@example.test", email_key="mia@example.test")

    seen = {row["criterion"]: row for row in handoff.evidence}
    assert seen["mail_known"]["met"] is True
    assert seen["mail_known"]["value"] == "mia@example.test"
    assert seen["phone_known"]["missing"] is True


def test_without_a_version_in_force_an_offer_is_refused_with_the_reason():
    lead, giver = make_lead(), make_user(team="demand-generation")
    Version.objects.update(effective_from=MONDAY_NINE + timedelta(seconds=1))

    with pytest.raises(NoVersionInForce, match="both departments sign one first"):
        offer(lead, by=giver)


def test_a_lead_without_an_agreement_is_not_offered():
    lead = make_lead()
    Lead.objects.update(agreement=None)

    with pytest.raises(NoVersionInForce, match="No agreement governs this lead"):
        offer(lead)


def test_a_kind_that_the_version_does_not_know_is_refused():
    lead = make_lead()
    with pytest.raises(NoSuchHandoff):
        offer(lead, kind="to_nobody")


def test_a_closed_lead_is_not_offered():
    lead = make_lead(closed_at=MONDAY_NINE, closed_as="lost")

    with pytest.raises(LeadIsClosed):
        offer(lead)


def test_an_imported_lead_that_is_not_live_is_not_offered():
    lead = make_lead(held=True)
    with pytest.raises(LeadIsHeld):
        offer(lead)


@pytest.mark.parametrize("status", ["customer", "open_deal", "competitor", "own"])
def test_who_is_known_already_is_not_handed_to_sales(status):
    lead = make_lead(company=make_company(status=status))
    with pytest.raises(LeadIsHeld):
        offer(lead)


def test_one_handoff_of_a_kind_is_open_at_a_time():
    handoff = make_handoff()
    with pytest.raises(HandoffIsOpen):
        offer(handoff.lead, by=handoff.giver)


def test_a_lead_that_is_in_the_next_stage_is_not_offered_into_it():
    lead = make_lead(stage="talking")
    with pytest.raises(AlreadyThere):
        offer(lead)


def test_an_offer_by_hand_names_what_the_package_lacks():
    lead = make_lead(source="", company=make_company(country=""))

    with pytest.raises(PackageIncomplete) as refused:
        offer(lead, by=giver_of(lead))

    assert refused.value.missing == ("lead.source", "company.country")
    assert "the source" in str(refused.value)
    assert not lead.handoffs.exists()


def test_an_automatic_offer_lists_the_gaps_and_marketing_owes_to_fill_them():
    make_user()
    lead = make_lead(source="", company=make_company(country=""))

    handoff = offer(lead)

    assert handoff.gaps == ["lead.source", "company.country"]
    assert handoff.automatic
    owed = handoff.clocks.get(kind="complete_package")
    assert (owed.department_id, owed.owner) == ("marketing", giver_of(lead))


def test_an_offer_with_unmet_criteria_names_them():
    lead, seller = ready_for_outside()
    lead.attestations.filter(fact="budget_confirmed").update(withdrawn_at=MONDAY_NINE)

    with pytest.raises(CriteriaUnmet) as refused:
        offer(lead, by=seller, kind=OUTSIDE)

    assert refused.value.unmet == ("budget_confirmed",)


def test_the_receiving_department_may_waive_unmet_criteria_with_a_reason():
    terms = make_terms()
    terms["handoffs"][0]["package"] = []
    make_version(terms=terms)
    lead, seller = make_lead(email="", email_key=""), make_user()
    with pytest.raises(CriteriaUnmet):
        offer(lead, by=giver_of(lead))

    handoff = offer(lead, by=seller, waiver_reason="We met them at the fair.")

    assert (handoff.waived_by, handoff.receiver) == (seller, seller)
    assert handoff.evidence[0]["met"] is False


def test_a_waiver_does_not_fill_the_package():
    lead, seller = make_lead(email="", email_key=""), make_user()
    with pytest.raises(PackageIncomplete):
        offer(lead, by=seller, waiver_reason="We met them at the fair.")


def test_the_giver_cannot_waive_for_the_receiver():
    lead = make_lead(email="", email_key="")
    with pytest.raises(NotYours, match="Sales"):
        offer(lead, by=giver_of(lead), waiver_reason="Trust me.")


def test_inside_one_department_its_manager_waives_and_the_entry_keeps_it():
    lead, seller = ready_for_outside()
    lead.attestations.all().delete()
    taker = make_user(team="outside-sales")
    manager = make_team("inside-sales").manager
    with pytest.raises(NotYours):
        offer(lead, by=seller, kind=OUTSIDE, waiver_reason="They will buy.")

    handoff = offer(lead, by=manager, kind=OUTSIDE, waiver_reason="They will buy.")
    handoffs.accept(handoff_id=handoff.pk, by=taker, at=MONDAY_NINE + timedelta(hours=1))

    entry = lead.stage_entries.get(stage="deciding")
    assert (entry.waived_by, entry.waiver_reason) == (manager, "They will buy.")


def test_only_who_has_the_giving_seat_or_stands_in_offers():
    lead, colleague = make_lead(), make_user(team="demand-generation")
    for stranger in (colleague, make_user(), make_user(team=None, role="operations")):
        with pytest.raises(NotYours):
            offer(lead, by=stranger)


def test_a_deputy_offers_while_the_giver_is_away_and_not_after():
    lead, deputy = make_lead(), make_user(team="demand-generation")
    make_user()
    Absence.objects.create(
        user=giver_of(lead), deputy=deputy, starts_at=MONDAY_NINE - timedelta(days=1),
        ends_at=MONDAY_NINE + timedelta(days=1),
    )  # fmt: skip

    with pytest.raises(NotYours):
        offer(lead, by=deputy, at=MONDAY_NINE + timedelta(days=1))
    assert offer(lead, by=deputy).giver == giver_of(lead)


def test_a_team_without_anybody_free_gives_it_to_its_steward_who_is_told():
    steward = make_team("inside-sales").steward
    lead = make_lead()

    handoff = offer(lead)

    assert handoff.receiver == steward
    assert Delivery.objects.filter(recipient=steward).exists()


def test_inside_sales_hands_on_and_keeps_the_seat_until_outside_accepts():
    lead, seller = ready_for_outside()
    taker = make_user(team="outside-sales")

    handoff = offer(lead, by=seller, kind=OUTSIDE)

    assert handoff.receiver == taker
    assert seat(lead, "sales").member == seller


def test_the_offer_is_in_the_ledger_and_the_receiver_is_told():
    handoff = make_handoff()

    kinds = [entry.kind for entry in ledger.entries_about(("handoff", handoff.pk))]
    assert kinds == ["handoff_offer"]
    told = Delivery.objects.get(recipient=handoff.receiver, about__contains="offered")
    assert str(handoff.lead) in told.title


def test_a_running_handoff_stays_under_its_version_in_all_rounds():
    handoff = make_handoff()
    later = MONDAY_NINE + timedelta(minutes=10)
    returns.give_back(handoff_id=handoff.pk, by=handoff.receiver, at=later, reason="no_need")
    make_version(agreement=handoff.lead.agreement, at=later + timedelta(minutes=1))

    again = returns.answer_fixed(
        handoff_id=handoff.pk, by=handoff.giver, at=later + timedelta(minutes=2)
    )

    assert again.version == handoff.version
    assert {clock.version for clock in again.clocks.all()} == {handoff.version}


def test_an_offer_expires_when_the_terms_say_so_and_the_breach_stays():
    handoff = make_handoff()
    timer = handoff.timers.get(kind=Timer.Kind.HANDOFF_EXPIRES)

    sweep.raise_due(at=timer.at)

    handoff.refresh_from_db()
    assert handoff.state == State.EXPIRED
    assert handoff.ended_at == timer.at
    assert {clock.outcome for clock in handoff.clocks.all()} == {"late"}
