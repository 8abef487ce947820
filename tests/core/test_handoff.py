"""The table of moves: what it allows, what it refuses, and that it prints itself whole."""

from dataclasses import replace
from pathlib import Path

import pytest

from leads.core.guards import Guard, Situation, holds
from leads.core.handoff import (
    HEADINGS,
    MOVES,
    OPEN,
    ROWS,
    UNDOABLE,
    IllegalMove,
    Move,
    State,
    Who,
    cells,
    first_refusal,
    next_state,
    possible,
    row_of,
    table,
)

SPECIFIED = {
    (None, "offer"): "offered",
    ("offered", "accept"): "accepted",
    ("offered", "return"): "returned",
    ("offered", "withdraw"): "withdrawn",
    ("offered", "expire"): "expired",
    ("offered", "reassign"): "offered",
    ("offered", "end"): "closed",
    ("accepted", "return"): "returned",
    ("accepted", "still_talking"): "accepted",
    ("accepted", "complete"): "completed",
    ("accepted", "close"): "closed",
    ("accepted", "recycle"): "closed",
    ("accepted", "reassign"): "accepted",
    ("accepted", "end"): "closed",
    ("returned", "fixed"): "offered",
    ("returned", "dispute"): "returned",
    ("returned", "decide"): "returned",
    ("returned", "counts"): "offered",
    ("returned", "does_not_count"): "closed",
    ("returned", "recycle"): "closed",
    ("returned", "reassign"): "returned",
    ("returned", "end"): "closed",
}

BREAKS = {
    Guard.VERSION: {"in_force": False},
    Guard.LEAD_OPEN: {"lead_open": False},
    Guard.NOT_HELD: {"held": True},
    Guard.ONE_OPEN: {"another_open": True},
    Guard.AHEAD: {"already_there": True},
    Guard.PACKAGE: {"missing": ("lead.phone",)},
    Guard.CRITERIA: {"unmet": ("spoken",)},
    Guard.REASON: {"reason_listed": False},
    Guard.CADENCE: {"needs_cadence": True},
    Guard.UNDISPUTED: {"disputed": True},
    Guard.DISPUTED: {"disputed": False},
    Guard.LATER: {"later": False},
    Guard.MEMBER: {"member": False},
    Guard.FRESH: {"fresh": False},
    Guard.UNFOLLOWED: {"followed": True},
}


def test_the_table_has_the_specified_moves_and_no_other():
    assert {(before, move): after for (before, move), after in MOVES.items()} == SPECIFIED


@pytest.mark.parametrize("state", [None, *State], ids=str)
@pytest.mark.parametrize("move", [move for move in Move if move != Move.UNDO], ids=str)
def test_a_move_without_a_row_is_illegal(state, move):
    if (state, move) in SPECIFIED:
        assert next_state(state, move) == SPECIFIED[state, move]
        assert move in possible(state)
    else:
        assert move not in possible(state)
        with pytest.raises(IllegalMove):
            next_state(state, move)


def test_an_illegal_move_says_from_where_it_was_tried():
    with pytest.raises(IllegalMove, match="a handoff that is closed cannot accept"):
        next_state(State.CLOSED, Move.ACCEPT)
    with pytest.raises(IllegalMove, match="not there cannot accept"):
        next_state(None, Move.ACCEPT)


def test_an_undo_leads_back_to_where_the_move_began_and_to_nowhere_else():
    assert next_state(State.ACCEPTED, Move.UNDO, before=State.OFFERED) == State.OFFERED
    with pytest.raises(IllegalMove, match="back to the state before"):
        next_state(State.ACCEPTED, Move.UNDO)


def test_what_can_be_undone_begins_in_an_open_state():
    assert {b for b, move in MOVES if move in UNDOABLE} <= OPEN


def test_what_has_ended_moves_no_more_but_by_an_undo():
    for state in set(State) - OPEN:
        assert possible(state) == {Move.UNDO}


@pytest.mark.parametrize("guard", Guard, ids=lambda guard: guard.name)
def test_each_guard_holds_until_its_own_condition_breaks(guard):
    fine = Situation(disputed=guard == Guard.DISPUTED)

    assert holds(guard, fine)
    assert not holds(guard, replace(fine, **BREAKS[guard]))


def test_a_gap_blocks_an_offer_by_hand_and_not_an_automatic_one():
    gap = Situation(missing=("lead.phone",))

    assert first_refusal(None, Move.OFFER, gap) == Guard.PACKAGE
    assert first_refusal(None, Move.OFFER, replace(gap, automatic=True)) is None


def test_a_waiver_lets_unmet_criteria_pass():
    unmet = Situation(unmet=("spoken",))

    assert first_refusal(None, Move.OFFER, unmet) == Guard.CRITERIA
    assert first_refusal(None, Move.OFFER, replace(unmet, waived=True)) is None


def test_unable_to_reach_passes_once_the_cadence_was_kept():
    asked = Situation(needs_cadence=True)

    assert first_refusal(State.ACCEPTED, Move.RETURN, asked) == Guard.CADENCE
    kept = replace(asked, cadence_kept=True)
    assert first_refusal(State.ACCEPTED, Move.RETURN, kept) is None


def test_a_dispute_is_decided_once():
    decided = Situation(disputed=True, decided=True)

    assert first_refusal(State.RETURNED, Move.DECIDE, decided) == Guard.DISPUTED


def test_the_first_guard_of_a_row_that_does_not_hold_is_the_reason():
    situation = Situation(lead_open=False, missing=("lead.phone",))

    assert first_refusal(None, Move.OFFER, situation) == Guard.LEAD_OPEN


def test_every_move_says_who_may_make_it_what_follows_and_what_the_ledger_keeps():
    for row in ROWS:
        assert row.who
        assert row.effects
        assert row.ledger == f"handoff_{row.move}"


def test_receiving_and_giving_side_never_make_each_others_moves():
    given = {Move.FIXED, Move.DISPUTE, Move.WITHDRAW}
    received = {Move.ACCEPT, Move.RETURN, Move.COMPLETE, Move.CLOSE, Move.STILL_TALKING}
    for row in ROWS:
        assert Who.RECEIVER not in row.who or row.move not in given
        assert Who.GIVER not in row.who or row.move not in received


def test_the_printed_table_has_a_line_for_each_row():
    lines = table().splitlines()

    assert lines[0] == f"| {' | '.join(HEADINGS)} |"
    assert len(lines) == 2 + len(ROWS) == 2 + len(list(cells()))
    assert "| accept | offered | accepted |" in lines[3]
    assert all(line.count("|") == len(HEADINGS) + 1 for line in lines)


def test_the_documented_table_is_the_one_that_decides():
    page = Path(__file__).parents[2] / "docs" / "handoffs.md"
    assert page.read_text(encoding="utf-8").endswith(table())


def test_one_row_answers_for_a_state_and_a_move():
    for state in (None, *State):
        for move in possible(state):
            same = [
                row
                for row in ROWS
                if row.move == move and (state in row.before if row.before else state is None)
            ]
            assert same == [row_of(state, move)]
