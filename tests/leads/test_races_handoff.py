"""Sixteen at once on one handoff: one wins, the others are told, and nothing is half done."""

from collections import Counter
from datetime import timedelta
from functools import partial
from itertools import cycle

import pytest
from django.db import connection

from leads.actions.handing import endings, handoffs, returns
from leads.actions.handing.undo import undo
from leads.actions.intake import Arrival, receive
from leads.actions.journeys import touches
from leads.actions.sweeping import sweep
from leads.core.handoff import State
from leads.errors import HandoffAlreadyAnswered, HandoffHasMoved, HandoffIsOpen
from leads.models import Handoff, Turn
from portal.accounts.models import Absence
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_handoff, make_lead, make_team, make_user
from tests.leads.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SOON = MONDAY_NINE + timedelta(minutes=20)
MANY = 16


def settled(handoff):
    """What must be true whoever won: one seat a department, one clock a promise, no gap in
    the ledger."""
    handoff.refresh_from_db()
    lead = handoff.lead
    assert lead.assignments.filter(until=None).count() == 2
    running = handoff.clocks.exclude(outcome="cancelled")
    assert running.count() == running.values("obligation", "round").distinct().count()
    numbers = list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    return handoff


def test_sixteen_deputies_accept_and_one_gets_it():
    handoff = make_handoff()
    people = [make_user() for _ in range(MANY)]
    for one in people:
        Absence.objects.create(
            user=handoff.receiver, deputy=one, starts_at=MONDAY_NINE,
            ends_at=MONDAY_NINE + timedelta(days=1),
        )  # fmt: skip

    won, refused = at_once(
        [partial(handoffs.accept, handoff_id=handoff.pk, by=one, at=SOON) for one in people]
    )

    assert len(won) == 1
    assert {type(error) for error in refused} == {HandoffAlreadyAnswered}
    assert settled(handoff).receiver == won[0].receiver
    assert str(won[0].receiver) in str(refused[0])
    assert handoff.moves.filter(move="accept").count() == 1


def test_sixteen_who_accept_return_withdraw_and_expire_leave_one_answer():
    handoff = make_handoff()
    receiver, giver = handoff.receiver, handoff.giver
    manager = make_team("inside-sales").manager
    acts = cycle(
        [
            partial(handoffs.accept, by=receiver, at=SOON),
            partial(returns.give_back, by=manager, at=SOON, reason="no_need"),
            partial(endings.withdraw, by=giver, at=SOON),
            partial(handoffs.accept, by=manager, at=SOON),
        ]
    )

    at_once([partial(next(acts), handoff_id=handoff.pk) for _ in range(MANY)])

    settled(handoff)
    made = list(handoff.moves.order_by("pk").values_list("move", flat=True))
    # A return may still follow an acceptance: that is two moves, one after the other.
    assert made in (
        ["offer", "accept"], ["offer", "return"], ["offer", "withdraw"],
        ["offer", "accept", "return"],
    )  # fmt: skip


def test_sixteen_attempts_at_once_accept_once_and_all_are_kept():
    handoff = make_handoff()
    person = handoff.receiver

    logged, refused = at_once(
        [
            partial(touches.log, lead_id=handoff.lead_id, kind="call", by=person, at=SOON)
            for _ in range(MANY)
        ]
    )

    assert (len(logged), refused) == (MANY, [])
    assert handoff.moves.filter(move="accept").count() == 1
    assert settled(handoff).clocks.get(kind="cadence").attempts_made == 6


def test_sixteen_offers_of_one_lead_make_one_handoff():
    lead = make_lead()
    giver = lead.assignments.get(department="marketing").member
    make_user()

    won, refused = at_once(
        [
            partial(
                handoffs.offer, lead_id=lead.pk, kind="to_inside_sales", by=giver,
                at=MONDAY_NINE,
            )
            for _ in range(MANY)
        ]
    )  # fmt: skip

    assert len(won) == 1
    assert {type(error) for error in refused} == {HandoffIsOpen}
    assert Handoff.objects.get().pk == won[0].pk


def test_sixteen_undo_at_once_and_one_takes_it_back():
    handoff = make_handoff()
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=SOON)

    won, refused = at_once(
        [partial(undo, handoff_id=handoff.pk, by=handoff.receiver, at=SOON)] * MANY
    )

    assert (len(won), len(refused)) == (1, MANY - 1)
    assert settled(handoff).state == State.OFFERED


def test_both_managers_decide_at_once_and_it_is_decided_once():
    handoff = make_handoff()
    returns.give_back(handoff_id=handoff.pk, by=handoff.receiver, at=SOON, reason="no_need")
    returns.answer_dispute(handoff_id=handoff.pk, by=handoff.giver, at=SOON)
    managers = [make_team(key).manager for key in ("demand-generation", "inside-sales")]

    at_once(
        [
            partial(returns.decide, handoff_id=handoff.pk, by=one, at=SOON, counts=True)
            for one in managers * (MANY // 2)
        ]
    )

    assert settled(handoff).state == State.OFFERED
    assert handoff.round == 2
    assert handoff.moves.filter(move="counts").count() == 1


def test_accepting_while_the_sweep_expires_it_ends_in_one_of_both():
    handoff = make_handoff()
    expiry = handoff.timers.get().at
    accept = partial(
        handoffs.accept, handoff_id=handoff.pk, by=handoff.receiver,
        at=expiry + timedelta(seconds=1),
    )  # fmt: skip
    pass_by = partial(sweep.raise_due, at=expiry + timedelta(seconds=1))

    _, refused = at_once([accept, pass_by, pass_by, pass_by])

    ended = settled(handoff).state
    assert ended in {State.ACCEPTED, State.EXPIRED}
    assert [type(error) for error in refused] == (
        [HandoffHasMoved] if ended == State.EXPIRED else []
    )


def test_arrivals_and_offers_at_once_take_their_turns_and_never_wait_crosswise():
    leads = [make_lead() for _ in range(MANY // 2)]
    for _ in range(3):
        make_user()
    offers = [
        partial(
            handoffs.offer, lead_id=lead.pk, kind="to_inside_sales", at=MONDAY_NINE,
            by=lead.assignments.get(department="marketing").member,
        )
        for lead in leads
    ]  # fmt: skip
    arrivals = [
        partial(receive, arrival=Arrival(email=f"new{n}@example.test"), at=MONDAY_NINE)
        for n in range(MANY // 2)
    ]

    won, refused = at_once([*offers, *arrivals])

    assert (len(won), refused) == (MANY, [])
    shares = Turn.objects.filter(team__key="inside-sales").values_list("member", flat=True)
    counts = Counter(shares)
    assert max(counts.values()) - min(counts.values()) <= 1


@pytest.mark.slow
@pytest.mark.parametrize("number", range(30))
def test_many_rounds_of_sixteen_have_one_winner_each(number, record_property):
    assert connection.vendor in {"sqlite", "postgresql"}
    record_property("people at once", 16)
    test_sixteen_deputies_accept_and_one_gets_it()
