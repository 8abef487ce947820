"""What came of a handoff: the outcome, its clocks, and the lead."""

from datetime import timedelta

import pytest

from leads.actions.handing import endings, handoffs
from leads.actions.journeys import touches
from leads.core.handoff import State
from leads.errors import HandoffHasMoved, NotYours
from leads.models import Timer
from portal import ledger
from tests.factories import MONDAY_NINE, make_accepted, make_handoff, make_user
from tests.leads.test_offer import ready_for_outside

pytestmark = pytest.mark.django_db
LATER = MONDAY_NINE + timedelta(hours=3)
NEXT_MONTH = MONDAY_NINE + timedelta(days=30)


def clocks(handoff):
    return dict(handoff.clocks.values_list("kind", "outcome"))


def test_a_completed_handoff_answers_disposition_and_cancels_the_rest():
    handoff = make_accepted()

    done = endings.complete(handoff_id=handoff.pk, by=handoff.receiver, at=LATER)

    assert (done.state, done.outcome, done.ended_at) == (State.COMPLETED, "moved_on", LATER)
    assert clocks(done) == {
        "accept": "met", "first_attempt": "cancelled", "cadence": "cancelled",
        "disposition": "met",
    }  # fmt: skip


def test_a_won_lead_stays_open_because_the_journey_goes_on_after_the_sale():
    handoff = make_accepted()

    done = endings.complete(handoff_id=handoff.pk, by=handoff.receiver, at=LATER, outcome="won")

    assert done.outcome == "won"
    assert done.lead.closed_at is None


def test_a_won_lead_at_the_last_stage_is_closed_as_won():
    handoff = make_accepted()
    handoff.lead.stage = "recommending"
    handoff.lead.save()

    done = endings.complete(handoff_id=handoff.pk, by=handoff.receiver, at=LATER, outcome="won")

    assert (done.lead.closed_as, done.lead.closed_at) == ("won", LATER)


def test_an_outcome_that_completes_nothing_is_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="nurture"):
        endings.complete(handoff_id=1, by=make_user(), at=LATER, outcome="nurture")


def test_still_talking_answers_disposition_and_the_handoff_stays_accepted():
    handoff = make_accepted()

    talking = endings.still_talking(handoff_id=handoff.pk, by=handoff.receiver, at=LATER)

    assert (talking.state, talking.outcome) == (State.ACCEPTED, "still_talking")
    assert clocks(talking)["disposition"] == "met"
    assert clocks(talking)["first_attempt"] == ""


@pytest.mark.parametrize(("lost", "closed_as"), [(False, "disqualified"), (True, "lost")])
def test_a_closed_handoff_closes_its_lead_and_the_ledger_says_so(lost, closed_as):
    handoff = make_accepted()

    closed = endings.close(
        handoff_id=handoff.pk, by=handoff.receiver, at=LATER, reason="A student.", lost=lost
    )

    assert (closed.state, closed.outcome) == (State.CLOSED, closed_as)
    assert (closed.lead.closed_as, closed.lead.closed_reason) == (closed_as, "A student.")
    kinds = [entry.kind for entry in ledger.entries_about(("lead", closed.lead.pk))]
    assert "lead_closed" in kinds


def test_closing_ends_what_else_is_open_on_the_lead():
    lead, seller = ready_for_outside()
    make_user(team="outside-sales")
    other = handoffs.offer(lead_id=lead.pk, kind="to_outside_sales", by=seller, at=MONDAY_NINE)
    first = lead.handoffs.get(kind="to_inside_sales")

    endings.close(handoff_id=first.pk, by=seller, at=LATER, reason="Gone.")

    other.refresh_from_db()
    assert (other.state, other.ended_at) == (State.CLOSED, LATER)
    assert not lead.clocks.unstopped().exists()
    assert not lead.timers.filter(cancelled_at=None).exists()


