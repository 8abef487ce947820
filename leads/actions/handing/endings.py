"""What came of a handoff: done, still talking, closed, back to nurture, taken back, expired."""

from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions import clocks
from leads.actions.alerting import notices
from leads.actions.handing import memory
from leads.actions.handing.refusals import require
from leads.actions.handing.returns import leave_stage
from leads.actions.handing.transitions import handoffs_of, lock, move
from leads.actions.owning import routing
from leads.actions.saving import save
from leads.actions.sweeping import timers
from leads.core.guards import Situation
from leads.core.handoff import Move, State
from leads.core.words import reasons
from leads.errors import NotInTheTeam
from leads.models import Clock, Handoff, Lead, Timer
from portal import ledger
from portal.accounts.models import User

Outcome = Handoff.Outcome


@ledger.recorded
def complete(
    *, handoff_id: int, by: User, at: datetime, outcome: str = Outcome.MOVED_ON, note: str = ""
) -> Handoff:
    """Say that the receiver's work is done: `moved_on` along the journey, or `won`.

    The lead stays open, as the journey goes on after the sale; at its last stage a won
    lead is closed. Raises NotYours, HandoffHasMoved; ValueError for another outcome.
    """
    if outcome not in {Outcome.MOVED_ON, Outcome.WON}:
        raise ValueError(f"a handoff is not completed as {outcome!r}")
    handoff = lock(handoff_id)
    require(handoff, Move.COMPLETE, by=by, at=at)
    _complete(handoff, outcome, by=by, at=at, note=note)
    if outcome == Outcome.WON and _at_the_last_stage(handoff):
        _close_lead(handoff.lead, Lead.Closed.WON, note, by=by, at=at)
    return handoff


@ledger.recorded
def still_talking(*, handoff_id: int, by: User, at: datetime, note: str = "") -> Handoff:
    """Answer `disposition` with: the talks go on. The handoff stays accepted.

    Raises NotYours, HandoffHasMoved.
    """
    handoff = lock(handoff_id)
    require(handoff, Move.STILL_TALKING, by=by, at=at)
    seen = memory.remember(handoff)
    handoff.outcome, handoff.outcome_reason = Outcome.STILL_TALKING, note
    move(handoff, Move.STILL_TALKING, by=by, at=at, note=note, undo=seen)
    clocks.stop(handoff.clocks.unstopped().filter(kind="disposition"), at=at)
    return handoff


@ledger.recorded
def close(
    *, handoff_id: int, by: User, at: datetime, reason: str, lost: bool = False
) -> Handoff:
    """Close the handoff and its lead for good: disqualified, or lost to somebody else.

    What else is open on the lead ends with it. Raises NotYours, HandoffHasMoved.
    """
    handoff = lock(handoff_id)
    require(handoff, Move.CLOSE, by=by, at=at)
    seen = memory.remember(handoff)
    handoff.outcome = Outcome.LOST if lost else Outcome.DISQUALIFIED
    handoff.outcome_reason = reason
    made = move(handoff, Move.CLOSE, by=by, at=at, note=reason, undo=seen)
    _stop_all(handoff, at, answered="disposition")
    memory.add(made, also=end_others(handoff, at=at))
    closed_as = Lead.Closed.LOST if lost else Lead.Closed.DISQUALIFIED
    _close_lead(handoff.lead, closed_as, reason, by=by, at=at)
    return handoff


@ledger.recorded
def recycle(
    *,
    handoff_id: int,
    by: User,
    at: datetime,
    on: datetime,
    to: User | None = None,
    note: str = "",
) -> Handoff:
    """Give an accepted lead back to nurture until `on`, when `to` is told to look again.

    `to`: an active member of Marketing, who gets its seat; else who has it now. The
    timed event of the day is swept like a clock. Raises DayIsPast, NotInTheTeam, NotYours,
    HandoffHasMoved.
    """
    return _recycle(handoff_id, {State.ACCEPTED}, by=by, at=at, on=on, to=to, note=note)


@ledger.recorded
def answer_recycle(
    *,
    handoff_id: int,
    by: User,
    at: datetime,
    on: datetime,
    to: User | None = None,
    note: str = "",
) -> Handoff:
    """Answer a return: back to nurture until `on`. Otherwise as `recycle`."""
    return _recycle(handoff_id, {State.RETURNED}, by=by, at=at, on=on, to=to, note=note)


@ledger.recorded
def withdraw(*, handoff_id: int, by: User, at: datetime, note: str = "") -> Handoff:
    """Take an offer back before anybody answered; what was late stays late.

    Raises NotYours, HandoffHasMoved.
    """
    handoff = lock(handoff_id)
    require(handoff, Move.WITHDRAW, by=by, at=at)
    seen = memory.remember(handoff)
    handoff.outcome_reason = note
    move(handoff, Move.WITHDRAW, by=by, at=at, note=note, undo=seen)
    _let_go(handoff, at)
    return handoff


def expire_step(handoff: Handoff, *, at: datetime) -> None:
    """Give an unanswered offer back to its giver: an inner step on the locked handoff."""
    if handoff.state != State.OFFERED:
        return
    move(handoff, Move.EXPIRE, by=None, at=at)
    _let_go(handoff, at)
    notices.expired(handoff, at)


def expire(timer: Timer, at: datetime) -> None:
    """The sweep's step for an offer whose time is over; a later round has its own timer.

    It expired when it was due, whenever a sweep came by.
    """
    if timer.handoff_id is None:
        return
    handoff = lock(timer.handoff_id)
    if handoff.round == timer.round:
        expire_step(handoff, at=timer.at)


