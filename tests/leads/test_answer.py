"""Answering a return: mended, recycled, or disputed and decided by both managers."""

from datetime import timedelta

import pytest

from leads.actions.handing import endings, handoffs, returns
from leads.actions.sweeping import sweep
from leads.core.handoff import State
from leads.errors import (
    DayIsPast,
    DisputedBefore,
    HandoffHasMoved,
    NothingToDecide,
    NotInTheTeam,
    NotYours,
    PackageIncomplete,
)
from leads.models import Timer
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

pytestmark = pytest.mark.django_db
RETURNED = MONDAY_NINE + timedelta(minutes=20)
ANSWERED = MONDAY_NINE + timedelta(hours=1)
DECIDED = MONDAY_NINE + timedelta(hours=2)
NEXT_MONTH = MONDAY_NINE + timedelta(days=30)


def make_returned(**fields):
    handoff = make_handoff(**fields)
    return returns.give_back(
        handoff_id=handoff.pk, by=handoff.receiver, at=RETURNED, reason="no_need"
    )


def make_disputed(**fields):
    handoff = make_returned(**fields)
    return returns.answer_dispute(
        handoff_id=handoff.pk, by=handoff.giver, at=ANSWERED, note="They asked for a demo."
    )


def decide(handoff, by, counts, at=DECIDED):
    return returns.decide(handoff_id=handoff.pk, by=by, at=at, counts=counts)


def managers():
    return make_team("demand-generation").manager, make_team("inside-sales").manager


def outcome(handoff, kind, number=1):
    return handoff.clocks.get(kind=kind, round=number).outcome


# mended


def test_a_mended_lead_is_offered_again_in_the_next_round_with_new_clocks():
    handoff = make_returned()

    again = returns.answer_fixed(handoff_id=handoff.pk, by=handoff.giver, at=ANSWERED)

    assert (again.state, again.round, again.offered_at) == (State.OFFERED, 2, ANSWERED)
    assert outcome(again, "answer") == "met"
    accept = again.clocks.get(kind="accept", round=2)
    assert (accept.started_at, accept.outcome) == (ANSWERED, "")
    assert again.first_offered_at == MONDAY_NINE


def test_the_next_round_goes_to_the_same_receiver_with_the_old_reason_shown():
    handoff = make_returned()
    make_user()

    again = returns.answer_fixed(handoff_id=handoff.pk, by=handoff.giver, at=ANSWERED)

    assert again.receiver == handoff.receiver
    assert again.return_reason == "no_need"


def test_the_next_round_finds_somebody_else_when_the_receiver_has_left():
    handoff, other = make_returned(), make_user()
    handoff.receiver.is_active = False
    handoff.receiver.save()

    again = returns.answer_fixed(handoff_id=handoff.pk, by=handoff.giver, at=ANSWERED)

    assert again.receiver == other
    assert again.lead.assignments.get(department="sales", until=None).member == other


def test_a_return_is_not_mended_while_the_package_has_gaps():
    handoff = make_returned()
    handoff.lead.source = ""
    handoff.lead.save()

    with pytest.raises(PackageIncomplete):
        returns.answer_fixed(handoff_id=handoff.pk, by=handoff.giver, at=ANSWERED)


def test_a_mended_lead_that_is_accepted_enters_its_stage_again():
    handoff = make_accepted()
    back = MONDAY_NINE + timedelta(minutes=30)
    returns.give_back(handoff_id=handoff.pk, by=handoff.receiver, at=back, reason="no_need")
    returns.answer_fixed(handoff_id=handoff.pk, by=handoff.giver, at=ANSWERED)

    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=DECIDED)

    stages = handoff.lead.stage_entries.values_list("stage", flat=True)
    assert list(stages) == ["comparing", "talking", "comparing", "talking"]


def test_only_the_giving_side_answers():
    handoff = make_returned()
    for stranger in (handoff.receiver, make_user(team="demand-generation"), make_operations()):
        with pytest.raises(NotYours):
            returns.answer_fixed(handoff_id=handoff.pk, by=stranger, at=ANSWERED)


def test_a_late_answer_is_late():
    handoff = make_returned()
    due = handoff.clocks.get(kind="answer").due_at

    returns.answer_fixed(handoff_id=handoff.pk, by=handoff.giver, at=due + timedelta(minutes=1))

    assert outcome(handoff, "answer") == "late"


def test_an_accepted_handoff_has_no_return_to_answer():
    handoff = make_accepted()
    with pytest.raises(HandoffHasMoved):
        returns.answer_fixed(handoff_id=handoff.pk, by=handoff.giver, at=ANSWERED)


# recycled


def test_a_return_is_answered_by_nurture_to_somebody_on_a_day():
    handoff, nurse = make_returned(), make_user(team="demand-generation")

    closed = endings.answer_recycle(
        handoff_id=handoff.pk, by=handoff.giver, at=ANSWERED, on=NEXT_MONTH, to=nurse
    )

    assert (closed.state, closed.outcome) == (State.CLOSED, "nurture")
    assert outcome(closed, "answer") == "met"
    assert closed.lead.assignments.get(department="marketing", until=None).member == nurse
    assert closed.timers.get(kind=Timer.Kind.RECYCLE).at == NEXT_MONTH
    assert closed.lead.closed_at is None


def test_on_its_day_a_lead_comes_back_and_marketings_seat_is_told_once():
    handoff, nurse = make_returned(), make_user(team="demand-generation")
    endings.answer_recycle(
        handoff_id=handoff.pk, by=handoff.giver, at=ANSWERED, on=NEXT_MONTH, to=nurse
    )

    sweep.raise_due(at=NEXT_MONTH)
    sweep.raise_due(at=NEXT_MONTH + timedelta(minutes=1))

    told = Delivery.objects.filter(recipient=nurse, about__endswith="back")
    assert [row.created_at for row in told] == [NEXT_MONTH]


