"""Accepting: who may, who owns the lead then, which clocks stop and start, who comes second."""

from datetime import timedelta

import pytest

from leads.actions.handing import handoffs
from leads.actions.journeys import touches
from leads.actions.sweeping import sweep
from leads.actions.sweeping.once_more import once_more
from leads.core.handoff import State
from leads.errors import AlertWasRaised, HandoffAlreadyAnswered, HandoffHasMoved, NotYours
from leads.models import Turn
from portal import ledger
from portal.accounts.models import Absence
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_department,
    make_handoff,
    make_operations,
    make_signatory,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
SOON = MONDAY_NINE + timedelta(minutes=20)
SECOND = timedelta(seconds=1)


def accept(handoff, by=None, at=SOON):
    return handoffs.accept(handoff_id=handoff.pk, by=by or handoff.receiver, at=at)


def seat(lead, department):
    return lead.assignments.get(department=department, until=None)


def test_accepting_makes_the_acceptor_act_and_stops_accept_as_met():
    handoff = make_handoff()

    accepted = accept(handoff)

    assert accepted.state == State.ACCEPTED
    assert accepted.accepted_at == SOON
    stopped = handoff.clocks.get(kind="accept")
    assert (stopped.stopped_at, stopped.outcome) == (SOON, "met")


def test_the_lead_enters_the_stage_with_the_evidence_frozen_at_the_offer():
    handoff = make_handoff(phone="")
    handoff.lead.phone = "+49 30 123"
    handoff.lead.save()

    accepted = accept(handoff)

    entry = accepted.lead.stage_entries.get(stage="talking")
    assert entry.evidence == handoff.evidence
    assert (entry.handoff, entry.by, entry.entered_at) == (accepted, accepted.receiver, SOON)
    assert accepted.lead.stage == "talking"


def test_the_clocks_of_the_acceptance_start_and_first_attempt_runs_on():
    handoff = make_handoff()
    before = handoff.clocks.get(kind="first_attempt").due_at

    accept(handoff)

    running = {clock.kind: clock for clock in handoff.clocks.unstopped()}
    assert set(running) == {"first_attempt", "cadence", "disposition"}
    assert running["first_attempt"].due_at == before
    assert running["disposition"].started_at == SOON


def test_the_other_departments_seat_is_untouched():
    handoff = make_handoff()
    before = seat(handoff.lead, "marketing")

    accept(handoff)

    assert seat(handoff.lead, "marketing") == before


def test_the_turn_of_who_was_meant_is_given_back_when_another_takes_it():
    meant = make_user()
    handoff = make_handoff(receiver=meant)
    Turn.objects.create(
        team=meant.team, member=meant, lead=handoff.lead, start=0, finish=1,
        spent_at=MONDAY_NINE,
    )  # fmt: skip

    accept(handoff, by=meant.team.manager)

    assert Turn.objects.get().given_back_at == SOON


@pytest.mark.parametrize("who", ["manager", "steward"])
def test_the_teams_manager_and_steward_may_accept(who):
    handoff = make_handoff()
    person = getattr(make_team("inside-sales"), who)
    assert accept(handoff, by=person).receiver == person


def test_the_head_may_accept():
    handoff = make_handoff()
    assert accept(handoff, by=make_signatory("sales")).state == State.ACCEPTED


def test_a_deputy_of_another_team_may_accept_while_the_receiver_is_away():
    handoff, deputy = make_handoff(), make_user(team="outside-sales")
    Absence.objects.create(
        user=handoff.receiver, deputy=deputy, starts_at=MONDAY_NINE,
        ends_at=MONDAY_NINE + timedelta(days=1),
    )  # fmt: skip

    accepted = accept(handoff, by=deputy)

    assert accepted.receiver == deputy
    assert seat(accepted.lead, "sales").member == deputy
    attempt = handoff.clocks.get(kind="first_attempt")
    assert (attempt.owner, attempt.owner_since) == (deputy, SOON)


def test_nobody_else_accepts():
    handoff = make_handoff()
    for stranger in (
        handoff.giver,
        make_user(),
        make_user(team="outside-sales"),
        make_operations(),
        make_user(team=None, role="auditor"),
        make_user(is_active=False),
    ):
        with pytest.raises(NotYours):
            accept(handoff, by=stranger)
    handoff.refresh_from_db()
    assert handoff.state == State.OFFERED