def test_recycling_leads_back_to_marketings_stage_with_a_day_to_look_again():
    handoff = make_accepted()

    back = endings.recycle(
        handoff_id=handoff.pk, by=handoff.receiver, at=LATER, on=NEXT_MONTH,
        note="New budget in spring.",
    )  # fmt: skip

    assert (back.state, back.outcome) == (State.CLOSED, "nurture")
    assert back.standing == "back to nurture"
    assert back.lead.stage == "comparing"
    assert back.lead.closed_at is None
    assert back.lead.timers.get(kind=Timer.Kind.RECYCLE).at == NEXT_MONTH
    assert clocks(back)["disposition"] == "met"


def test_outside_sales_recycles_to_where_marketing_acts():
    lead, seller = ready_for_outside()
    taker = make_user(team="outside-sales")
    handoff = handoffs.offer(
        lead_id=lead.pk, kind="to_outside_sales", by=seller, at=MONDAY_NINE
    )
    handoffs.accept(handoff_id=handoff.pk, by=taker, at=MONDAY_NINE)

    back = endings.recycle(handoff_id=handoff.pk, by=taker, at=LATER, on=NEXT_MONTH)

    assert back.lead.stage == "comparing"


def test_what_outside_sales_recycled_is_offered_inside_only_after_a_hand_raised_again():
    lead, seller = ready_for_outside()
    taker = make_user(team="outside-sales")
    outside = handoffs.offer(
        lead_id=lead.pk, kind="to_outside_sales", by=seller, at=MONDAY_NINE
    )
    handoffs.accept(handoff_id=outside.pk, by=taker, at=MONDAY_NINE)
    endings.recycle(handoff_id=outside.pk, by=taker, at=LATER, on=NEXT_MONTH)
    marketer = lead.handoffs.first().giver
    day = timedelta(days=1)

    touches.log(lead_id=lead.pk, kind="mail", by=marketer, at=LATER + day)
    assert lead.handoffs.count() == 2

    touches.log(lead_id=lead.pk, kind="demo_request", by=marketer, at=LATER + 2 * day)
    assert lead.handoffs.open().get().kind == "to_inside_sales"


def test_a_recycled_lead_can_be_offered_again_as_a_new_handoff():
    handoff = make_accepted()
    endings.recycle(handoff_id=handoff.pk, by=handoff.receiver, at=LATER, on=NEXT_MONTH)

    again = handoffs.offer(
        lead_id=handoff.lead_id, kind=handoff.kind, by=handoff.giver, at=NEXT_MONTH
    )

    assert again.pk != handoff.pk
    assert again.round == 1


def test_a_withdrawn_offer_cancels_its_clocks_and_keeps_what_was_late():
    handoff = make_handoff()
    due = handoff.clocks.get(kind="accept").due_at

    gone = endings.withdraw(
        handoff_id=handoff.pk, by=handoff.giver, at=due + timedelta(minutes=1)
    )

    assert gone.state == State.WITHDRAWN
    assert clocks(gone) == {"accept": "late", "first_attempt": "cancelled"}


def test_the_receiver_cannot_withdraw_and_the_giver_cannot_complete():
    offered, accepted = make_handoff(), make_accepted()
    with pytest.raises(NotYours):
        endings.withdraw(handoff_id=offered.pk, by=offered.receiver, at=LATER)
    with pytest.raises(NotYours):
        endings.complete(handoff_id=accepted.pk, by=accepted.giver, at=LATER)


def test_what_is_accepted_is_not_withdrawn_and_what_is_offered_is_not_completed():
    offered, accepted = make_handoff(), make_accepted()
    with pytest.raises(HandoffHasMoved):
        endings.withdraw(handoff_id=accepted.pk, by=accepted.giver, at=LATER)
    with pytest.raises(HandoffHasMoved):
        endings.complete(handoff_id=offered.pk, by=offered.receiver, at=LATER)


def test_an_accepted_handoff_is_recycled_and_not_answered_as_a_return():
    handoff = make_accepted()
    with pytest.raises(HandoffHasMoved):
        endings.answer_recycle(handoff_id=handoff.pk, by=handoff.giver, at=LATER, on=NEXT_MONTH)


def test_a_late_outcome_is_late_and_never_erased():
    handoff = make_accepted()
    due = handoff.clocks.get(kind="disposition").due_at

    endings.complete(handoff_id=handoff.pk, by=handoff.receiver, at=due + timedelta(seconds=1))

    assert clocks(handoff)["disposition"] == "late"
