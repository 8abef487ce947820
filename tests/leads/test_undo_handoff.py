"""Undo: whose, how long, what comes back, and what it never takes back."""

from datetime import timedelta

import pytest

from leads.actions import clocks as clock_actions
from leads.actions.handing import endings, handoffs, returns
from leads.actions.handing.undo import undo, undoable
from leads.actions.journeys import touches
from leads.actions.sweeping import sweep
from leads.core.handoff import State
from leads.errors import NothingToUndo, UndoOvertaken, UndoTooLate
from leads.models import Assignment, Clock, Handoff, Lead, Timer
from portal import ledger
from tests.factories import MONDAY_NINE, make_accepted, make_handoff, make_lead, make_user
from tests.leads.test_offer import ready_for_outside

pytestmark = pytest.mark.django_db
ACTED = MONDAY_NINE + timedelta(minutes=20)
IN_TIME = ACTED + timedelta(seconds=30)
TOO_LATE = IN_TIME + timedelta(microseconds=1)
NEXT_MONTH = MONDAY_NINE + timedelta(days=30)
MEANWHILE = {"stopped_at", "outcome"}


def picture(lead):
    """Everything that a move may change, but for rows that say what was undone."""
    handoffs_now = Handoff.objects.filter(lead=lead).order_by("pk").values()
    running = Clock.objects.filter(lead=lead).exclude(outcome="cancelled").order_by("pk")
    seats = Assignment.objects.filter(lead=lead, until=None).order_by("department")
    return {
        "handoffs": list(handoffs_now),
        "clocks": list(running.values()),
        "seats": list(seats.values_list("department", "team", "member")),
        "lead": Lead.objects.filter(pk=lead.pk).values().get(),
        "timers": sorted(Timer.objects.to_come().filter(lead=lead).values_list("kind", "at")),
        "stages": list(lead.stage_entries.filter(undone_at=None).values_list("stage")),
        "turns": list(lead.turns.values_list("member", "given_back_at")),
    }


def accept(handoff):
    return handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=ACTED)


def give_back(handoff):
    return returns.give_back(
        handoff_id=handoff.pk, by=handoff.receiver, at=ACTED, reason="no_need", note="later"
    )


def make_returned():
    handoff = make_handoff()
    soon = MONDAY_NINE + timedelta(minutes=10)
    return returns.give_back(
        handoff_id=handoff.pk, by=handoff.receiver, at=soon, reason="no_need"
    )


def recycle(action, by):
    return lambda h: action(
        handoff_id=h.pk, by=getattr(h, by), at=ACTED, on=NEXT_MONTH,
        to=make_user(team="demand-generation"),
    )  # fmt: skip


MOVES = {
    "accept": (make_handoff, accept, "receiver"),
    "return of an offer": (make_handoff, give_back, "receiver"),
    "return after acceptance": (make_accepted, give_back, "receiver"),
    "withdraw": (
        make_handoff,
        lambda h: endings.withdraw(handoff_id=h.pk, by=h.giver, at=ACTED),
        "giver",
    ),
    "mend": (
        make_returned,
        lambda h: returns.answer_fixed(handoff_id=h.pk, by=h.giver, at=ACTED),
        "giver",
    ),
    "dispute": (
        make_returned,
        lambda h: returns.answer_dispute(handoff_id=h.pk, by=h.giver, at=ACTED, note="no"),
        "giver",
    ),
    "answer by nurture": (make_returned, recycle(endings.answer_recycle, "giver"), "giver"),
    "complete": (
        make_accepted,
        lambda h: endings.complete(handoff_id=h.pk, by=h.receiver, at=ACTED, outcome="won"),
        "receiver",
    ),
    "still talking": (
        make_accepted,
        lambda h: endings.still_talking(handoff_id=h.pk, by=h.receiver, at=ACTED, note="?"),
        "receiver",
    ),
    "close": (
        make_accepted,
        lambda h: endings.close(handoff_id=h.pk, by=h.receiver, at=ACTED, reason="A student"),
        "receiver",
    ),
    "recycle": (make_accepted, recycle(endings.recycle, "receiver"), "receiver"),
}


@pytest.mark.parametrize(("make", "act", "who"), MOVES.values(), ids=MOVES)
def test_an_undone_move_leaves_everything_as_it_was(make, act, who):
    handoff = make()
    before = picture(handoff.lead)
    act(handoff)
    assert picture(handoff.lead) != before

    undo(handoff_id=handoff.pk, by=getattr(handoff, who), at=IN_TIME)

    assert picture(handoff.lead) == before


@pytest.mark.parametrize(("make", "act", "who"), MOVES.values(), ids=MOVES)
def test_an_undone_move_can_be_made_again(make, act, who):
    handoff = make()
    state = act(handoff).state
    undo(handoff_id=handoff.pk, by=getattr(handoff, who), at=IN_TIME)

    assert act(handoff).state == state


def test_the_same_clocks_resume_with_their_original_instants():
    handoff = make_handoff()
    before = {c.pk: (c.due_at, c.steps, c.next_step_at) for c in handoff.clocks.all()}
    accept(handoff)

    undo(handoff_id=handoff.pk, by=handoff.receiver, at=IN_TIME)

    after = {c.pk: (c.due_at, c.steps, c.next_step_at) for c in handoff.clocks.unstopped()}
    assert after == before


