"""Who may act for whom."""

from datetime import timedelta

import pytest

from portal.accounts import permissions
from portal.accounts.models import Absence
from tests.factories import (
    MONDAY_NINE,
    make_operations,
    make_signatory,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def may(user, owner, team, at=MONDAY_NINE):
    return permissions.may_act_for(user, owner.pk if owner else None, team, at)


def test_owner_manager_steward_and_head_act():
    head, owner = make_signatory("sales"), make_user()
    team = owner.team
    for person in (owner, team.manager, team.steward, head):
        assert may(person, owner, team)


def test_nobody_else_acts():
    owner = make_user()
    for person in (
        make_user(),
        make_user(team="outside-sales"),
        make_team("outside-sales").manager,
        make_signatory("marketing"),
        make_operations(),
        make_user(team=None, role="auditor"),
        make_user(team=None, role="admin", is_staff=True, is_superuser=True),
    ):
        assert not may(person, owner, owner.team)


def test_a_deputy_acts_from_the_first_to_the_last_instant_of_the_absence():
    owner, deputy = make_user(), make_user()
    Absence.objects.create(
        user=owner, deputy=deputy, starts_at=MONDAY_NINE, ends_at=MONDAY_NINE + DAY
    )

    assert may(deputy, owner, owner.team, MONDAY_NINE)
    assert not may(deputy, owner, owner.team, MONDAY_NINE - timedelta(microseconds=1))
    assert not may(deputy, owner, owner.team, MONDAY_NINE + DAY)


def test_an_owner_who_is_away_still_may():
    owner = make_user()
    Absence.objects.create(user=owner, starts_at=MONDAY_NINE, ends_at=MONDAY_NINE + DAY)
    assert may(owner, owner, owner.team)


def test_a_seat_without_a_person_is_the_pools():
    team = make_team("inside-sales")
    assert may(make_user(), None, team)
    assert not may(make_user(team="outside-sales"), None, team)


def test_who_has_left_acts_for_nobody():
    owner = make_user(is_active=False)
    team = owner.team
    team.manager.is_active = False
    assert not may(owner, owner, team)
    assert not may(team.manager, owner, team)


def test_only_who_answers_for_a_team_may_steer_it():
    head, colleague = make_signatory("sales"), make_user()
    team = colleague.team

    assert not permissions.may_steer(colleague, team)
    for person in (team.manager, team.steward, head, make_operations()):
        assert permissions.may_steer(person, team)


def test_a_team_is_headed_by_its_manager_and_the_head_and_not_by_its_steward():
    head, team = make_signatory("sales"), make_team("inside-sales")
    assert permissions.heads(team.manager, team)
    assert permissions.heads(head, team)
    assert not permissions.heads(team.steward, team)


def test_who_may_act_in_the_seat_may_waive_for_it_and_nobody_else():
    owner = make_user()

    assert permissions.may_waive(owner, owner.pk, owner.team, MONDAY_NINE)
    assert not permissions.may_waive(make_user(), owner.pk, owner.team, MONDAY_NINE)


def test_hours_are_arranged_by_oneself_by_who_answers_and_by_operations():
    head, person = make_signatory("sales"), make_user()

    for user in (person, person.team.manager, person.team.steward, head, make_operations()):
        assert permissions.may_arrange(user, person)
    assert not permissions.may_arrange(make_user(), person)
    assert not permissions.may_arrange(make_operations(), make_operations())


def test_the_head_arranges_for_who_is_of_no_team_and_nobody_for_who_has_left():
    head = make_signatory("sales")
    alone = make_user(team=None, department=head.department)
    left = make_user(is_active=False)

    assert permissions.may_arrange(head, alone)
    assert not permissions.may_arrange(make_signatory("marketing"), alone)
    assert not permissions.may_arrange(head, left)
    assert not permissions.may_arrange(left, make_user())
