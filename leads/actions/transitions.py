"""The one writer of a handoff's state, and how its rows are locked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leads.core.handoff import OPEN, Move, State, next_state, row_of
from leads.models import Handoff, HandoffMove, Lead
from portal import ledger
from portal.accounts.models import User


def lock_lead(lead_id: int) -> Lead:
    """The lead, locked until the transaction ends. The first lock of every action on it:
    whoever has it may touch its handoffs, clocks and seats."""
    leads = Lead.objects.select_for_update(no_key=True, of=("self",))
    return leads.select_related("company", "agreement").get(pk=lead_id)


def lock(handoff_id: int) -> Handoff:
    """The handoff, locked after its lead, both as they stand now. Raises DoesNotExist."""
    lead_id = Handoff.objects.values_list("lead_id", flat=True).get(pk=handoff_id)
    lead = lock_lead(lead_id)
    handoffs = Handoff.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "version", "giver", "receiver", "giver_team__department", "receiver_team__department"
    )
    handoff = handoffs.get(pk=handoff_id)
    handoff.lead = lead
    return handoff


def move(
    handoff: Handoff,
    step: Move,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    note: str = "",
    undo: Mapping[str, Any] | None = None,
    before: State | None = None,
    recorded_at: datetime | None = None,
) -> HandoffMove:
    """Make one step of a locked (or new) handoff and save it whole: the only writer of state.

    What else the caller has set on the row is saved with it. `undo` is what
    `memory.remember` saw before; `before` the state that an UNDO leads back to;
    `recorded_at` when it is written down, where a trusted source tells of `at` later.
    Raises IllegalMove if the table has no such row.
    """
    made = turn(handoff, step, by=by, at=at, before=before)
    made.reason, made.note, made.undo = reason, note, dict(undo or {})
    handoff.save()
    made.handoff = handoff
    made.save()
    say(made, recorded_at or at)
    return made


def turn(
    handoff: Handoff, step: Move, *, by: User | None, at: datetime, before: State | None = None
) -> HandoffMove:
    """Let `handoff` be in its next state; it and the move returned are not saved yet.

    Raises IllegalMove if the table has no such row.
    """
    state = State(handoff.state) if handoff.state else None
    after = next_state(state, step, before=before)
    handoff.state = after
    handoff.ended_at = None if after in OPEN else handoff.ended_at or at
    return HandoffMove(
        handoff=handoff,
        move=step,
        from_state=state or "",
        to_state=after,
        round=handoff.round,
        at=at,
        by=by,
    )


def say(made: HandoffMove, recorded_at: datetime) -> None:
    """Say in the ledger what move was made: an inner step."""
    handoff, step = made.handoff, Move(made.move)
    giving = step in {Move.OFFER, Move.FIXED, Move.DISPUTE, Move.WITHDRAW}
    team = handoff.giver_team if giving else handoff.receiver_team
    state = State(made.from_state) if made.from_state else None
    ledger.append(
        row_of(state, step).ledger,
        at=recorded_at,
        by=made.by,
        subject=("handoff", handoff.pk),
        lead=handoff.lead_id,
        department=team.department_id,
        team=team.key,
        clear={
            "at": made.at,
            "kind": handoff.kind,
            "from": made.from_state,
            "to": made.to_state,
            "round": made.round,
            "version": handoff.version_id,
            "giver": handoff.giver_id,
            "receiver": handoff.receiver_id,
            "reason": made.reason,
        },
        committed={"note": made.note} if made.note else None,
    )