def test_a_resumed_clock_raises_its_alert_as_if_nothing_had_been():
    handoff = make_handoff()
    accept(handoff)
    undo(handoff_id=handoff.pk, by=handoff.receiver, at=IN_TIME)
    due = handoff.clocks.get(kind="accept").due_at

    sweep.raise_due(at=due)

    assert handoff.clocks.get(kind="accept").alerts.filter(step="due", due_at=due).exists()


def test_more_than_thirty_seconds_later_nothing_is_undone():
    handoff = make_handoff()
    accept(handoff)

    with pytest.raises(UndoTooLate):
        undo(handoff_id=handoff.pk, by=handoff.receiver, at=TOO_LATE)

    handoff.refresh_from_db()
    assert handoff.state == State.ACCEPTED


def test_only_who_made_the_move_takes_it_back():
    handoff, colleague = make_handoff(), make_user()
    accept(handoff)
    with pytest.raises(NothingToUndo):
        undo(handoff_id=handoff.pk, by=colleague, at=IN_TIME)


def test_an_offer_is_withdrawn_and_not_undone():
    handoff = make_handoff()
    with pytest.raises(NothingToUndo):
        undo(handoff_id=handoff.pk, by=handoff.receiver, at=MONDAY_NINE)


def test_a_move_is_taken_back_once():
    handoff = make_handoff()
    accept(handoff)
    undo(handoff_id=handoff.pk, by=handoff.receiver, at=IN_TIME)
    with pytest.raises(NothingToUndo):
        undo(handoff_id=handoff.pk, by=handoff.receiver, at=IN_TIME)


def test_what_followed_on_the_handoff_stands_in_the_way():
    handoff = make_handoff()
    accept(handoff)
    touches.log(
        lead_id=handoff.lead_id, kind="call", by=handoff.receiver,
        at=ACTED + timedelta(seconds=10),
    )  # fmt: skip

    with pytest.raises(UndoOvertaken):
        undo(handoff_id=handoff.pk, by=handoff.receiver, at=IN_TIME)


def test_a_pause_that_followed_stands_in_the_way():
    handoff = accept(make_handoff())
    clock = handoff.clocks.get(kind="disposition")
    clock_actions.pause(
        clock_id=clock.pk, reason="call_back", by=handoff.receiver,
        at=ACTED + timedelta(seconds=5),
    )  # fmt: skip

    with pytest.raises(UndoOvertaken):
        undo(handoff_id=handoff.pk, by=handoff.receiver, at=IN_TIME)


def test_a_person_who_came_again_as_a_new_lead_stands_in_the_way():
    handoff = make_accepted(email_key="mia@example.test")
    endings.close(handoff_id=handoff.pk, by=handoff.receiver, at=ACTED, reason="A student")
    make_lead(email_key="mia@example.test", at=ACTED)

    with pytest.raises(UndoOvertaken):
        undo(handoff_id=handoff.pk, by=handoff.receiver, at=IN_TIME)


def test_the_attempt_that_accepted_is_marked_undone_with_it():
    handoff = make_handoff()
    before = picture(handoff.lead)
    touch = touches.log(lead_id=handoff.lead_id, kind="call", by=handoff.receiver, at=ACTED)

    undo(handoff_id=handoff.pk, by=handoff.receiver, at=IN_TIME)

    touch.refresh_from_db()
    assert touch.undone_at == IN_TIME
    assert picture(handoff.lead) == before


def test_undoing_an_acceptance_outside_brings_inside_sales_handoff_back():
    lead, seller = ready_for_outside()
    taker = make_user(team="outside-sales")
    handoff = handoffs.offer(
        lead_id=lead.pk, kind="to_outside_sales", by=seller, at=MONDAY_NINE
    )
    before = picture(lead)
    handoffs.accept(handoff_id=handoff.pk, by=taker, at=ACTED)

    undo(handoff_id=handoff.pk, by=taker, at=IN_TIME)

    assert picture(lead) == before


def test_undoing_a_closing_brings_back_what_ended_with_the_lead():
    lead, seller = ready_for_outside()
    make_user(team="outside-sales")
    handoffs.offer(lead_id=lead.pk, kind="to_outside_sales", by=seller, at=MONDAY_NINE)
    first = lead.handoffs.get(kind="to_inside_sales")
    before = picture(lead)
    endings.close(handoff_id=first.pk, by=seller, at=ACTED, reason="Gone.")

    undo(handoff_id=first.pk, by=seller, at=IN_TIME)

    assert picture(lead) == before


def test_the_ledger_keeps_the_move_and_its_undoing():
    handoff = make_handoff()
    accept(handoff)

    undo(handoff_id=handoff.pk, by=handoff.receiver, at=IN_TIME)

    kinds = [entry.kind for entry in ledger.entries_about(("handoff", handoff.pk))]
    assert kinds == ["handoff_offer", "handoff_accept", "handoff_undo"]
    made = handoff.moves.get(move="accept")
    assert made.undone_at == IN_TIME


def test_a_page_offers_an_undo_exactly_while_it_works():
    handoff, other = make_handoff(), make_user()
    accept(handoff)

    assert undoable(handoff, handoff.receiver, IN_TIME) is not None
    assert undoable(handoff, handoff.receiver, TOO_LATE) is None
    assert undoable(handoff, other, IN_TIME) is None
