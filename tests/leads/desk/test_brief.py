"""One link for who is on the way: accept or return, ask for material, say if it was used."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions import contributions
from leads.models import Contribution, Handoff
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_handoff, make_user

LATER = MONDAY_NINE + timedelta(minutes=10)
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]


@pytest.fixture
def rep(client):
    person = make_user("Anna Keller", team="inside-sales")
    client.force_login(person)
    return person


@pytest.fixture
def handoff(rep):
    return make_handoff(name="Ines Moreau", receiver=rep, at=MONDAY_NINE)


@pytest.fixture
def say(client, handoff):
    def post(**said):
        return client.post(reverse("leads:brief", args=[handoff.pk]), said)

    return post


def test_it_says_what_is_due_and_offers_both_answers(client, handoff):
    page = client.get(reverse("leads:brief", args=[handoff.pk])).text

    assert "Accept and first attempt." in page
    assert 'value="accept"' in page
    assert "Return with a reason" in page


def test_it_is_accepted_with_one_press_and_can_be_taken_back(client, say, handoff):
    answer = say(do="accept")

    page = client.get(answer.url).text

    assert Handoff.objects.get().state == "accepted"
    assert reverse("leads:handoff-undo", args=[handoff.pk]) in page


def test_it_is_returned_with_a_reason(say, handoff):
    say(do="return", reason="no_need", note="")

    assert Handoff.objects.get().state == "returned"


def test_a_return_without_a_reason_says_so(say, handoff):
    answer = say(do="return")

    assert answer.status_code == 422
    assert "Choose the reason" in answer.text
    assert Handoff.objects.get().state == "offered"


def test_a_comparison_is_asked_for_and_said_to_be_used(client, say, handoff, rep):
    say(do="accept")
    say(do="ask", kind="comparison", subject="Vibrex")
    asked = Contribution.objects.get()
    contributions.deliver(contribution_id=asked.pk, by=asked.owner, at=LATER)

    page = client.get(reverse("leads:brief", args=[handoff.pk])).text
    say(do="used", contribution=asked.pk, used="yes")

    assert "Was it used?" in page
    assert Contribution.objects.get().used is True


def test_the_second_of_two_is_told_who_was_quicker(client, say, handoff, rep):
    say(do="accept")

    answer = say(do="accept")

    assert answer.status_code == 409
    assert "accepted this" in answer.text


@pytest.mark.parametrize(
    "said", [{"do": "steal"}, {"do": "used", "contribution": "99999", "used": "yes"}]
)
def test_what_there_is_not_is_not_there(say, said):
    assert say(**said).status_code == 404


def test_who_is_told_of_an_offer_comes_to_this_page(rep, handoff):
    told = Delivery.objects.filter(recipient=rep, about__endswith=":offered")

    assert {one.link for one in told} == {reverse("leads:brief", args=[handoff.pk])}


def test_a_row_of_the_desk_leads_to_it(client, rep, handoff):
    text = client.get(reverse("leads:desk")).text

    assert f'href="{reverse("leads:brief", args=[handoff.pk])}"' in text
