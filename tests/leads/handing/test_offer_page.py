"""An offer by hand: what is missing is named and linked while one writes, and who may waive."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.models import Handoff, Lead
from tests.factories import MONDAY_NINE, make_lead, make_team, make_user
from tests.leads.test_offer import ready_for_outside

LATER = MONDAY_NINE + timedelta(minutes=10)
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]


@pytest.fixture
def gap(client):
    """A lead for outside sales that lacks phone and job title, and its seller signed in."""
    lead, seller = ready_for_outside()
    Lead.objects.filter(pk=lead.pk).update(phone="", job_title="")
    client.force_login(seller)
    return lead


def url(lead, kind="to_outside_sales"):
    return f"{reverse('leads:handoff-offer', args=[lead.pk])}?kind={kind}"


def test_what_the_package_lacks_is_named_and_linked_to_its_field(client, gap):
    page = client.get(url(gap)).text

    assert "parts of the package are missing" in page
    assert '<a href="#id_lead.phone">the phone number</a>' in page
    assert 'id="id_lead.phone"' in page


def test_what_the_package_lacks_is_not_asked_for_as_if_one_liked(client, gap):
    page = client.get(url(gap)).text
    label = page[page.index('for="id_lead.phone"') : page.index('id="id_lead.phone"')]

    assert "the package needs it" in label
    assert "if you like" not in label


def test_what_is_typed_counts_at_once_and_is_not_saved(client, gap):
    typed = {"kind": "to_outside_sales", "lead.phone": "+49 30 1", "do": "look"}

    answer = client.post(url(gap), typed, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "part of the package is missing" in answer.text
    gap.refresh_from_db()
    assert gap.phone == ""


def test_without_script_the_page_checks_again_and_keeps_what_was_typed(client, gap):
    typed = {"kind": "to_outside_sales", "lead.phone": "+49 30 1", "do": "look"}

    page = client.post(url(gap), typed).text

    assert "<html" in page
    assert 'value="+49 30 1"' in page


def test_sending_it_off_fills_the_blanks_and_offers_in_one(client, gap):
    typed = {"kind": "to_outside_sales", "lead.phone": "+49 30 1", "lead.job_title": "Buyer"}

    answer = client.post(url(gap), typed)

    assert answer.status_code == 302
    gap.refresh_from_db()
    assert (gap.phone, gap.job_title) == ("+49 30 1", "Buyer")
    assert Handoff.objects.get(lead=gap, kind="to_outside_sales").state == "offered"


def test_an_incomplete_offer_is_refused_names_the_parts_and_keeps_nothing(client, gap):
    answer = client.post(url(gap), {"kind": "to_outside_sales", "lead.phone": "+49 30 1"})

    assert answer.status_code == 409
    assert "The package lacks the job title." in answer.text
    gap.refresh_from_db()
    assert gap.phone == ""
    assert not Handoff.objects.filter(lead=gap, kind="to_outside_sales").exists()


@pytest.fixture
def unmet():
    """A lead for outside sales whose budget nobody vouches for, and its seller."""
    lead, seller = ready_for_outside()
    lead.attestations.filter(fact="budget_confirmed").update(withdrawn_at=MONDAY_NINE)
    return lead, seller


def test_criteria_stand_with_their_evidence_met_and_missing(client, unmet):
    lead, seller = unmet
    client.force_login(seller)

    page = client.get(url(lead)).text

    assert "Missing" in page
    assert f"Seen: yes, {seller}" in page
    assert "Vouch for it" in page
    assert "Only a manager may waive what is not met, with a reason." in page


def test_only_who_may_waive_sees_the_reasons_field_and_uses_it(client, unmet):
    lead, seller = unmet
    manager = make_team("outside-sales").manager
    client.force_login(seller)
    of_giver = client.get(url(lead)).text
    client.force_login(manager)
    of_manager = client.get(url(lead)).text

    answer = client.post(
        url(lead), {"kind": "to_outside_sales", "waiver_reason": "They pay from another budget"}
    )

    assert 'name="waiver_reason"' not in of_giver
    assert 'name="waiver_reason"' in of_manager
    assert answer.status_code == 302
    assert Handoff.objects.get(lead=lead, kind="to_outside_sales").waived_by == manager


def test_it_says_who_would_get_it_and_why(client, gap):
    make_user("Olive Outside", team="outside-sales")

    page = client.get(url(gap)).text
    link = reverse("leads:would-get", args=[gap.pk, "outside-sales"])
    piece = client.get(link, headers={"HX-Request": "true"}).text

    assert f'href="{link}"' in page
    assert "Olive Outside: turn" in piece
    assert "<html" not in piece


def test_without_a_version_in_force_the_page_says_so(client):
    lead = make_lead()
    lead.agreement.versions.update(effective_from=LATER + timedelta(days=1))
    client.force_login(lead.assignments.get(department="marketing").member)

    page = client.get(url(lead))

    assert page.status_code == 200
    assert "is in force" in page.text