def come_back(timer: Timer, at: datetime) -> None:
    """The sweep's step for a day to look again: Marketing's seat is told.

    Not of a lead that was handed over meanwhile: it is back already.
    """
    lead = timer.lead
    if timer.handoff is None or lead.closed_at is not None or lead.handoffs.open().exists():
        return
    seat = routing.seat_of(lead, "marketing")
    notices.back_from_nurture(timer.handoff, seat.member, seat.team, at)


def finish_earlier(handoff: Handoff, *, at: datetime) -> list[int]:
    """Complete, as moved on, what the giving team had accepted before: an inner step.

    Returns the moves made. Whoever hands a lead on has answered for it.
    """
    earlier = sorted(
        one.pk
        for one in handoffs_of(handoff.lead)
        if one.state == State.ACCEPTED
        and one.receiver_team_id == handoff.giver_team_id
        and one.pk != handoff.pk
    )
    return [_complete(lock(pk), Outcome.MOVED_ON, by=None, at=at, note="") for pk in earlier]


def end_others(handoff: Handoff, *, at: datetime) -> list[int]:
    """End what else is open on the lead: an inner step; returns the moves made."""
    others = handoff.lead.handoffs.open().exclude(pk=handoff.pk).order_by("pk")
    return [end_step(lock(one.pk), at=at) for one in others]


def end_step(handoff: Handoff, *, at: datetime, reason: str = "") -> int:
    """End a locked open handoff because its lead ends or becomes another's: an inner step.

    Returns the move made. Clocks are cancelled; what was late stays late.
    """
    seen = memory.remember(handoff)
    handoff.outcome_reason = reason
    made = move(handoff, Move.END, by=None, at=at, note=reason, undo=seen)
    _stop_all(handoff, at)
    return made.pk


def _recycle(
    handoff_id: int,
    states: set[State],
    *,
    by: User,
    at: datetime,
    on: datetime,
    to: User | None,
    note: str,
) -> Handoff:
    handoff = lock(handoff_id)
    require(
        handoff, Move.RECYCLE, by=by, at=at, situation=Situation(later=on > at), only=states
    )
    if to is not None and not (to.is_active and to.department_id == "marketing" and to.team):
        raise NotInTheTeam(_("A lead in nurture is with an active member of Marketing."))
    seen = memory.remember(handoff)
    handoff.outcome, handoff.outcome_reason = Outcome.NURTURE, note
    made = move(handoff, Move.RECYCLE, by=by, at=at, note=note, undo=seen)
    _stop_all(handoff, at, answered="answer" if states == {State.RETURNED} else "disposition")
    memory.add(made, also=end_others(handoff, at=at))
    leave_stage(handoff, by=by, at=at, to_stage=_nurtured_at(handoff))
    _seat_for_nurture(handoff, to, by=by, at=at)
    timers.set_timer(
        Timer.Kind.RECYCLE, at=on, lead=handoff.lead, handoff=handoff, round=handoff.round
    )
    return handoff


def _complete(
    handoff: Handoff, outcome: str, *, by: User | None, at: datetime, note: str
) -> int:
    seen = memory.remember(handoff)
    handoff.outcome, handoff.outcome_reason = outcome, note
    made = move(handoff, Move.COMPLETE, by=by, at=at, reason=outcome, note=note, undo=seen)
    _stop_all(handoff, at, answered="disposition")
    return made.pk


def _stop_all(handoff: Handoff, at: datetime, *, answered: str = "") -> None:
    """Stop the clocks: the kind that the move answers as met, the others as cancelled."""
    running = handoff.clocks.unstopped()
    clocks.stop(running.filter(kind=answered), at=at)
    clocks.stop(handoff.clocks.unstopped(), at=at, outcome=Clock.Outcome.CANCELLED)
    timers.cancel_timers(at=at, handoff=handoff)


def _let_go(handoff: Handoff, at: datetime) -> None:
    _stop_all(handoff, at)
    routing.give_turn_back(handoff.lead, handoff.receiver_team, handoff.receiver, at)


def _nurtured_at(handoff: Handoff) -> str | None:
    """The last stage before the handoff's in which Marketing acts; None if there is none."""
    terms = handoff.version.parsed
    order = [stage.key for stage in terms.journey]
    before = terms.journey[: order.index(terms.handoff(handoff.kind).to_stage)]
    return next((one.key for one in reversed(before) if one.acts == "marketing"), None)


def _seat_for_nurture(handoff: Handoff, to: User | None, *, by: User, at: datetime) -> None:
    if to is None or to.team is None:
        return
    if routing.seat_of(handoff.lead, "marketing").member_id != to.pk:
        why = [reasons.GIVEN_TO_NURTURE % {"who": by}]
        routing.seat(handoff.lead, "marketing", team=to.team, member=to, at=at, by=by, why=why)


def _at_the_last_stage(handoff: Handoff) -> bool:
    return handoff.lead.stage == handoff.version.parsed.journey[-1].key


def _close_lead(lead: Lead, closed_as: str, reason: str, *, by: User, at: datetime) -> None:
    lead.closed_at, lead.closed_as, lead.closed_reason = at, closed_as, reason[:200]
    save(lead, "closed_at", "closed_as", "closed_reason", at=at, by=by)
    timers.cancel_timers(at=at, lead=lead)
    ledger.append(
        "lead_closed",
        at=at,
        by=by,
        subject=("lead", lead.pk),
        department=by.department_id,
        clear={"as": closed_as},
        committed={"reason": reason} if reason else None,
    )
