"""The desk of who manages a team: load, absences, what nobody owns."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.models import Clock
from portal.accounts.models import Absence, Department
from tests.factories import (
    MONDAY_NINE,
    make_agreement,
    make_handoff,
    make_lead,
    make_operations,
    make_signatory,
    make_team,
    make_user,
)

LATER = MONDAY_NINE + timedelta(hours=2)
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]


@pytest.fixture
def rep():
    return make_user("Anna Keller", team="inside-sales")


@pytest.fixture
def page(client):
    def read(person, query=""):
        client.force_login(person)
        return client.get(reverse("leads:desk-team") + query)

    return read


def offered(rep, name):
    lead = make_lead(name=name, at=MONDAY_NINE)
    return make_handoff(lead=lead, receiver=rep, at=MONDAY_NINE)


def manager():
    return make_team("inside-sales").manager


def test_who_has_more_than_they_can_take_is_said_in_words(page, rep):
    offered(rep, "Ines Moreau")
    offered(rep, "Marek Hulk")
    rep.capacity = 1
    rep.save()

    said = page(manager()).text

    assert "too much" in said
    assert "1 more than agreed" in said
    assert "2 of 1" in said


def test_who_is_away_stands_there_with_their_deputy(page, rep):
    jana = make_user("Jana Kos", team="inside-sales")
    Absence.objects.create(
        user=rep, deputy=jana, starts_at=MONDAY_NINE, ends_at=LATER + timedelta(days=2)
    )

    said = page(manager()).text

    assert "Jana Kos stands in" in said
    assert "Anna Keller is away on Mon 2, Tue 3" in said


def test_what_nobody_owns_comes_first_with_the_question_who_would_get_it(page, rep):
    handoff = offered(rep, "Ines Moreau")
    Clock.objects.filter(handoff=handoff).update(owner=None)

    said = page(manager()).text

    assert "Owned by nobody" in said
    assert "Who would get it?" in said


def test_a_member_opens_onto_all_that_they_have(page, rep):
    offered(rep, "Ines Moreau")
    other = offered(make_user("Jana Kos", team="inside-sales"), "Marek Hulk")

    said = page(manager(), f"?who={rep.pk}").text

    assert "With Anna Keller" in said
    assert ">Ines Moreau</a>" in said
    assert f">{other.lead.name}</a>" not in said


def test_members_stand_by_name_and_not_by_what_they_have(page, rep):
    offered(rep, "Ines Moreau")
    make_user("Aaron Abt", team="inside-sales")

    said = page(manager()).text

    assert said.index("Aaron Abt") < said.index("Anna Keller")


def test_a_head_sees_each_team_of_the_department(page, rep):
    make_team("outside-sales")
    head = make_signatory("sales")

    said = page(head, "?team=outside-sales").text

    assert "<h1>Outside sales</h1>" in said
    assert "?team=inside-sales" in said


@pytest.mark.parametrize("who", ["member", "operations"])
def test_figures_of_people_are_for_their_managers_only(page, rep, who):
    person = rep if who == "member" else make_operations()

    assert page(person).status_code == 404


@pytest.mark.parametrize("switch", [{"shows_people": False}, {"smallest_group": 5}])
def test_no_figure_of_a_person_stands_where_the_company_hides_them(page, rep, switch):
    offered(rep, "Ines Moreau")
    rep.capacity = 0
    rep.save()
    Department.objects.filter(pk="sales").update(**switch)

    said = page(manager(), f"?who={rep.pk}").text

    assert "Anna Keller" in said
    assert "no figures of single people" in said
    assert not any(word in said for word in ("too much", "more than agreed", "At risk</th>"))
    assert "The whole team again" not in said


@pytest.mark.parametrize("name", ["scorecard", "scorecard-csv", "scorecard-rows", "cohort"])
def test_no_figure_stands_of_a_team_smaller_than_the_company_allows(client, rep, name):
    make_agreement()
    client.force_login(rep)
    address = reverse(f"leads:{name}")
    query = {"team": "inside-sales", "figure": "clocks:sales:accept.due"}
    assert client.get(address, query).status_code == 200
    Department.objects.filter(pk="sales").update(smallest_group=50)

    refused = client.get(address, query)

    assert refused.status_code == 409
    assert "fewer than 50 people" in refused.text
    assert client.get(address, {"figure": query["figure"]}).status_code == 200
