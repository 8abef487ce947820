"""A handoff comes back: the reason, the giver's answer, and who decides a dispute."""

from datetime import datetime, timedelta

from leads.actions import clocks
from leads.actions.alerting import notices
from leads.actions.handing import memory, rounds
from leads.actions.handing.refusals import refusal, require
from leads.actions.handing.transitions import lock, move
from leads.actions.journeys import stages
from leads.actions.owning import routing
from leads.actions.sweeping import timers
from leads.core.guards import Situation
from leads.core.handoff import Move, State, first_refusal
from leads.core.words import reasons
from leads.models import Clock, Handoff, HandoffMove, Timer
from portal import ledger
from portal.accounts import permissions
from portal.accounts.models import User
from sla.core.terms import ReturnReason

GIVERS = ("answer", "complete_package", "decide")
"""Kinds of clock that a return does not stop: they are not the receiver's."""
MOMENT = timedelta(microseconds=1)
"""Due now is on time, so the default speaks just after it."""


@ledger.recorded
def give_back(
    *, handoff_id: int, by: User, at: datetime, reason: str, note: str = ""
) -> Handoff:
    """Return the handoff to the giver for one of the version's reasons.

    Accept stops as answered; the receiver's other clocks stop as returned, late ones as
    late; the giver's `answer` starts. A stage that was entered by accepting is left again.

    Raises UnknownReason, CadenceNotKept, NotYours, HandoffAlreadyAnswered, HandoffHasMoved.
    """
    handoff = lock(handoff_id)
    listed = _listed(handoff, reason)
    require(handoff, Move.RETURN, by=by, at=at, situation=_return_situation(handoff, listed))
    seen = memory.remember(handoff)
    was_accepted = handoff.state == State.ACCEPTED

    handoff.returned_at, handoff.return_reason, handoff.return_note = at, reason, note
    handoff.disputed_at, handoff.dispute_note, handoff.decided_as = None, "", ""
    move(handoff, Move.RETURN, by=by, at=at, reason=reason, note=note, undo=seen)
    _stop_receivers_clocks(handoff, at)
    timers.cancel_timers(at=at, handoff=handoff, kinds=(Timer.Kind.HANDOFF_EXPIRES,))
    routing.give_turn_back(handoff.lead, handoff.receiver_team, handoff.receiver, at)
    if was_accepted:
        leave_stage(handoff, by=by, at=at)
        _seat_the_giver_again(handoff, by=by, at=at)
    clocks.start_for(handoff, "return", at)
    notices.returned(handoff, listed.name if listed else reason, at)
    return handoff


@ledger.recorded
def answer_fixed(*, handoff_id: int, by: User, at: datetime) -> Handoff:
    """Answer a return: what was wrong is mended. The next round begins with new clocks.

    Raises PackageIncomplete and CriteriaUnmet as an offer by hand does, NotYours,
    HandoffHasMoved.
    """
    return fixed_step(lock(handoff_id), by=by, at=at)


def fixed_step(handoff: Handoff, *, by: User, at: datetime) -> Handoff:
    """Answer the return of a locked handoff as fixed: an inner step."""
    offered = rounds.look(handoff.lead, handoff.version, handoff.kind, at)
    require(handoff, Move.FIXED, by=by, at=at)
    situation = offered.situation(Situation(waived=handoff.waived_by_id is not None))
    guard = first_refusal(State(handoff.state), Move.FIXED, situation)
    if guard is not None:
        raise offered.refusal(guard) or refusal(guard)
    seen = memory.remember(handoff)

    _stop(handoff, at, "answer", "complete_package")
    _drop_the_dispute(handoff, at)
    _next_round(handoff, offered, Move.FIXED, by=by, at=at, undo=seen)
    return handoff


