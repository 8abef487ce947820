"""Returning: the reasons, what becomes of each clock, and who acts then."""

from datetime import timedelta

import pytest

from leads.actions.handing import handoffs, returns
from leads.actions.journeys import touches
from leads.core.handoff import State
from leads.errors import CadenceNotKept, HandoffAlreadyAnswered, NotYours, UnknownReason
from leads.models import Turn
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_accepted, make_handoff, make_lead, make_user

pytestmark = pytest.mark.django_db
SOON = MONDAY_NINE + timedelta(minutes=20)


def give_back(handoff, by=None, at=SOON, reason="no_need", note=""):
    return returns.give_back(
        handoff_id=handoff.pk, by=by or handoff.receiver, at=at, reason=reason, note=note
    )


def outcomes(handoff):
    return dict(handoff.clocks.values_list("kind", "outcome"))


def seat(lead, department):
    return lead.assignments.get(department=department, until=None)


def test_a_return_of_an_offer_answers_it_and_leaves_the_rest_out():
    handoff = give_back(make_handoff(), note="No project before next year.")

    assert handoff.state == State.RETURNED
    assert handoff.return_reason == "no_need"
    assert outcomes(handoff) == {"accept": "met", "first_attempt": "returned", "answer": ""}


def test_the_givers_answer_starts_and_the_giver_is_told():
    handoff = give_back(make_handoff(), note="No project before next year.")

    owed = handoff.clocks.get(kind="answer")
    assert (owed.owner, owed.started_at, owed.department_id) == (
        handoff.giver, SOON, "marketing",
    )  # fmt: skip
    told = Delivery.objects.get(recipient=handoff.giver, about__contains="returned")
    assert "No need now" in told.title
    assert told.text == "No project before next year."


def test_late_clocks_of_the_receiver_stay_late():
    handoff = make_handoff()
    a_week_later = MONDAY_NINE + timedelta(days=7)

    give_back(handoff, at=a_week_later)

    assert outcomes(handoff) == {"accept": "late", "first_attempt": "late", "answer": ""}


def test_a_return_after_acceptance_leaves_the_stage_again_and_keeps_the_seats():
    handoff = give_back(make_accepted(at=MONDAY_NINE))

    assert handoff.lead.stage == "comparing"
    back = handoff.lead.stage_entries.latest("pk")
    assert (back.stage, back.from_stage, back.handoff) == ("comparing", "talking", handoff)
    assert seat(handoff.lead, "sales").member == handoff.receiver
    assert outcomes(handoff)["disposition"] == "returned"


def test_a_return_to_inside_sales_gives_them_the_seat_back():
    from tests.leads.test_offer import ready_for_outside

    lead, seller = ready_for_outside()
    taker = make_user(team="outside-sales")
    handoff = handoffs.offer(
        lead_id=lead.pk, kind="to_outside_sales", by=seller, at=MONDAY_NINE
    )
    handoffs.accept(handoff_id=handoff.pk, by=taker, at=MONDAY_NINE)

    handoff = give_back(handoff, by=taker)

    assert seat(lead, "sales").member == seller
    assert handoff.clocks.get(kind="answer").owner == seller
    assert handoff.lead.stage == "talking"


def test_a_reason_that_the_version_does_not_list_is_refused():
    with pytest.raises(UnknownReason):
        give_back(make_handoff(), reason="bad_mood")


def test_unable_to_reach_needs_the_cadence():
    offered, accepted = make_handoff(), make_accepted()
    for handoff in (offered, accepted):
        with pytest.raises(CadenceNotKept):
            give_back(handoff, reason="unable_to_reach")


def test_unable_to_reach_is_accepted_after_the_last_promised_attempt():
    handoff = make_accepted()
    for hour in range(6):
        with pytest.raises(CadenceNotKept):
            give_back(handoff, reason="unable_to_reach", at=SOON + timedelta(hours=hour))
        touches.log(
            lead_id=handoff.lead_id, kind="call", by=handoff.receiver,
            at=SOON + timedelta(hours=hour),
        )  # fmt: skip

    returned = give_back(handoff, reason="unable_to_reach", at=SOON + timedelta(hours=7))

    assert returned.state == State.RETURNED
    assert outcomes(handoff)["cadence"] == "met"


def test_a_colleague_who_does_not_act_for_the_lead_cannot_return_it():
    handoff = make_handoff()
    for stranger in (make_user(), handoff.giver):
        with pytest.raises(NotYours):
            give_back(handoff, by=stranger)


def test_a_return_gives_the_turn_back():
    one, _two = make_user(), make_user()
    lead = make_lead()
    handoff = handoffs.offer(lead_id=lead.pk, kind="to_inside_sales", by=None, at=MONDAY_NINE)
    assert Turn.objects.get(member=handoff.receiver).given_back_at is None

    give_back(handoff)

    assert Turn.objects.get(member=handoff.receiver).given_back_at == SOON
    assert one.team == handoff.receiver_team


def test_what_was_returned_is_not_accepted():
    handoff = make_handoff()
    give_back(handoff)
    with pytest.raises(HandoffAlreadyAnswered, match="returned this 5 s ago"):
        handoffs.accept(
            handoff_id=handoff.pk, by=handoff.receiver, at=SOON + timedelta(seconds=5)
        )


def test_a_return_stops_the_expiry():
    handoff = make_handoff()
    give_back(handoff)
    assert not handoff.timers.filter(cancelled_at=None).exists()
