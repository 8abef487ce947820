"""Reassigning: who may, who gets it, and that no clock restarts."""

from datetime import timedelta

import pytest

from leads.actions.handing import handoffs, returns
from leads.core.handoff import State
from leads.errors import HandoffHasMoved, NotInTheTeam, NotYours
from portal import ledger
from portal.notifications.models import Delivery
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_handoff,
    make_operations,
    make_signatory,
    make_team,
    make_user,
)
from tests.leads.test_offer import ready_for_outside

pytestmark = pytest.mark.django_db
LATER = MONDAY_NINE + timedelta(minutes=20)


def reassign(handoff, to, by=None, at=LATER):
    by = by or make_team("inside-sales").manager
    return handoffs.reassign(handoff_id=handoff.pk, to=to, by=by, at=at)


def seat(lead, department):
    return lead.assignments.get(department=department, until=None)


def test_seat_and_running_clocks_change_hands_and_due_instants_stay():
    handoff, other = make_handoff(), make_user()
    before = dict(handoff.clocks.values_list("kind", "due_at"))

    given = reassign(handoff, other)

    assert given.receiver == other
    assert seat(given.lead, "sales").member == other
    assert dict(handoff.clocks.values_list("kind", "due_at")) == before
    assert {(c.owner, c.owner_since) for c in handoff.clocks.all()} == {(other, LATER)}


def test_the_next_person_is_told_and_the_ledger_keeps_it():
    handoff, other = make_handoff(), make_user()

    reassign(handoff, other)

    assert Delivery.objects.filter(recipient=other, about__contains="reassigned").exists()
    kinds = [entry.kind for entry in ledger.entries_about(("handoff", handoff.pk))]
    assert kinds[-1] == "handoff_reassign"


def test_manager_steward_head_and_operations_may():
    handoff, team = make_handoff(), make_team("inside-sales")
    for by in (team.manager, team.steward, make_signatory("sales"), make_operations()):
        other = make_user()
        assert reassign(handoff, other, by=by).receiver == other


def test_nobody_else_may_and_nobody_takes_it_this_way():
    handoff, other = make_handoff(), make_user()
    givers_manager = make_team("demand-generation").manager
    for by in (handoff.receiver, other, handoff.giver, givers_manager):
        with pytest.raises(NotYours):
            reassign(handoff, other, by=by)


def test_only_an_active_member_of_the_team_gets_it():
    handoff = make_handoff()
    for stranger in (make_user(team="outside-sales"), make_user(is_active=False)):
        with pytest.raises(NotInTheTeam):
            reassign(handoff, stranger)


def test_a_returned_handoff_changes_its_giver_and_their_answer():
    handoff, nurse = make_handoff(), make_user(team="demand-generation")
    returns.give_back(
        handoff_id=handoff.pk, by=handoff.receiver, at=MONDAY_NINE, reason="no_need"
    )

    given = reassign(handoff, nurse, by=make_team("demand-generation").manager)

    assert (given.state, given.giver) == (State.RETURNED, nurse)
    assert seat(given.lead, "marketing").member == nurse
    assert handoff.clocks.get(kind="answer").owner == nurse


def test_an_offer_inside_sales_changes_hands_without_the_seat_of_who_offers():
    lead, seller = ready_for_outside()
    make_user(team="outside-sales")
    handoff = handoffs.offer(
        lead_id=lead.pk, kind="to_outside_sales", by=seller, at=MONDAY_NINE
    )
    other = make_user(team="outside-sales")

    reassign(handoff, other, by=make_team("outside-sales").manager)

    assert seat(lead, "sales").member == seller
    assert handoff.clocks.get(kind="accept").owner == other


def test_the_new_receiver_accepts_and_the_old_one_only_as_a_colleague():
    handoff, other = make_accepted(), make_user()
    before = handoff.receiver
    reassign(handoff, other)

    with pytest.raises(NotYours):
        returns.give_back(handoff_id=handoff.pk, by=before, at=LATER, reason="no_need")
    given = returns.give_back(handoff_id=handoff.pk, by=other, at=LATER, reason="no_need")

    assert given.state == State.RETURNED


def test_what_has_ended_is_not_reassigned():
    handoff, other = make_handoff(), make_user()
    from leads.actions.handing import endings

    endings.withdraw(handoff_id=handoff.pk, by=handoff.giver, at=LATER)
    with pytest.raises(HandoffHasMoved):
        reassign(handoff, other)