@ledger.recorded
def answer_dispute(*, handoff_id: int, by: User, at: datetime, note: str = "") -> Handoff:
    """Answer a return: the reason does not hold. Both managers decide whether it counts.

    The handoff stays returned and the giver keeps acting for the lead. When nobody has
    decided by the due instant of `decide`, the signed default does. Raises DisputedBefore,
    NotYours, HandoffHasMoved.
    """
    handoff = lock(handoff_id)
    situation = Situation(disputed=handoff.disputed_at is not None)
    require(handoff, Move.DISPUTE, by=by, at=at, situation=situation)
    seen = memory.remember(handoff)

    handoff.disputed_at, handoff.dispute_note = at, note
    move(handoff, Move.DISPUTE, by=by, at=at, note=note, undo=seen)
    _stop(handoff, at, "answer")
    for clock in clocks.start_for(handoff, "dispute", at):
        set_default(handoff, clock)
    notices.disputed(handoff, at)
    return handoff


@ledger.recorded
def decide(*, handoff_id: int, by: User, at: datetime, counts: bool, note: str = "") -> Handoff:
    """Keep a manager's word on a dispute; once both sides say the same, it is decided.

    Whoever manages both sides decides alone. A manager's later word replaces the earlier.
    Raises NothingToDecide, NotYours, HandoffHasMoved.
    """
    handoff = lock(handoff_id)
    require(handoff, Move.DECIDE, by=by, at=at, situation=_dispute_situation(handoff))
    word = "counts" if counts else "does_not_count"
    move(handoff, Move.DECIDE, by=by, at=at, reason=word, note=note)
    if words(handoff) == {"giver": word, "receiver": word}:
        conclude(handoff, word, at=at)
    return handoff


def words(handoff: Handoff) -> dict[str, str]:
    """What each side's manager last said of the dispute: {"giver": …, "receiver": …}."""
    said: dict[str, str] = {}
    moves = handoff.moves.filter(move=Move.DECIDE, undone_at=None, round=handoff.round)
    for word in moves.filter(at__gte=handoff.disputed_at).select_related("by"):
        said |= dict.fromkeys(_sides(handoff, word), word.reason)
    return said


def conclude(handoff: Handoff, word: str, *, at: datetime) -> None:
    """Decide a dispute of the locked handoff: an inner step.

    counts: the lead is offered again, in the next round. does_not_count: the handoff ends
    and the lead stays with its giver, in nurture.
    """
    _stop(handoff, at, "decide")
    timers.cancel_timers(at=at, handoff=handoff, kinds=(Timer.Kind.DECIDE,))
    handoff.decided_as = word
    if word == "counts":
        clocks.stop(handoff.clocks.unstopped(), at=at, outcome=Clock.Outcome.CANCELLED)
        offered = rounds.look(handoff.lead, handoff.version, handoff.kind, at)
        _next_round(handoff, offered, Move.COUNTS, by=None, at=at)
    else:
        handoff.outcome = Handoff.Outcome.NURTURE
        move(handoff, Move.DOES_NOT_COUNT, by=None, at=at)
        clocks.stop(handoff.clocks.unstopped(), at=at, outcome=Clock.Outcome.CANCELLED)
    notices.decided(handoff, at)


def set_default(handoff: Handoff, clock: Clock) -> None:
    """Let the signed default decide once `clock` is past its due instant."""
    default = handoff.version.parsed.obligation(clock.obligation).default
    if clock.kind == "decide" and default is not None:
        timers.set_timer(
            Timer.Kind.DECIDE,
            at=clock.due_at + MOMENT,
            lead=handoff.lead,
            handoff=handoff,
            clock=clock,
            round=handoff.round,
            note=default,
        )


def decide_by_default(timer: Timer, at: datetime) -> None:
    """The sweep's step for a dispute that nobody decided in time: an inner step.

    A clock that was paused meanwhile is due later, and so is the default.
    """
    if timer.handoff_id is None or timer.clock is None:
        return
    handoff = lock(timer.handoff_id)
    clock = Clock.objects.get(pk=timer.clock.pk)
    if clock.stopped_at is not None or handoff.state != State.RETURNED:
        return
    if clock.paused_at is not None or clock.due_at >= at:
        later = max(clock.due_at, at) + MOMENT
        timers.set_timer(
            Timer.Kind.DECIDE, at=later, lead=handoff.lead, handoff=handoff, clock=clock,
            round=timer.round, note=timer.note,
        )  # fmt: skip
        return
    conclude(handoff, timer.note, at=at)