def test_the_second_to_accept_is_told_who_was_quicker_and_changes_nothing():
    handoff, second = make_handoff(), make_user()
    first = accept(handoff).receiver

    with pytest.raises(HandoffAlreadyAnswered) as refused:
        accept(handoff, by=second, at=SOON + 4 * SECOND)

    expected = f"{first} accepted this 4 s ago. Nothing of yours was lost."
    assert str(refused.value) == expected
    handoff.refresh_from_db()
    assert (handoff.receiver, handoff.accepted_at) == (first, SOON)
    moves = [entry.kind for entry in ledger.entries_about(("handoff", handoff.pk))]
    assert moves == ["handoff_offer", "handoff_accept"]


def test_who_comes_after_a_withdrawal_is_told_so():
    from leads.actions.handing import endings

    handoff = make_handoff()
    endings.withdraw(handoff_id=handoff.pk, by=handoff.giver, at=SOON)

    with pytest.raises(HandoffHasMoved, match="withdrew this 2 min ago"):
        accept(handoff, at=SOON + timedelta(minutes=2))


def test_accepting_at_the_due_instant_is_on_time_and_a_microsecond_later_is_late():
    on_time, late = make_handoff(), make_handoff()
    due = on_time.clocks.get(kind="accept").due_at

    accept(on_time, at=due)
    accept(late, at=due + timedelta(microseconds=1))

    assert on_time.clocks.get(kind="accept").outcome == "met"
    assert late.clocks.get(kind="accept").outcome == "late"


def test_an_attempt_on_an_offered_handoff_accepts_it():
    handoff = make_handoff()

    touch = touches.log(lead_id=handoff.lead_id, kind="call", by=handoff.receiver, at=SOON)

    handoff.refresh_from_db()
    assert handoff.state == State.ACCEPTED
    assert handoff.moves.get(move="accept").undo["touch"] == touch.pk
    assert handoff.clocks.get(kind="first_attempt").stopped_at == SOON


def test_an_attempt_that_a_trusted_source_tells_of_late_accepts_and_marks_the_alert():
    handoff = make_handoff()
    due = handoff.clocks.get(kind="accept").due_at
    sweep.raise_due(at=due + timedelta(minutes=1))

    touches.log(
        lead_id=handoff.lead_id, kind="call", by=handoff.receiver, source="dialler",
        occurred_at=due - timedelta(minutes=1), at=due + timedelta(minutes=5),
    )  # fmt: skip

    clock = handoff.clocks.get(kind="accept")
    assert clock.outcome == "met"
    late_told = clock.alerts.get(due_at=due)
    assert late_told.met_by_evidence_at == due + timedelta(minutes=5)


def test_outside_sales_accepting_gets_the_seat_and_completes_what_inside_sales_had():
    from tests.leads.test_offer import ready_for_outside

    lead, seller = ready_for_outside()
    taker = make_user(team="outside-sales")
    handoff = handoffs.offer(lead_id=lead.pk, kind="to_outside_sales", by=seller, at=SOON)

    accept(handoff, by=taker, at=SOON + SECOND)

    assert seat(lead, "sales").member == taker
    earlier = lead.handoffs.get(kind="to_inside_sales")
    assert (earlier.state, earlier.outcome) == (State.COMPLETED, "moved_on")
    assert earlier.clocks.get(kind="disposition").outcome == "met"
    assert not earlier.clocks.unstopped().exists()


def test_a_time_that_an_alert_overtook_is_refused_and_read_again_once():
    handoff = make_handoff()
    due = handoff.clocks.get(kind="accept").due_at
    sweep.raise_due(at=due + SECOND)
    with pytest.raises(AlertWasRaised):
        accept(handoff, at=due - SECOND)
    readings = iter([due - SECOND, due + 2 * SECOND])

    accepted = once_more(lambda at: accept(handoff, at=at), now=lambda: next(readings))

    assert accepted.accepted_at == due + 2 * SECOND
    assert handoff.clocks.get(kind="accept").outcome == "late"


def test_a_handoff_without_a_waiting_receiver_lies_with_the_steward_who_hands_it_on():
    from tests.factories import make_lead

    make_department("sales")
    lead = make_lead()
    handoff = handoffs.offer(lead_id=lead.pk, kind="to_inside_sales", by=None, at=MONDAY_NINE)
    steward, newcomer = make_team("inside-sales").steward, make_user()
    assert handoff.receiver == steward

    handoffs.reassign(handoff_id=handoff.pk, to=newcomer, by=steward, at=MONDAY_NINE)

    assert accept(handoff, by=newcomer).receiver == newcomer


def test_the_factory_for_accepted_handoffs_accepts_by_the_action():
    assert make_accepted().state == State.ACCEPTED
