"""What a dialog asks for, and where it leads: the package, the outcome, the way back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.models import Clock, Lead
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_company,
    make_handoff,
    make_lead,
    make_operations,
)

LATER = MONDAY_NINE + timedelta(minutes=30)
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]
BADGE = "Package incomplete"


@pytest.fixture
def gap(client):
    """An offer without a source and a country, and its giver signed in."""
    handoff = make_handoff(at=MONDAY_NINE, source="", company=make_company(country=""))
    client.force_login(handoff.giver)
    return handoff


def package(handoff):
    return reverse("leads:handoff-package", args=[handoff.pk])


def test_the_dialog_names_what_the_package_lacks(client, gap):
    page = client.get(package(gap))

    assert "the source, the company’s country" in page.text
    assert 'name="lead.source"' in page.text


def test_filling_it_in_keeps_the_promise_and_leads_back_to_the_desk(client, gap):
    values = {"lead.source": "fair", "company.country": "Austria"}

    answer = client.post(package(gap) + "?from=desk", values)

    assert answer.url == reverse("leads:desk")
    assert gap.clocks.get(kind="complete_package").outcome == "met"
    assert "Nothing is missing." in client.get(package(gap)).text


def test_an_empty_package_is_refused(client, gap):
    answer = client.post(package(gap), {"lead.source": " "})

    assert answer.status_code == 422
    assert "Fill in at least one part." in answer.text


def test_the_desk_of_the_giver_and_the_lead_link_the_dialog(client, gap):
    desk = client.get(reverse("leads:desk"))
    lead = client.get(reverse("leads:lead", args=[gap.lead_id]))

    assert f'href="{package(gap)}?from=desk"' in desk.text
    assert "Missing: the source, the company’s country." in desk.text
    assert f'href="{package(gap)}"' in lead.text


def test_the_receivers_badge_follows_the_clock_of_the_package(client, gap):
    client.force_login(gap.receiver)
    before = client.get(reverse("leads:desk"))

    Clock.objects.filter(kind="complete_package").update(
        stopped_at=LATER, outcome="met", next_step_at=None
    )

    assert BADGE in before.text
    assert BADGE not in client.get(reverse("leads:desk")).text


def test_a_lead_is_lost_with_a_reason(client):
    handoff = make_accepted(at=MONDAY_NINE)
    client.force_login(handoff.receiver)
    url = reverse("leads:handoff-outcome", args=[handoff.pk])

    silent = client.post(url, {"outcome": "lost"})
    client.post(url, {"outcome": "lost", "note": "They chose Vibrex"})

    assert silent.status_code == 422
    lead = Lead.objects.get(pk=handoff.lead_id)
    assert (lead.closed_as, lead.closed_reason) == ("lost", "They chose Vibrex")


def test_a_lead_that_became_part_of_another_leads_to_that(client):
    kept = make_lead("Ines Moreau", at=MONDAY_NINE)
    once = make_lead("I. Moreau", at=MONDAY_NINE, merged_into=kept)
    twice = make_lead("Moreau", at=MONDAY_NINE, merged_into=once)
    client.force_login(make_operations())

    answer = client.get(reverse("leads:lead", args=[twice.pk]))

    assert answer.url == reverse("leads:lead", args=[kept.pk])


def test_what_happened_to_a_merged_lead_stands_with_the_one_that_is_kept(client):
    handoff = make_handoff(at=MONDAY_NINE)
    kept = make_lead("Ines Moreau", at=MONDAY_NINE)
    Lead.objects.filter(pk=handoff.lead_id).update(merged_into=kept)
    client.force_login(handoff.receiver)

    page = client.get(reverse("leads:lead", args=[kept.pk]))

    assert "offered it, round 1" in page.text
    assert reverse("leads:clock", args=[handoff.clocks.first().pk]) in page.text


def test_who_only_reads_is_offered_no_move(client):
    handoff = make_handoff(at=MONDAY_NINE)
    client.force_login(handoff.receiver)
    url = reverse("leads:lead", args=[handoff.lead_id])
    accept = reverse("leads:handoff-accept", args=[handoff.pk])

    assert accept in client.get(url).text
    client.force_login(make_operations())
    assert accept not in client.get(url).text