def test_a_day_of_the_past_and_a_person_of_sales_are_refused():
    handoff = make_returned()
    with pytest.raises(DayIsPast):
        endings.answer_recycle(
            handoff_id=handoff.pk, by=handoff.giver, at=ANSWERED, on=ANSWERED
        )
    with pytest.raises(NotInTheTeam):
        endings.answer_recycle(
            handoff_id=handoff.pk, by=handoff.giver, at=ANSWERED, on=NEXT_MONTH,
            to=handoff.receiver,
        )  # fmt: skip


# disputed


def test_a_dispute_stops_answer_and_starts_decide_for_both_managers():
    handoff = make_disputed()

    assert handoff.state == State.RETURNED
    assert outcome(handoff, "answer") == "met"
    assert outcome(handoff, "decide") == ""
    told = Delivery.objects.filter(about__endswith="disputed").values_list(
        "recipient", flat=True
    )
    assert set(told) == {person.pk for person in managers()}


def test_meanwhile_the_lead_keeps_its_seats_and_a_running_clock():
    handoff = make_disputed()

    assert handoff.lead.assignments.filter(until=None).exclude(member=None).count() == 2
    assert handoff.clocks.unstopped().count() == 1


def test_one_managers_word_decides_nothing():
    handoff = make_disputed()
    ours, _theirs = managers()

    decide(handoff, ours, counts=True)

    handoff.refresh_from_db()
    assert (handoff.state, handoff.decided_as) == (State.RETURNED, "")
    assert returns.words(handoff) == {"giver": "counts"}


def test_both_managers_agreeing_that_it_counts_offers_it_again():
    handoff = make_disputed()
    ours, theirs = managers()

    decide(handoff, ours, counts=True)
    decided = decide(handoff, theirs, counts=True, at=DECIDED + timedelta(minutes=1))

    assert (decided.state, decided.round, decided.decided_as) == (State.OFFERED, 2, "counts")
    assert outcome(decided, "decide") == "met"
    assert decided.clocks.filter(kind="accept", round=2, outcome="").exists()


def test_both_managers_agreeing_that_it_does_not_count_ends_it_in_nurture():
    handoff = make_disputed()
    for manager in managers():
        decided = decide(handoff, manager, counts=False)

    assert (decided.state, decided.decided_as) == (State.CLOSED, "does_not_count")
    assert decided.outcome == "nurture"
    assert not decided.clocks.unstopped().exists()
    kinds = [entry.kind for entry in ledger.entries_about(("handoff", handoff.pk))]
    assert kinds[-3:] == ["handoff_decide", "handoff_decide", "handoff_does_not_count"]


def test_managers_who_differ_leave_it_open_until_one_changes_their_word():
    handoff = make_disputed()
    ours, theirs = managers()
    decide(handoff, ours, counts=True)

    assert decide(handoff, theirs, counts=False).state == State.RETURNED
    assert decide(handoff, theirs, counts=True).state == State.OFFERED


def test_the_head_of_a_department_speaks_for_its_team():
    handoff = make_disputed()
    decide(handoff, make_signatory("marketing"), counts=False)
    assert decide(handoff, make_signatory("sales"), counts=False).state == State.CLOSED


def test_only_managers_decide():
    handoff = make_disputed()
    steward = make_team("inside-sales").steward
    for person in (handoff.giver, handoff.receiver, steward, make_operations()):
        with pytest.raises(NotYours):
            decide(handoff, person, counts=True)


def test_nothing_is_decided_that_nobody_disputes():
    with pytest.raises(NothingToDecide):
        decide(make_returned(), managers()[0], counts=True)


def test_a_return_is_disputed_once():
    handoff = make_disputed()
    with pytest.raises(DisputedBefore):
        returns.answer_dispute(handoff_id=handoff.pk, by=handoff.giver, at=DECIDED)


def test_undecided_past_its_due_instant_the_signed_default_decides():
    handoff = make_disputed()
    due = handoff.clocks.get(kind="decide").due_at

    sweep.raise_due(at=due)
    handoff.refresh_from_db()
    assert handoff.state == State.RETURNED
    sweep.raise_due(at=due + timedelta(seconds=10))

    handoff.refresh_from_db()
    assert (handoff.state, handoff.round, handoff.decided_as) == (State.OFFERED, 2, "counts")
    assert outcome(handoff, "decide") == "late"
    assert handoff.clocks.get(kind="decide").alerts.filter(step="due").exists()


def test_a_giver_who_mends_it_after_all_drops_the_dispute():
    handoff = make_disputed()

    again = returns.answer_fixed(handoff_id=handoff.pk, by=handoff.giver, at=DECIDED)

    assert again.state == State.OFFERED
    assert outcome(again, "decide") == "cancelled"
    assert not again.timers.to_come().filter(kind=Timer.Kind.DECIDE).exists()


def test_a_new_return_in_the_next_round_can_be_disputed_again():
    handoff = make_disputed()
    for manager in managers():
        decide(handoff, manager, counts=True)
    later = DECIDED + timedelta(hours=1)
    returns.give_back(handoff_id=handoff.pk, by=handoff.receiver, at=later, reason="no_need")

    again = returns.answer_dispute(
        handoff_id=handoff.pk, by=handoff.giver, at=later + timedelta(minutes=1)
    )

    assert again.disputed_at == later + timedelta(minutes=1)
    assert returns.words(again) == {}