def leave_stage(
    handoff: Handoff, *, by: User | None, at: datetime, to_stage: str | None = None
) -> None:
    """Let the lead go back from the stage that accepting entered; moving back is normal."""
    terms = handoff.version.parsed
    entry = handoff.stage_entries.filter(undone_at=None).last()
    if entry is None or handoff.lead.stage != entry.stage:
        return
    back = to_stage or entry.from_stage or terms.handoff(handoff.kind).from_stage
    stages.enter(handoff.lead, back, at=at, by=by, version=handoff.version, handoff=handoff)


def _listed(handoff: Handoff, reason: str) -> ReturnReason | None:
    reasons = handoff.version.parsed.return_reasons
    return next((one for one in reasons if one.key == reason), None)


def _return_situation(handoff: Handoff, listed: ReturnReason | None) -> Situation:
    return Situation(
        reason_listed=listed is not None,
        needs_cadence=listed is not None and listed.after_cadence,
        cadence_kept=cadence_kept(handoff),
    )


def cadence_kept(handoff: Handoff) -> bool:
    """Whether the attempts that the version promises were made in this round.

    A version that promises none leaves nothing to keep.
    """
    owed = handoff.version.parsed.obligations_on(handoff.kind)
    if not any(one.kind == "cadence" for one in owed):
        return True
    made = handoff.clocks.filter(kind="cadence", round=handoff.round)
    made = made.exclude(outcome=Clock.Outcome.CANCELLED)
    return any(clock.attempts_made >= clock.attempts_needed for clock in made)


def _dispute_situation(handoff: Handoff) -> Situation:
    return Situation(disputed=handoff.disputed_at is not None, decided=handoff.decided_as != "")


def _sides(handoff: Handoff, word: HandoffMove) -> list[str]:
    if word.by is None:
        return []
    teams = {"giver": handoff.giver_team, "receiver": handoff.receiver_team}
    return [side for side, team in teams.items() if permissions.heads(word.by, team)]


def _stop_receivers_clocks(handoff: Handoff, at: datetime) -> None:
    running = handoff.clocks.unstopped()
    clocks.stop(running.filter(kind="accept"), at=at)
    others = running.exclude(kind__in=(*GIVERS, "accept"))
    clocks.stop(others, at=at, outcome=Clock.Outcome.RETURNED)


def _seat_the_giver_again(handoff: Handoff, *, by: User, at: datetime) -> None:
    """Inside one department the seat went with the acceptance, and comes back."""
    team = handoff.giver_team
    if team.department_id == handoff.receiver_team.department_id:
        why = [reasons.RETURNED % {"who": by}]
        routing.seat(
            handoff.lead, team.department_id, team=team, member=handoff.giver, at=at, by=by,
            why=why,
        )  # fmt: skip


def _stop(handoff: Handoff, at: datetime, *kinds: str) -> None:
    clocks.stop(handoff.clocks.unstopped().filter(kind__in=kinds), at=at)


def _drop_the_dispute(handoff: Handoff, at: datetime) -> None:
    """A giver who mends the lead after all disputes no more."""
    if handoff.disputed_at is None or handoff.decided_as:
        return
    deciding = handoff.clocks.unstopped().filter(kind="decide")
    clocks.stop(deciding, at=at, outcome=Clock.Outcome.CANCELLED)
    timers.cancel_timers(at=at, handoff=handoff, kinds=(Timer.Kind.DECIDE,))


def _next_round(
    handoff: Handoff,
    offered: rounds.Offer,
    step: Move,
    *,
    by: User | None,
    at: datetime,
    undo: memory.Memory | None = None,
) -> None:
    before = handoff.receiver
    handoff.round += 1
    handoff.receiver = rounds.receiver_for(handoff, at)
    rounds.begin(handoff, offered, at=at)
    move(handoff, step, by=by, at=at, undo=undo)
    rounds.take_the_seat_over(handoff, before, at=at)
    rounds.start(handoff, at=at)
