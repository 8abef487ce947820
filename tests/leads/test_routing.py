"""Seats and turns over real rows: who gets a lead, why, and that two at once never skew it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from leads.actions.intake import Arrival, receive
from leads.actions.owning import routing, seats
from leads.errors import HandoffIsOpen, NotInTheTeam, NotYours
from leads.models import Lead, Turn
from portal.accounts.models import Absence
from portal.notifications.models import Delivery
from tests.factories import (
    LONG_BEFORE,
    MONDAY_NINE,
    make_agreement,
    make_company,
    make_handoff,
    make_lead,
    make_operations,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
NIGHT = MONDAY_NINE + timedelta(hours=14)


@pytest.fixture
def team():
    make_agreement()
    return make_team("inside-sales")


def pick(team, lead=None, at=MONDAY_NINE):
    with transaction.atomic():
        return routing.pick(team, lead or make_lead(), at)


def test_turns_go_round_and_are_kept_with_their_lead(team):
    members = [make_user(f"M{n}") for n in range(3)]
    lead = make_lead()

    picked = [pick(team, lead).member_id for _ in range(4)]

    assert picked == [members[n].pk for n in (0, 1, 2, 0)]
    assert [turn.lead for turn in Turn.objects.all()] == [lead] * 4


def test_a_preview_spends_nothing(team):
    make_user("M")

    first, second = (routing.preview(team, make_lead(), MONDAY_NINE) for _ in range(2))

    assert first == second
    assert not Turn.objects.exists()


def test_who_is_away_full_off_hours_or_gone_is_passed_over_with_the_reason(team):
    away, _full = make_user("Away"), make_user("Full", capacity=0)
    asleep = make_user("Asleep")
    make_user("Gone", is_active=False)
    Absence.objects.create(
        user=away, starts_at=LONG_BEFORE, ends_at=MONDAY_NINE + timedelta(days=3)
    )
    asleep.hours = {"mon": [["22:00", "24:00"]]}
    asleep.save()
    here = make_user("Here", hours={"mon": [["09:00", "17:00"]]})

    choice = pick(team)

    assert choice.member_id == here.pk
    assert choice.lines == (
        "by turns",
        "Away: away until Thu 5 Mar",
        "Full: at capacity, 0 of 0",
        "Asleep: outside own hours",
        "Here: turn 1 of 1",
    )


def test_who_has_no_own_hours_keeps_those_of_the_team(team):
    make_user("Office")
    late = make_user("Late", hours={"mon": [["00:00", "24:00"]]})

    assert pick(team, at=NIGHT).member_id == late.pk


def test_hours_that_never_open_hinder_nobody(team):
    member = make_user("M", hours={"mon": []})

    assert pick(team, at=NIGHT).member_id == member.pk


def test_open_handoffs_fill_a_capacity(team):
    busy, free = make_user("Busy", capacity=1), make_user("Free")
    make_handoff(receiver=busy)

    assert pick(team).member_id == free.pk


def test_the_companys_owner_comes_first_and_spends_no_turn(team):
    make_user("M")
    owner = make_user("Owner")

    choice = pick(team, make_lead(company=make_company(owner=owner)))

    assert choice.member_id == owner.pk
    assert not Turn.objects.exists()


def test_a_turn_given_back_is_made_good_before_anybody_elses(team):
    first, second = make_user("First"), make_user("Second")
    lead = make_lead()
    pick(team, lead)
    pick(team)
    pick(team)

    assert routing.give_turn_back(lead, team, first, MONDAY_NINE)
    assert not routing.give_turn_back(lead, team, second, MONDAY_NINE)
    picked = [pick(team).member_id for _ in range(4)]

    assert picked == [first.pk, second.pk, first.pk, second.pk]
    assert Turn.objects.filter(owed=True).count() == 1
    assert Turn.objects.get(lead=lead).made_good_at == MONDAY_NINE


def test_a_turn_that_was_given_back_by_mistake_can_be_taken_again(team):
    member, other = make_user("M"), make_user("O")
    lead = make_lead()
    pick(team, lead)
    routing.give_turn_back(lead, team, member, MONDAY_NINE)

    assert routing.take_turn_again(lead, team, member)
    assert not routing.take_turn_again(lead, team, member)
    assert pick(team).member_id == other.pk


def test_if_nobody_can_take_it_the_steward_gets_it_and_is_told(team):
    make_user("Full", capacity=0)
    lead = make_lead("Ana Lima")

    choice = pick(team, lead)

    assert choice.member_id == team.steward_id
    assert choice.lines[-1] == f"{team.steward}: steward, told"
    told = Delivery.objects.in_app().get()
    assert told.recipient == team.steward
    assert told.title == "Ana Lima: nobody in Inside sales can take it"


def test_a_team_without_a_steward_turns_to_its_manager_and_then_to_the_head(team):
    team.steward = None
    assert pick(team).member_id == team.manager_id

    team.manager = None
    assert pick(team).member_id == team.department.head_id

    team.department.head = None
    choice = pick(team)
    assert choice.member_id is None
    assert choice.lines[-1] == "no steward is named"


def test_the_method_is_the_teams(team):
    team.routing = {"method": "least_loaded"}
    team.save()
    make_user("M")

    assert pick(team).lines[0] == "the shortest queue first"


@pytest.mark.parametrize(
    ("routing_rules", "fits"),
    [
        ({"segments": ["Event"]}, True),
        ({"sources": ["website"], "countries": ["germany"]}, True),
        ({"sources": ["website"], "countries": ["Brazil"]}, False),
        ({"segments": ["trial"]}, False),
    ],
)
def test_marketings_team_is_the_one_whose_rules_take_the_lead(routing_rules, fits):
    general = make_team("demand-generation")
    special = make_team("field", department="marketing", routing=routing_rules)

    chosen = routing.marketing_team(make_lead(segment="event"))

    assert chosen == (special if fits else general)


def test_sales_seat_waits_with_the_team_that_will_receive_the_lead(team):
    assert routing.sales_team(make_lead(), MONDAY_NINE) == (
        team,
        "will receive “To inside sales”",
    )
    assert routing.sales_team(make_lead(), LONG_BEFORE - timedelta(days=1)) == (
        team,
        "the department's first team: no handoff is agreed yet",
    )


def test_a_seat_changes_hands_at_one_instant():
    lead = make_lead()
    before = routing.seat_of(lead, "marketing")
    to = make_user("New", team="demand-generation")
    later = MONDAY_NINE + timedelta(hours=1)

    seats.reassign_seat(
        lead_id=lead.pk, department="marketing", to=to, by=make_operations(), at=later
    )

    before.refresh_from_db()
    current = routing.seat_of(lead, "marketing")
    assert (before.until, current.since, current.member) == (later, later, to)


def test_who_does_not_steer_the_team_changes_no_seat():
    lead = make_lead()
    colleague = make_user(team="demand-generation")

    with pytest.raises(NotYours):
        seats.reassign_seat(
            lead_id=lead.pk, department="marketing", to=colleague, by=colleague, at=MONDAY_NINE
        )


def test_the_givers_clocks_go_with_the_seat_and_do_not_restart():
    handoff = make_handoff()
    due = dict(handoff.clocks.filter(department="marketing").values_list("pk", "due_at"))
    to = make_user("New", team="demand-generation")
    later = MONDAY_NINE + timedelta(minutes=5)

    seats.reassign_seat(
        lead_id=handoff.lead_id, department="marketing", to=to, by=make_operations(), at=later
    )

    handoff.refresh_from_db()
    mine = handoff.clocks.filter(department="marketing")
    assert handoff.giver == to
    assert dict(mine.values_list("pk", "due_at")) == due
    assert all(clock.owner == to for clock in mine)


def test_a_receivers_seat_goes_with_the_handoff_only():
    handoff = make_handoff()

    with pytest.raises(HandoffIsOpen):
        seats.reassign_seat(
            lead_id=handoff.lead_id, department="sales", to=make_user(),
            by=make_operations(), at=MONDAY_NINE,
        )  # fmt: skip


def test_a_seat_stays_in_its_department():
    lead = make_lead()

    with pytest.raises(NotInTheTeam):
        seats.reassign_seat(
            lead_id=lead.pk, department="marketing", to=make_user(team="inside-sales"),
            by=make_operations(), at=MONDAY_NINE,
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_sixteen_arrivals_at_once_are_shared_out_evenly():
    make_agreement()
    make_team("inside-sales")
    members = [make_user(f"M{n}", team="demand-generation") for n in range(4)]

    def arrive(n):
        try:
            return receive(arrival=Arrival(name=f"Lead {n}", phone=str(n)), at=MONDAY_NINE)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        received = list(pool.map(arrive, range(16)))

    seats = Counter(routing.seat_of(one.lead, "marketing").member_id for one in received)
    assert seats == {member.pk: 4 for member in members}


@pytest.mark.django_db(transaction=True)
def test_sixteen_tell_of_one_person_at_once_and_there_is_one_lead():
    make_agreement()
    make_team("inside-sales")
    make_team("demand-generation")

    def arrive(n):
        arrival = Arrival(email="ana@acme.example", source="crm", external_id="7", phone=str(n))
        try:
            return receive(arrival=arrival, at=MONDAY_NINE)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        received = list(pool.map(arrive, range(16)))

    assert Lead.objects.count() == 1
    assert Counter(one.outcome for one in received)["new"] == 1
