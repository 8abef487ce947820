"""The same person told of by many at the same moment: one lead, one answer."""

from datetime import timedelta
from functools import partial

import pytest

from leads.actions.intake import Arrival, receive
from leads.actions.privacy import erasing
from leads.models import Company, Consent, Lead, LeadSource, Touch
from portal.ledger import verify
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_agreement, make_operations, make_team, make_user
from tests.leads.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 16
ANA = Arrival(
    name="Ana Lima", email="ana@acme.example", company_name="Acme", source="website",
    touch="demo_request", segment="demo_request", consent=True,
)  # fmt: skip


@pytest.fixture(autouse=True)
def company():
    make_agreement()
    for team in ("demand-generation", "inside-sales", "outside-sales"):
        make_team(team)
    make_user("Mia", team="demand-generation")
    make_user("Sam", team="inside-sales")


def post(arrivals):
    acts = [partial(receive, arrival=one, at=MONDAY_NINE) for one in arrivals]
    answers, refused = at_once(acts)
    assert refused == []
    return answers


def one_lead(answers):
    assert {one.lead.pk for one in answers} == {Lead.objects.get().pk}
    lead = Lead.objects.get()
    assert lead.assignments.filter(until=None).count() == 2
    assert verify.verify(LedgerEntry.objects.links()).is_sound
    assert LedgerEntry.objects.filter(kind="lead_arrived").count() == 1
    return lead


@pytest.mark.parametrize("name", [{}, {"system": "crm", "external_id": "7"}])
def test_sixteen_identical_posts_are_one_lead_and_one_touch(name):
    arrival = ANA._replace(**name)

    answers = post([arrival] * MANY)

    lead = one_lead(answers)
    assert sorted({one.outcome for one in answers}) == ["duplicate", "new"]
    assert [one.outcome for one in answers].count("new") == 1
    assert Touch.objects.filter(lead=lead).count() == 1
    assert Consent.objects.count() == 1
    assert Company.objects.count() == 1


def test_sixteen_systems_tell_of_one_person_and_all_their_names_are_kept():
    arrivals = [
        Arrival(name="Ana Lima", email="ana@acme.example", source=f"system {n}",
                external_id=str(n))
        for n in range(MANY)
    ]  # fmt: skip

    lead = one_lead(post(arrivals))

    assert LeadSource.objects.filter(lead=lead).count() == MANY


def test_colleagues_who_come_at_once_share_their_company():
    arrivals = [
        Arrival(name=f"Person {n}", email=f"p{n}@acme.example", source="fair")
        for n in range(MANY)
    ]

    answers = post(arrivals)

    assert len({one.lead.pk for one in answers}) == MANY
    assert Company.objects.count() == 1


def test_an_erasure_and_an_arrival_at_once_leave_nobody_half_erased(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    lead = receive(arrival=ANA, at=MONDAY_NINE - timedelta(hours=1)).lead
    erase = partial(
        erasing.erase, lead_id=lead.pk, by=make_operations(), at=MONDAY_NINE, reason="asked"
    )

    at_once([erase, *[partial(receive, arrival=ANA, at=MONDAY_NINE)] * 3])

    lead.refresh_from_db()
    assert lead.is_erased
    assert (lead.name, lead.email, lead.phone) == ("[erased]", "", "")
    assert Lead.objects.filter(email_key="ana@acme.example").count() <= 1
    assert verify.verify(LedgerEntry.objects.links()).is_sound
