"""A lead arrives: who it is, whose it is from its first second, and who is not handed over."""

from datetime import timedelta

import pytest

from leads.actions.handing import endings, handoffs
from leads.actions.intake import Arrival, cleaned, known, receive
from leads.errors import NobodyNamed, NoTeam
from leads.models import Company, Lead, LeadSource
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from sla.models import Agreement
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_agreement,
    make_company,
    make_team,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db

LATER = MONDAY_NINE + timedelta(hours=1)
ANA = Arrival(
    name="Ana Lima",
    email="ana@acme.example",
    company_name="Acme",
    source="website",
    job_title="Buyer",
    touch="form",
)


@pytest.fixture(autouse=True)
def company():
    make_agreement()
    for team in ("demand-generation", "inside-sales", "outside-sales"):
        make_team(team)
    make_user("Mia", team="demand-generation")


def arrive(arrival=ANA, at=MONDAY_NINE, **changes):
    return receive(arrival=arrival._replace(**changes), at=at)


def test_a_new_lead_has_both_seats_a_stage_and_an_agreement_from_its_first_second():
    received = arrive()

    lead = received.lead
    assert received.outcome == "new"
    seats = {seat.department_id: seat for seat in lead.assignments.filter(until=None)}
    assert seats["marketing"].member.name == "Mia"
    assert seats["marketing"].why == ["by turns", "Mia: turn 1 of 1"]
    assert seats["sales"].member is None
    assert seats["sales"].team.key == "inside-sales"
    assert {seat.since for seat in seats.values()} == {MONDAY_NINE}
    assert lead.agreement.is_default
    entries = lead.stage_entries.values_list("stage", "entered_at")
    assert list(entries) == [("noticed", MONDAY_NINE), ("exploring", MONDAY_NINE)]


def test_the_ledger_tells_of_the_arrival_without_saying_who():
    lead = arrive().lead

    entries = LedgerEntry.objects.of_lead(lead.pk)
    kinds = list(entries.values_list("kind", flat=True))
    assert kinds[:4] == ["lead_arrived", "agreement_chosen", "seat_assigned", "seat_assigned"]
    assert "Ana" not in "".join(entries.values_list("body", flat=True))


def test_each_field_says_who_set_it_and_when():
    lead = arrive(set_by="form 7", attributes={"plan": "pro"}).lead

    origin = {"by": "form 7", "at": MONDAY_NINE.isoformat()}
    assert lead.provenance["lead.job_title"] == origin
    assert lead.provenance["attributes.plan"] == origin
    assert lead.company.provenance["company.name"] == origin
    assert "lead.phone" not in lead.provenance


def test_text_is_cleaned_at_the_door():
    lead = arrive(name="Ana\x00 \ud800Lima\u202e ", attributes={"Plan B!": " pro\x07 "}).lead

    assert lead.name == "Ana Lima"
    assert lead.attributes == {"plan_b": "pro"}


def test_cleaning_a_clean_arrival_changes_nothing():
    dirty = ANA._replace(
        email=" Ana@ACME.example", attributes={"Größe": "x", "big": 2**60}, score=2**40
    )
    clean = cleaned(dirty)

    assert cleaned(clean) == clean
    assert clean.attributes["big"] == str(2**60)
    assert clean.score is None


def test_an_arrival_that_names_nobody_is_refused():
    with pytest.raises(NobodyNamed):
        arrive(Arrival(source="website"))

    assert not Lead.objects.exists()


def test_without_a_team_nobody_can_own_a_lead():
    make_team("demand-generation").members.update(team=None)
    make_team("demand-generation").delete()

    with pytest.raises(NoTeam):
        arrive()

    assert not Lead.objects.exists()


# --- who it is


def test_the_same_id_of_the_same_system_is_one_lead():
    first = arrive(external_id="00Q5g00000ABcDe", source="salesforce")
    again = arrive(external_id="00Q5g00000ABcDeEAL", source="salesforce", touch="", at=LATER)

    assert again.lead == first.lead
    assert again.outcome == "duplicate"
    assert LeadSource.objects.count() == 1


def test_what_the_same_record_says_now_counts_and_is_recorded():
    first = arrive(external_id="7", source="crm").lead
    again = arrive(external_id="7", source="crm", job_title="Head of buying", at=LATER)

    assert again.outcome == "updated"
    assert again.lead.job_title == "Head of buying"
    assert again.lead.provenance["lead.job_title"]["at"] == LATER.isoformat()
    assert LedgerEntry.objects.of_lead(first.pk).filter(kind="lead_updated").exists()


def test_the_same_address_is_the_same_person_while_the_lead_is_open():
    first = arrive()
    again = arrive(email="ANA@acme.example", source="webinar", job_title="CEO", at=LATER)

    assert again.lead == first.lead
    assert again.outcome == "updated"
    assert again.lead.job_title == "Buyer"
    assert again.lead.touches.count() == 2


def test_under_another_agreement_the_same_person_is_another_lead():
    scope = {"key": "event", "field": "lead.segment", "op": "is", "value": "event"}
    events = Agreement.objects.create(key="events", name="Events", scope=scope)
    make_version(agreement=events)

    first, other = arrive(), arrive(segment="event", at=LATER)

    assert other.outcome == "new"
    assert (first.lead.agreement.key, other.lead.agreement.key) == ("inbound", "events")


def test_after_closing_a_new_lead_is_linked_to_the_old_one():
    old = arrive().lead
    Lead.objects.filter(pk=old.pk).update(closed_at=LATER, closed_as="lost")

    again = arrive(at=LATER + timedelta(days=1))

    assert again.outcome == "new"
    assert again.lead.previous == old


