"""People join, leave and change teams in the midst of a month; figures stay where they were."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.moving import people
from leads.actions.moving.people import Change
from leads.actions.owning import seeing_off
from leads.actions.setup import people as hiring
from leads.errors import CannotMove
from leads.models import Assignment, Handoff
from portal import ledger
from portal.accounts.actions import directory
from portal.accounts.models import GroupPlace, User
from portal.ledger.models import LedgerEntry
from tests.factories import (
    MONDAY_NINE,
    make_department,
    make_handoff,
    make_operations,
    make_signatory,
    make_team,
    make_user,
    make_version,
)
from tests.flows.months.cards import answer, broken, card, dues
from tests.sla.versions import a_company

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOON = MONDAY_NINE + 3 * HOUR
BOTH = ("accept", "first_attempt")


@pytest.fixture
def inside():
    """Inside sales with one handoff answered in time and one running, both of one person."""
    a_company()
    make_version()
    done = make_handoff()
    answer(done, MONDAY_NINE + 5 * MINUTE)
    runs = make_handoff(at=MONDAY_NINE + 10 * MINUTE, receiver=done.receiver)
    return done.receiver, runs


def an_administrator():
    return make_user(team=None, role="admin", is_staff=True, is_superuser=True)


def test_who_joins_counts_from_their_first_lead_and_changes_nothing_before(inside):
    _who, runs = inside
    at = MONDAY_NINE + 12 * MINUTE
    before = card(at, "inside-sales")

    hiring.hire(text="Nia New,nia@new.test,Inside sales", by=an_administrator(), at=at)
    during = card(at, "inside-sales")
    nia = User.objects.get(email="nia@new.test")
    User.objects.filter(pk=nia.pk).update(is_active=True)
    first = make_handoff(at=at + MINUTE, receiver=nia)
    answer(first, at + 2 * MINUTE)

    assert first.receiver == nia
    assert during == before
    assert card(at + 3 * MINUTE, "inside-sales") == {
        kind: (before[kind][0] + 1, 0, 1) for kind in BOTH
    }
    assert runs.clocks.unstopped().count() == 2


def test_who_leaves_hands_on_and_the_months_figures_stay_whole(inside):
    who, runs = inside
    at = MONDAY_NINE + 12 * MINUTE
    before, instants = card(at, "inside-sales"), dues()

    seeing_off.see_off(user_id=who.pk, by=make_operations(), at=at)
    during = card(at, "inside-sales")
    answer(runs, MONDAY_NINE + 14 * MINUTE)

    assert during == before == dict.fromkeys(BOTH, (1, 0, 1))
    assert card(NOON, "inside-sales") == dict.fromkeys(BOTH, (2, 0, 0))
    assert Handoff.objects.get(pk=runs.pk).receiver != who
    assert dues().items() >= instants.items()
    assert broken(NOON) == {}


def test_who_changes_teams_takes_what_runs_along_and_leaves_what_was(inside):
    who, runs = inside
    at = MONDAY_NINE + 12 * MINUTE
    instants, whole = dues(), card(at)

    people.move(change=Change(who.pk, "outside-sales", True), by=make_operations(), at=at)

    moved = Handoff.objects.get(pk=runs.pk)
    assert (moved.receiver, moved.receiver_team.key) == (who, "outside-sales")
    assert card(at, "inside-sales") == dict.fromkeys(BOTH, (1, 0, 0))
    assert card(at, "outside-sales") == dict.fromkeys(BOTH, (0, 0, 1))
    assert card(at) == whole
    answer(runs, MONDAY_NINE + 14 * MINUTE)
    assert card(NOON, "inside-sales") == dict.fromkeys(BOTH, (1, 0, 0))
    assert card(NOON, "outside-sales") == dict.fromkeys(BOTH, (1, 0, 0))
    assert dues().items() >= instants.items()
    assert broken(NOON) == {}


def test_what_was_late_already_stays_with_the_team_in_which_it_was_broken(inside):
    who, runs = inside
    before = card(NOON, "inside-sales")

    people.move(change=Change(who.pk, "outside-sales", True), by=make_operations(), at=NOON)

    assert before == {"accept": (1, 1, 0), "first_attempt": (1, 0, 1)}
    assert card(NOON, "inside-sales") == {"accept": (1, 1, 0), "first_attempt": (1, 0, 0)}
    assert card(NOON, "outside-sales") == {"first_attempt": (0, 0, 1)}
    assert set(runs.clocks.values_list("owner", flat=True)) == {who.pk}


def test_work_that_does_not_go_along_is_handed_on_in_the_team(inside):
    who, runs = inside
    at = MONDAY_NINE + 12 * MINUTE
    whole = card(at, "inside-sales")

    leads = people.preview(
        change=Change(who.pk, "outside-sales", False), by=make_operations(), at=at
    )
    assert User.objects.get(pk=who.pk).team.key == "inside-sales"
    people.move(change=Change(who.pk, "outside-sales", False), by=make_operations(), at=at)

    moved = Handoff.objects.get(pk=runs.pk)
    assert leads == 2
    assert moved.receiver not in (None, who)
    assert moved.receiver_team.key == "inside-sales"
    assert card(at, "inside-sales") == whole
    seats = Assignment.objects.filter(until=None, lead__in=[runs.lead_id], member=who)
    assert not seats.exists()
    assert broken(at) == {}


def test_who_changes_sides_may_not_sign_any_more_and_hands_everything_on(inside):
    who, runs = inside
    User.objects.filter(pk=who.pk).update(is_signatory=True)
    at = MONDAY_NINE + 12 * MINUTE
    before, instants = card(at, "inside-sales"), dues()

    with pytest.raises(CannotMove, match="An administrator"):
        people.move(change=Change(who.pk, "content", True), by=make_operations(), at=at)
    make_team("content", department="marketing")
    people.move(change=Change(who.pk, "content", True), by=an_administrator(), at=at)

    who.refresh_from_db()
    assert (who.department_id, who.is_signatory) == ("marketing", False)
    assert Handoff.objects.get(pk=runs.pk).receiver != who
    entry = LedgerEntry.objects.filter(kind="account_changed").latest("seq")
    assert entry.clear["fields"] == ["department", "is_signatory", "team"]
    assert card(at, "inside-sales") == card(at) == before == dict.fromkeys(BOTH, (1, 0, 1))
    answer(runs, MONDAY_NINE + 14 * MINUTE)
    assert card(NOON, "inside-sales") == card(NOON) == dict.fromkeys(BOTH, (2, 0, 0))
    assert dues().items() >= instants.items()
    assert broken(NOON) == {}


def test_who_answers_for_a_team_names_another_first(inside):
    head = make_signatory("sales")
    User.objects.filter(pk=head.pk).update(team=make_team("inside-sales"))
    make_team("content", department="marketing")

    with pytest.raises(CannotMove, match="heads Sales: name another first"):
        people.move(
            change=Change(head.pk, "content", False), by=an_administrator(), at=MONDAY_NINE
        )
    assert make_department("sales").head == head


@pytest.mark.parametrize("team", ["outside-sales", "content"])
def test_a_directory_that_moves_somebody_leaves_no_work_behind(inside, team):
    who, runs = inside
    home = make_team(team, department="sales" if team == "outside-sales" else "marketing")
    GroupPlace.objects.create(
        group="moved", role="member", department=home.department, team=home
    )
    at, instants = MONDAY_NINE + 12 * MINUTE, dues()
    before = card(at)

    with ledger.recording(at=at):
        directory.placed(who, ["moved"], by=None, at=at)

    moved = Handoff.objects.get(pk=runs.pk)
    there = moved.receiver_team.key
    assert (moved.receiver == who, there) == (
        (True, team) if team == "outside-sales" else (False, "inside-sales")
    )
    assert card(at) == before == dict.fromkeys(BOTH, (1, 0, 1))
    answer(runs, MONDAY_NINE + 14 * MINUTE)
    assert card(NOON) == dict.fromkeys(BOTH, (2, 0, 0))
    counted = {one: card(NOON, one) for one in {"inside-sales", there}}
    assert [met for one in counted.values() for met in one.values()] == (
        [(1, 0, 0)] * 4 if team == "outside-sales" else [(2, 0, 0)] * 2
    )
    assert (
        not Assignment.objects.filter(until=None, member=who, lead=runs.lead_id)
        .exclude(team=home)
        .exists()
    )
    assert dues().items() >= instants.items()
    assert broken(NOON) == {}


@pytest.mark.now(MONDAY_NINE + 12 * MINUTE)
def test_the_page_tells_first_and_moves_then(client, inside):
    who, _runs = inside
    client.force_login(make_operations())
    url = reverse("leads:person-team", args=[who.pk])
    said = {"to": "outside-sales", "takes": "on"}

    first, seen = client.get(url), client.post(url, said | {"do": "look"})
    done = client.post(url, said | {"do": "move"})

    assert "Do it" not in first.text
    assert "It would concern 2 leads" in seen.text
    assert done.status_code == 302
    assert User.objects.get(pk=who.pk).team.key == "outside-sales"
