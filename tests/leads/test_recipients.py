"""Whom a step tells: roles become people, the absent become who stands in."""

from datetime import timedelta

import pytest

from leads.actions.alerting.recipients import Roster, whom
from leads.core.rungs import Rung
from portal.accounts.models import Absence, Department
from sla.core.terms.parts import Person
from tests.factories import MONDAY_NINE, make_signatory, make_user
from tests.leads.clockwork import a_clock

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def step(*roles, digest=None):
    return Rung("due", "at", MONDAY_NINE, roles, ("in_app",), digest or {})


def away(user, deputy=None):
    Absence.objects.create(
        user=user, deputy=deputy, starts_at=MONDAY_NINE - DAY, ends_at=MONDAY_NINE + DAY
    )


def leave(user):
    user.is_active = False
    user.save()


def told(clock, *roles):
    return whom(step(*roles), clock, MONDAY_NINE)


@pytest.fixture
def clock():
    return a_clock()


def test_the_acting_owner_is_who_answers_for_the_clock(clock):
    assert told(clock, "acting_owner") == [clock.owner]


def test_the_other_owner_has_the_other_departments_seat(clock):
    seat = clock.lead.assignments.get(department="marketing", until=None)

    assert told(clock, "other_owner") == [seat.member]


def test_manager_and_steward_are_those_of_the_clocks_team(clock):
    assert told(clock, "manager", "steward") == [clock.team.manager, clock.team.steward]


def test_the_heads_are_those_of_both_departments(clock):
    heads = {make_signatory("marketing"), make_signatory("sales")}

    assert set(told(clock, "heads")) == heads


def test_somebody_named_is_found_by_mail_address(clock):
    named = make_user(email="ann@concord.test")

    assert told(clock, Person("Ann@concord.test")) == [named]


def test_nobody_is_told_for_an_address_that_nobody_has(clock):
    assert told(clock, Person("nobody@concord.test")) == []


def test_for_the_absent_the_deputy_is_told(clock):
    deputy = make_user()
    away(clock.owner, deputy)

    assert told(clock, "acting_owner") == [deputy]


def test_without_a_deputy_who_is_there_the_steward_is_told(clock):
    deputy = make_user()
    away(clock.owner, deputy)
    away(deputy)

    assert told(clock, "acting_owner") == [clock.team.steward]


def test_for_who_left_the_steward_is_told(clock):
    leave(clock.owner)

    assert told(clock, "acting_owner") == [clock.team.steward]


def test_without_a_steward_the_manager_and_then_the_head_are_told(clock):
    head = make_signatory("sales")
    leave(clock.owner)
    leave(clock.team.steward)
    assert told(clock, "acting_owner") == [clock.team.manager]

    leave(clock.team.manager)
    assert told(clock, "acting_owner") == [head]


def test_where_everybody_is_away_the_owner_is_told_nevertheless(clock):
    for person in (clock.owner, clock.team.steward, clock.team.manager):
        away(person)
    Department.objects.update(head=None)

    assert told(clock, "acting_owner") == [clock.owner]


def test_a_clock_of_the_pool_tells_its_steward(clock):
    clock.owner = None
    clock.save()

    assert told(clock, "acting_owner") == [clock.team.steward]


def test_a_dispute_is_told_to_the_managers_of_both_sides(clock):
    clock.kind, clock.owner = "decide", clock.team.manager
    clock.save()
    both = {clock.team.manager, clock.handoff.giver_team.manager}

    assert set(told(clock, "acting_owner")) == set(told(clock, "manager")) == both


def test_each_person_is_told_once_and_by_the_sooner_of_two_ways(clock):
    clock.team.steward = clock.team.manager
    clock.team.save()
    asked = step(
        "manager", "steward", "heads", digest={"manager": "weekly", "steward": "hourly"}
    )

    people = Roster([clock], [asked], MONDAY_NINE).told(clock, asked)

    assert people[clock.team.manager] == "hourly"
    assert len(people) == 3


def test_an_absence_that_ends_now_is_a_day_back_at_work(clock):
    Absence.objects.create(user=clock.owner, starts_at=MONDAY_NINE - DAY, ends_at=MONDAY_NINE)

    assert told(clock, "acting_owner") == [clock.owner]