def test_a_merged_lead_leads_to_the_one_that_it_became_part_of():
    old = arrive(external_id="7", source="crm").lead
    kept = arrive(email="ana.lima@acme.example").lead
    Lead.objects.filter(pk=old.pk).update(merged_into=kept)

    assert arrive(external_id="7", source="crm", at=LATER).lead == kept


def test_nothing_merges_on_a_guess_but_twins_are_suspected():
    first, other = arrive().lead, arrive(email="a.lima@acme.example").lead

    assert first != other
    assert known.suspected(other) == [first]


def test_free_mail_makes_nobody_colleagues():
    first = arrive(email="ana@gmail.com", company_name="").lead
    other = arrive(email="ana@hotmail.com", company_name="").lead

    assert first.company is None
    assert known.suspected(other) == []


def test_a_known_domain_is_one_company_which_learns_what_it_did_not_know():
    acme = make_company("Acme Inc", domain="acme.example", country="", industry="Steel")

    lead = arrive(company_country="BR", company_industry="Toys").lead

    assert lead.company == acme
    acme.refresh_from_db()
    assert (acme.country, acme.industry) == ("BR", "Steel")
    assert lead.company.provenance["company.country"]["by"] == "website"


def test_companies_of_one_name_are_one_unless_their_domains_differ():
    plain = Company.objects.create(name="Acme")
    other = Arrival(name="Bo", phone="1", company_name="ACME")
    by_domain = Arrival(email="bo@acme.test", company_name="Acme")

    assert arrive(other).lead.company == plain
    assert arrive(by_domain).lead.company != plain


# --- who is not handed over


@pytest.mark.parametrize(
    ("status", "reason"),
    [("competitor", "competitor"), ("own", "own staff"), ("customer", "customer")],
)
def test_whose_company_is_no_prospect_is_closed_at_intake(status, reason):
    make_company("Acme", domain="acme.example", status=status)

    received = arrive()

    assert received.outcome == "closed_at_intake"
    assert (received.lead.closed_as, received.lead.closed_reason) == ("at_intake", reason)
    assert not received.lead.assignments.exists()
    assert not received.lead.handoffs.exists()


def test_a_student_is_closed_at_intake():
    assert arrive(job_title="Student").outcome == "closed_at_intake"


def test_the_owner_of_a_customer_is_told():
    owner = make_user("Otto", team="outside-sales")
    make_company("Acme", domain="acme.example", status="customer", owner=owner)

    arrive()

    told = Delivery.objects.in_app().get()
    assert told.recipient == owner
    assert told.title == "Ana Lima of Acme got in touch"


def test_an_open_deal_gets_a_touch_and_its_owner_is_told():
    deal = make_accepted(at=MONDAY_NINE).lead
    Company.objects.filter(pk=deal.company_id).update(status="open_deal")
    Delivery.objects.all().delete()

    received = arrive(email=f"new@{deal.company.domain}", company_name="", at=LATER)

    assert received.outcome == "closed_at_intake"
    touch = deal.touches.get()
    assert touch.subject == "Ana Lima of the same company got in touch"
    assert Delivery.objects.in_app().get().recipient == deal.company.owner


def test_a_hand_raised_again_is_a_touch_on_the_open_handoff():
    handoff = make_accepted(at=MONDAY_NINE)
    Delivery.objects.all().delete()

    received = arrive(email=handoff.lead.email, company_name="", at=LATER)

    assert received.outcome == "touch"
    assert received.lead == handoff.lead
    assert handoff.touches.get().kind == "form"
    assert Delivery.objects.in_app().get().recipient == handoff.receiver


def test_what_is_imported_tells_nobody_and_waits():
    owner = make_user("Otto", team="outside-sales")
    make_company("Acme", domain="acme.example", status="customer", owner=owner)

    received = arrive(imported=True, touch="")

    assert received.outcome == "new"
    assert received.lead.held
    assert not Delivery.objects.exists()


# --- what follows


def hot(**changes):
    """An arrival that meets the criteria up to the automatic handoff."""
    return arrive(
        **{"company_country": "BR", "company_employees": 50, "touch": "demo_request"} | changes
    )


def test_a_lead_that_meets_the_criteria_is_offered_at_once():
    seller = make_user("Sam", team="inside-sales")

    lead = hot().lead

    handoff = lead.handoffs.get()
    assert (handoff.state, handoff.receiver, handoff.automatic) == ("offered", seller, True)
    assert handoff.offered_at == MONDAY_NINE
    assert lead.stage == "comparing"


def test_the_missing_fact_that_arrives_later_sets_the_offer_off():
    make_user("Sam", team="inside-sales")
    lead = hot(company_employees=None).lead
    assert not lead.handoffs.exists()

    hot(at=LATER)

    assert lead.handoffs.get().offered_at == LATER


def test_after_nurture_only_a_hand_raised_again_is_a_new_handoff():
    make_user("Sam", team="inside-sales")
    lead = hot(external_id="7", source="crm").lead
    handoff = lead.handoffs.get()
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=MONDAY_NINE)
    endings.recycle(
        handoff_id=handoff.pk, by=handoff.receiver, at=LATER, on=LATER + timedelta(days=60),
        note="next year",
    )  # fmt: skip

    hot(external_id="7", source="crm", score=99, touch="", at=LATER + timedelta(days=1))
    assert lead.handoffs.count() == 1

    hot(at=LATER + timedelta(days=2))
    assert lead.handoffs.count() == 2
