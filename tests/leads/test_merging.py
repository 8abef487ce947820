"""Two leads that are one person: both histories stay, and they count once."""

from datetime import timedelta

import pytest

from leads.actions.intake import Arrival, receive
from leads.actions.journeys import merging
from leads.errors import HandoffIsOpen, LeadIsClosed, NotYours
from leads.models import Lead
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_handoff, make_lead, make_operations, make_user

pytestmark = pytest.mark.django_db
LATER = MONDAY_NINE + timedelta(hours=1)


def merge(gone, kept, by=None):
    by = by or make_operations()
    return merging.merge(lead_id=gone.pk, into_id=kept.pk, by=by, at=LATER)


def test_the_remaining_lead_learns_what_it_did_not_know():
    gone = make_lead(phone="+49 30 1", score=50, attributes={"plan": "pro"})
    gone.provenance["lead.phone"] = {"by": "crm", "at": MONDAY_NINE.isoformat()}
    gone.save()
    kept = make_lead(score=10)

    merge(gone, kept)

    kept.refresh_from_db()
    assert (kept.phone, kept.score, kept.attributes) == ("+49 30 1", 10, {"plan": "pro"})
    assert kept.provenance["lead.phone"]["by"] == "crm"
    entry = LedgerEntry.objects.of_lead(gone.pk).get(kind="lead_merged")
    assert entry.clear == {"into": kept.pk, "learned": ["attributes.plan", "lead.phone"]}


@pytest.mark.parametrize(
    ("kept", "gone", "remains"),
    [(True, False, False), (False, True, False), (None, False, False), (None, True, True)],
)
def test_who_wants_no_contact_in_one_of_two_leads_wants_none_in_the_one(kept, gone, remains):
    one, other = make_lead(consent=gone), make_lead(consent=kept)

    merge(one, other)

    other.refresh_from_db()
    assert other.consent is remains


def test_the_merged_lead_is_open_no_more_and_keeps_its_history():
    gone, kept = make_lead(), make_lead()

    merge(gone, kept)

    gone.refresh_from_db()
    assert gone.merged_into == kept
    assert list(Lead.objects.open()) == [kept]
    assert {seat.until for seat in gone.assignments.all()} == {LATER}
    assert gone.stage_entries.exists()


def test_who_arrives_as_the_merged_lead_is_the_remaining_one():
    kept, ana = make_lead(), Arrival(name="Ana", source="crm", external_id="7")
    merge(receive(arrival=ana, at=MONDAY_NINE).lead, kept)

    again = receive(arrival=ana, at=LATER)

    assert again.lead == kept


def test_what_is_under_way_does_not_vanish():
    with pytest.raises(HandoffIsOpen):
        merge(make_handoff().lead, make_lead())


def test_a_closed_or_merged_lead_or_the_same_one_is_not_merged():
    kept, closed = make_lead(), make_lead(closed_at=MONDAY_NINE, closed_as="lost")

    with pytest.raises(LeadIsClosed):
        merge(closed, kept)
    with pytest.raises(LeadIsClosed):
        merge(kept, kept)


def test_operations_merge_or_who_acts_for_both():
    mia = make_user("Mia", team="demand-generation")
    gone, kept = make_lead(marketer=mia), make_lead()

    with pytest.raises(NotYours):
        merge(gone, kept, by=mia)
    merge(gone, make_lead(marketer=mia), by=mia)
