"""Who arrives is known again, or suspected, or somebody new; and each value says who set it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.imports.running import import_file
from leads.actions.intake import Arrival, known, receive
from leads.actions.privacy import consents
from leads.models import Consent, Lead, LeadSource, Touch
from tests.factories import MONDAY_NINE, make_agreement, make_lead, make_team, make_user

pytestmark = pytest.mark.django_db
LATER = MONDAY_NINE + timedelta(hours=1)
ANA = Arrival(name="Ana Lima", email="ana.lima@gmail.com", source="website", touch="form")


@pytest.fixture(autouse=True)
def company():
    make_agreement()
    for team in ("demand-generation", "inside-sales", "outside-sales"):
        make_team(team)
    make_user("Mia", team="demand-generation")


def arrive(at=MONDAY_NINE, arrival=ANA, **changes):
    return receive(arrival=arrival._replace(**changes), at=at)


def test_another_way_of_writing_the_mailbox_is_the_same_person():
    lead = arrive().lead

    again = arrive(LATER, email="AnaLima+webinar@googlemail.com")

    assert again.lead == lead
    assert Lead.objects.count() == 1


def test_the_id_of_a_system_comes_before_the_address():
    first = arrive(system="crm", external_id="7").lead
    arrive(email="other@acme.example")

    again = arrive(LATER, system="crm", external_id="7", email="other@acme.example")

    assert again.lead == first
    assert again.lead.email_key == "analima@gmail.com"


def test_all_names_that_systems_have_for_a_person_are_kept():
    arrive(system="crm", external_id="7")
    lead = arrive(LATER, system="forms", external_id="f-9").lead

    names = LeadSource.objects.filter(lead=lead).values_list("source", "external_id")
    assert set(names) == {("crm", "7"), ("forms", "f-9")}


def test_the_same_number_elsewhere_raises_suspicion_and_merges_nothing():
    lead = arrive(phone="+49 30 901820-15").lead
    other = arrive(
        email="ana@acme.example", phone="030 90182015", country="Germany", name="A. L."
    ).lead

    assert other != lead
    assert known.suspected(lead) == [other]
    assert known.suspected(other) == [lead]


def test_colleagues_share_a_switchboard():
    lead = arrive(email="ana@acme.example", phone="+49 30 90182015").lead
    arrive(email="ben@acme.example", phone="+49 30 90182015", name="Ben Roth")

    assert known.suspected(lead) == []


def test_a_number_that_anybody_has_says_nothing():
    lead = arrive(phone="+49 30 90182015").lead
    for n in range(known.MOST_SHARED):
        arrive(email=f"p{n}@mail{n}.example", phone="+49 30 90182015", name=f"Person {n}")

    assert known.suspected(lead) == []


def test_free_mail_makes_no_company_and_no_suspicion():
    lead = arrive(company_domain="gmail.com").lead
    other = arrive(email="ana.b@gmail.com").lead

    assert lead.company is None
    assert known.suspected(other) == []


def test_a_number_that_is_corrected_is_compared_anew():
    lead = arrive(system="crm", external_id="7", phone="+49 30 90182015").lead

    arrive(LATER, system="crm", external_id="7", phone="+49 30 90182016")

    lead.refresh_from_db()
    assert lead.phone_key == "+493090182016"


def test_the_very_same_post_again_is_no_second_hand():
    arrive()

    again = arrive(MONDAY_NINE + timedelta(seconds=3))
    raised = arrive(MONDAY_NINE + timedelta(minutes=3))

    assert (again.outcome, raised.outcome) == ("duplicate", "updated")
    assert Touch.objects.filter(kind="form").count() == 2


def test_what_a_source_dates_is_one_touch_however_late_it_is_sent_again():
    arrive(occurred_at=MONDAY_NINE)

    again = arrive(LATER, occurred_at=MONDAY_NINE)

    assert again.outcome == "duplicate"
    assert Touch.objects.filter(kind="form").count() == 1


@pytest.mark.parametrize(
    ("arrival", "fact"),
    [
        pytest.param({"phone": "+49 30 90182015"}, "lead.phone", id="a blank is filled"),
        pytest.param({"score": 80}, "lead.score", id="the score follows"),
        pytest.param({"attributes": {"plan": "pro"}}, "attributes.plan", id="an attribute"),
        pytest.param({"consent": True}, "lead.consent", id="consent"),
    ],
)
def test_what_another_door_adds_says_who_set_it_and_when(arrival, fact):
    lead = arrive().lead

    arrive(LATER, set_by="dialler", **arrival)

    lead.refresh_from_db()
    assert lead.provenance[fact] == {"by": "dialler", "at": LATER.isoformat()}


# --- consent


def test_consent_is_kept_with_its_purpose_source_and_instant():
    lead = arrive(consent=True, consent_source="fair card", consent_at=MONDAY_NINE).lead

    said = lead.consents.get()
    assert (said.purpose, said.given, said.source) == ("contact", True, "fair card")
    assert (said.said_at, said.recorded_at) == (MONDAY_NINE, MONDAY_NINE)
    assert lead.consent is True


def test_consent_to_something_else_is_not_consent_to_be_contacted():
    lead = arrive(consent=True, consent_purpose="newsletter").lead

    assert lead.consent is None
    assert lead.consents.get().purpose == "newsletter"


def test_a_no_counts_through_every_door():
    lead = arrive(consent=True).lead

    arrive(LATER, consent=False, source="unsubscribe", touch="")

    lead.refresh_from_db()
    assert lead.consent is False
    assert list(lead.consents.values_list("given", flat=True)) == [False, True]


@pytest.mark.parametrize(
    ("changes", "agrees"),
    [
        pytest.param({"touch": ""}, False, id="what a system still believes"),
        pytest.param({"consent_at": MONDAY_NINE, "touch": ""}, False, id="said before"),
        pytest.param({"consent_at": LATER, "touch": ""}, True, id="said later"),
        pytest.param({"touch": "form"}, True, id="in a form of their own"),
        pytest.param({"imported": True}, False, id="an old file"),
    ],
)
def test_a_yes_after_a_no_counts_only_if_it_was_given_later(changes, agrees):
    lead = arrive(system="crm", external_id="7").lead
    consents.state(
        lead_id=lead.pk, given=False, by=make_user(), at=MONDAY_NINE + timedelta(minutes=30)
    )

    arrive(LATER, system="crm", external_id="7", consent=True, **changes)

    lead.refresh_from_db()
    assert lead.consent is agrees


def test_the_same_consent_sent_again_is_one_row():
    arrive(system="crm", external_id="7", consent=True)
    arrive(LATER, system="crm", external_id="7", consent=True)

    assert Consent.objects.count() == 1


def test_a_withdrawal_stops_what_the_agreement_makes_depend_on_consent():
    lead = make_lead(consent=True)
    who = make_user()

    consents.state(lead_id=lead.pk, given=False, by=who, at=LATER, source="a call")

    lead.refresh_from_db()
    assert lead.consent is False
    assert lead.provenance["lead.consent"] == {"by": "a call", "at": LATER.isoformat()}


def test_the_form_keeps_where_consent_was_given(client):
    client.force_login(make_user("Ada"))

    typed = {"name": "Ana", "email": "ana@acme.example", "consent": "on",
             "consent_source": "a card at the fair"}  # fmt: skip
    answer = client.post(reverse("leads:lead-new"), typed)

    lead = Lead.objects.get(email="ana@acme.example")
    assert answer.url == reverse("leads:lead", args=[lead.pk])
    said = lead.consents.get()
    assert (said.given, said.source, said.by.name) == (True, "a card at the fair", "Ada")
    assert lead.provenance["lead.consent"]["by"] == "Ada"


def test_a_column_of_a_file_brings_consent_with_its_source_and_day(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text("Name,Ok,Where,When\nAna,yes,Webinar,2026-01-05\nBen,,,\n")
    mapping = {
        "source": "crm",
        "columns": {"Name": "name", "Ok": "consent", "Where": "consent_source",
                    "When": "consent_at"},
    }  # fmt: skip

    import_file(path=path, mapping=mapping, at=MONDAY_NINE, by=None, refuse=lambda one: None)

    said = Consent.objects.get()
    assert (said.lead.name, said.given, said.source) == ("Ana", True, "Webinar")
    assert said.said_at.date().isoformat() == "2026-01-05"
    assert said.recorded_at == MONDAY_NINE
