"""The handoff's table of moves: from which state, by whom, if what, to what effect.

One table decides, prints itself (`table`), and is what the tests walk. A move that a page
does not offer has no row here; reaching it is a fault of ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from leads.core.guards import Guard, Situation, holds

UNDO_WITHIN = timedelta(seconds=30)


class State(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    COMPLETED = "completed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


OPEN = frozenset({State.OFFERED, State.ACCEPTED, State.RETURNED})


class Move(StrEnum):
    OFFER = "offer"
    ACCEPT = "accept"
    RETURN = "return"
    FIXED = "fixed"
    DISPUTE = "dispute"
    DECIDE = "decide"
    COUNTS = "counts"
    DOES_NOT_COUNT = "does_not_count"
    STILL_TALKING = "still_talking"
    COMPLETE = "complete"
    CLOSE = "close"
    RECYCLE = "recycle"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    END = "end"
    REASSIGN = "reassign"
    UNDO = "undo"


class Who(StrEnum):
    """Who may make a move. A side acts by its seat, a deputy, its manager or its steward."""

    GIVER = "the giving side"
    RECEIVER = "the receiving side"
    WAIVER = "who waives for the receiver"
    MANAGERS = "the manager of either side"
    STEERING = "the team's manager or steward, the head, operations"
    AUTHOR = "who made the move"
    PORTAL = "the portal"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `before` empty: the handoff does not exist yet; `after` None:
    the state before the undone move."""

    move: Move
    before: tuple[State, ...]
    after: State | None
    who: tuple[Who, ...]
    guards: tuple[Guard, ...] = ()
    effects: tuple[str, ...] = ()

    @property
    def ledger(self) -> str:
        """The kind of the entry that the move writes."""
        return f"handoff_{self.move}"


_ROUND = (Guard.PACKAGE, Guard.CRITERIA)

ROWS: tuple[Row, ...] = (
    Row(
        Move.OFFER, (), State.OFFERED, (Who.GIVER, Who.WAIVER, Who.PORTAL),
        (Guard.VERSION, Guard.LEAD_OPEN, Guard.NOT_HELD, Guard.ONE_OPEN, Guard.AHEAD, *_ROUND),
        ("evidence is frozen", "a receiver is chosen, whose turn is spent",
         "the clocks of the offer start", "the expiry is set"),
    ),
    Row(
        Move.ACCEPT, (State.OFFERED,), State.ACCEPTED, (Who.RECEIVER,), (),
        ("the receiving department's seat goes to the acceptor", "the stage is entered",
         "accept stops", "the clocks of the acceptance start",
         "the acceptor's team completes the handoff before it"),
    ),
    Row(
        Move.RETURN, (State.OFFERED, State.ACCEPTED), State.RETURNED, (Who.RECEIVER,),
        (Guard.REASON, Guard.CADENCE),
        ("accept stops as answered", "the receiver's other clocks stop as returned",
         "answer starts", "the turn is given back", "an entered stage is left again"),
    ),
    Row(
        Move.FIXED, (State.RETURNED,), State.OFFERED, (Who.GIVER,), _ROUND,
        ("answer stops", "the next round begins with clocks of its own"),
    ),
    Row(
        Move.DISPUTE, (State.RETURNED,), State.RETURNED, (Who.GIVER,), (Guard.UNDISPUTED,),
        ("answer stops", "decide starts", "the default is set for when decide is due"),
    ),
    Row(
        Move.DECIDE, (State.RETURNED,), State.RETURNED, (Who.MANAGERS,), (Guard.DISPUTED,),
        ("one manager's word is kept; two that agree decide",),
    ),
    Row(
        Move.COUNTS, (State.RETURNED,), State.OFFERED, (Who.PORTAL,), (Guard.DISPUTED,),
        ("decide stops", "the next round begins with clocks of its own"),
    ),
    Row(
        Move.DOES_NOT_COUNT, (State.RETURNED,), State.CLOSED, (Who.PORTAL,),
        (Guard.DISPUTED,), ("decide stops", "the lead stays with the giver, in nurture"),
    ),
    Row(
        Move.STILL_TALKING, (State.ACCEPTED,), State.ACCEPTED, (Who.RECEIVER,), (),
        ("disposition stops",),
    ),
    Row(
        Move.COMPLETE, (State.ACCEPTED,), State.COMPLETED, (Who.RECEIVER, Who.PORTAL), (),
        ("disposition stops", "the other clocks are cancelled"),
    ),
    Row(
        Move.CLOSE, (State.ACCEPTED,), State.CLOSED, (Who.RECEIVER,), (),
        ("disposition stops", "the other clocks are cancelled", "the lead is closed",
         "what else is open on the lead ends"),
    ),
    Row(
        Move.RECYCLE, (State.ACCEPTED,), State.CLOSED, (Who.RECEIVER,), (Guard.LATER,),
        ("disposition stops", "the other clocks are cancelled",
         "an entered stage is left again", "the lead comes back to somebody on a day"),
    ),
    Row(
        Move.RECYCLE, (State.RETURNED,), State.CLOSED, (Who.GIVER,), (Guard.LATER,),
        ("answer stops", "the other clocks are cancelled",
         "the lead comes back to somebody on a day"),
    ),
    Row(
        Move.WITHDRAW, (State.OFFERED,), State.WITHDRAWN, (Who.GIVER,), (),
        ("the clocks are cancelled, what was late stays late", "the turn is given back"),
    ),
    Row(
        Move.EXPIRE, (State.OFFERED,), State.EXPIRED, (Who.PORTAL,), (),
        ("the clocks are cancelled, what was late stays late", "the turn is given back"),
    ),
    Row(
        Move.END, (State.OFFERED, State.ACCEPTED, State.RETURNED), State.CLOSED,
        (Who.PORTAL,), (), ("the clocks are cancelled, what was late stays late",),
    ),
    Row(
        Move.REASSIGN, (State.OFFERED,), State.OFFERED, (Who.STEERING,), (Guard.MEMBER,),
        ("seat and running clocks change hands", "no clock restarts"),
    ),
    Row(
        Move.REASSIGN, (State.ACCEPTED,), State.ACCEPTED, (Who.STEERING,), (Guard.MEMBER,),
        ("seat and running clocks change hands", "no clock restarts"),
    ),
    Row(
        Move.REASSIGN, (State.RETURNED,), State.RETURNED, (Who.STEERING,), (Guard.MEMBER,),
        ("seat and running clocks change hands", "no clock restarts"),
    ),
    Row(
        Move.UNDO, tuple(State), None, (Who.AUTHOR,), (Guard.FRESH, Guard.UNFOLLOWED),
        ("seats, stage, lead and timers are as before",
         "the same clocks run on to their old instants"),
    ),
)  # fmt: skip

