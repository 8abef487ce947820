"""The table of moves asked about one handoff: may this person make this move now?

`require` refuses in words for the person who pressed the button; `may` only answers, for
pages that offer nothing they would refuse.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads import errors
from leads.core.guards import Guard, Situation
from leads.core.handoff import Move, State, Who, first_refusal, possible, row_of
from leads.models import Handoff
from portal.accounts import permissions
from portal.accounts.models import User
from portal.errors import DomainError

_ANSWERS = {Move.ACCEPT, Move.RETURN}

_SIDES = {
    Who.GIVER: gettext_lazy("the giving side"),
    Who.RECEIVER: gettext_lazy("the receiving side"),
    Who.WAIVER: gettext_lazy("who waives for the receiver"),
    Who.MANAGERS: gettext_lazy("the manager of either side"),
    Who.STEERING: gettext_lazy("the team's manager or steward, the head, operations"),
    Who.AUTHOR: gettext_lazy("who made the move"),
    Who.PORTAL: gettext_lazy("the portal"),
}

_WORDS: dict[Guard, tuple[type[DomainError], Promise]] = {
    Guard.VERSION: (
        errors.NoVersionInForce,
        gettext_lazy("No version of the agreement is in force, so nothing can be promised."),
    ),
    Guard.LEAD_OPEN: (errors.LeadIsClosed, gettext_lazy("The lead is closed.")),
    Guard.NOT_HELD: (errors.LeadIsHeld, gettext_lazy("This lead is not handed over.")),
    Guard.ONE_OPEN: (
        errors.HandoffIsOpen,
        gettext_lazy("The lead is on its way already: a handoff of this kind is open."),
    ),
    Guard.AHEAD: (
        errors.AlreadyThere,
        gettext_lazy("The lead has entered the stage that this handoff leads to."),
    ),
    Guard.REASON: (
        errors.UnknownReason,
        gettext_lazy("The agreement does not list this reason to return a lead."),
    ),
    Guard.CADENCE: (
        errors.CadenceNotKept,
        gettext_lazy("This reason needs the attempts that were agreed, and they are not made."),
    ),
    Guard.UNDISPUTED: (
        errors.DisputedBefore,
        gettext_lazy("This return was disputed already. The two managers decide."),
    ),
    Guard.DISPUTED: (
        errors.NothingToDecide,
        gettext_lazy("Nobody disputes this return, or it is decided."),
    ),
    Guard.LATER: (errors.DayIsPast, gettext_lazy("Choose a day to come.")),
    Guard.MEMBER: (
        errors.NotInTheTeam,
        gettext_lazy("Choose an active member of the team that has the handoff."),
    ),
    Guard.FRESH: (
        errors.UndoTooLate,
        gettext_lazy("More than 30 seconds have passed. Nothing was undone."),
    ),
    Guard.UNFOLLOWED: (
        errors.UndoOvertaken,
        gettext_lazy("Something followed that builds on it. Nothing was undone."),
    ),
}


def require(
    handoff: Handoff,
    move: Move,
    *,
    by: User | None,
    at: datetime,
    situation: Situation | None = None,
    only: Iterable[State] = State,
) -> None:
    """Refuse a move that the table does not allow `by` now; an inner step, before any write.
    `only` narrows the states from which this very action makes it.

    Raises HandoffAlreadyAnswered or HandoffHasMoved if the state is another by now, NotYours
    for who may not make it, and the error of the first guard that does not hold.
    """
    state = State(handoff.state)
    if move not in possible(state) or state not in only:
        raise _overtaken(handoff, move, at)
    if not _is_allowed(handoff, row_of(state, move).who, by, at):
        raise errors.NotYours(
            _("Only %(who)s may do this.")
            % {"who": ", ".join(str(_SIDES[who]) for who in row_of(state, move).who)}
        )
    guard = first_refusal(state, move, situation or Situation())
    if guard is not None:
        raise refusal(guard)


def may(handoff: Handoff, move: Move, by: User, at: datetime) -> bool:
    """Whether `by` may make the move in this state; guards are asked when it is made."""
    state = State(handoff.state)
    return move in possible(state) and _is_allowed(handoff, row_of(state, move).who, by, at)


def refusal(guard: Guard) -> DomainError:
    """The error that says why the guard does not hold, in words for a person."""
    kind, words = _WORDS[guard]
    return kind(str(words))


def ago(length: timedelta) -> str:
    """How long ago, in one unit.

    >>> ago(timedelta(seconds=4)), ago(timedelta(hours=30))
    ('4 s', '1 day')
    """
    seconds = max(int(length.total_seconds()), 0)
    if seconds < 60:
        return _("%(n)s s") % {"n": seconds}
    if seconds < 3_600:
        return _("%(n)s min") % {"n": seconds // 60}
    if seconds < 24 * 3_600:
        return _("%(n)s h") % {"n": seconds // 3_600}
    days = seconds // (24 * 3_600)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _overtaken(handoff: Handoff, move: Move, at: datetime) -> DomainError:
    last = handoff.moves.filter(undone_at=None).select_related("by").last()
    who = last.by if last is not None and last.by is not None else _("The portal")
    said = _PAST[Move(last.move)] if last is not None else _("changed")
    passed = ago(at - last.at) if last is not None else ago(timedelta(0))
    text = _("%(who)s %(did)s this %(ago)s ago. Nothing of yours was lost.") % {
        "who": who, "did": said, "ago": passed,
    }  # fmt: skip
    answered = last is not None and Move(last.move) in _ANSWERS and move in _ANSWERS
    return errors.HandoffAlreadyAnswered(text) if answered else errors.HandoffHasMoved(text)


_PAST: dict[Move, str | Promise] = {
    Move.OFFER: gettext_lazy("offered"),
    Move.ACCEPT: gettext_lazy("accepted"),
    Move.RETURN: gettext_lazy("returned"),
    Move.FIXED: gettext_lazy("offered"),
    Move.DISPUTE: gettext_lazy("disputed"),
    Move.DECIDE: gettext_lazy("decided on"),
    Move.COUNTS: gettext_lazy("decided"),
    Move.DOES_NOT_COUNT: gettext_lazy("decided"),
    Move.STILL_TALKING: gettext_lazy("answered"),
    Move.COMPLETE: gettext_lazy("completed"),
    Move.CLOSE: gettext_lazy("closed"),
    Move.RECYCLE: gettext_lazy("recycled"),
    Move.WITHDRAW: gettext_lazy("withdrew"),
    Move.EXPIRE: gettext_lazy("let expire"),
    Move.END: gettext_lazy("ended"),
    Move.REASSIGN: gettext_lazy("reassigned"),
    Move.UNDO: gettext_lazy("took a move back on"),
}


def _is_allowed(handoff: Handoff, who: Iterable[Who], by: User | None, at: datetime) -> bool:
    if by is None:
        return Who.PORTAL in who
    return any(_is(handoff, one, by, at) for one in who)


def _is(handoff: Handoff, who: Who, by: User, at: datetime) -> bool:
    giving, receiving = handoff.giver_team, handoff.receiver_team
    match who:
        case Who.GIVER:
            return permissions.may_act_for(by, handoff.giver_id, giving, at)
        case Who.RECEIVER:
            return permissions.may_act_for(by, handoff.receiver_id, receiving, at)
        case Who.WAIVER:
            return handoff.waived_by_id == by.pk
        case Who.MANAGERS:
            return permissions.heads(by, giving) or permissions.heads(by, receiving)
        case Who.STEERING:
            return permissions.may_steer(by, giving) or permissions.may_steer(by, receiving)
        case Who.AUTHOR:
            last = handoff.moves.filter(undone_at=None).exclude(move=Move.UNDO).last()
            return last is not None and last.by_id == by.pk
        case Who.PORTAL:
            return False