MOVES: dict[tuple[State | None, Move], State] = {
    (before, row.move): row.after
    for row in ROWS
    for before in row.before or (None,)
    if row.after is not None
}

UNDOABLE = frozenset(
    {
        Move.ACCEPT, Move.RETURN, Move.FIXED, Move.DISPUTE, Move.STILL_TALKING, Move.COMPLETE,
        Move.CLOSE, Move.RECYCLE, Move.WITHDRAW,
    }
)  # fmt: skip
"""What its author can take back. Decisions and reassignments are taken back by another."""


class IllegalMove(ValueError):
    """The table of moves has no such row."""


def row_of(state: State | None, move: Move) -> Row:
    """Return the line for `move` from `state`; None: there is no handoff yet.

    Raises IllegalMove if the table has none.
    """
    for row in ROWS:
        if row.move == move and (state in row.before if row.before else state is None):
            return row
    raise IllegalMove(f"a handoff that is {state or 'not there'} cannot {move}")


def next_state(state: State | None, move: Move, *, before: State | None = None) -> State:
    """Return the state after `move`; for UNDO that is `before`, the undone move's start.

    Raises IllegalMove if the table has no such row, or an undo does not say what it undoes.
    """
    after = row_of(state, move).after or before
    if after is None:
        raise IllegalMove("an undo leads back to the state before a move")
    return after


def possible(state: State | None) -> frozenset[Move]:
    """Return the moves that the table has from `state`."""
    return frozenset(
        row.move for row in ROWS if (state in row.before if row.before else state is None)
    )


def first_refusal(state: State | None, move: Move, situation: Situation) -> Guard | None:
    """Return the first guard of the row that does not hold; None: the move may be made."""
    guards = row_of(state, move).guards
    return next((guard for guard in guards if not holds(guard, situation)), None)


HEADINGS = ("move", "from", "to", "who may", "if", "then", "ledger")


def cells() -> Iterator[tuple[str, ...]]:
    """Yield the table as texts, a tuple in the order of HEADINGS for each row."""
    for row in ROWS:
        yield (
            row.move.replace("_", " "),
            ", ".join(row.before) or "–",
            row.after or "as before",
            ", ".join(row.who),
            "; ".join(row.guards) or "–",
            "; ".join(row.effects),
            row.ledger,
        )


def table() -> str:
    """Return the whole table in Markdown."""
    lines = [HEADINGS, ("---",) * len(HEADINGS), *cells()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
