"""One handoff over all its rounds: who did what, and the clocks of both sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leads.actions.handing import returns, rounds
from leads.desk.owed import measured
from leads.desk.rows import promise
from leads.desk.story.retelling import retold
from leads.models import Assignment, Clock, Handoff, HandoffMove
from leads.views.handing.card import card_of, find
from leads.views.handing.moves import said
from portal import wallclock
from portal.http import PortalRequest


@dataclass(frozen=True)
class ShownClock:
    """A clock with what it asks for and how it stands: a state, or how it ended."""

    clock: Clock
    words: str
    state: str


@dataclass(frozen=True)
class Round:
    """One offer and what followed, with the clocks of each side, in order of their start."""

    number: int
    moves: Sequence[tuple[HandoffMove, str]]
    giver: Sequence[ShownClock]
    receiver: Sequence[ShownClock]
    is_last: bool


@require_safe
def show(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """Rounds, clocks of both sides, why this receiver, and what was seen at the offer."""
    handoff, at = find(request, handoff_id), wallclock.now()
    shown = _rounds(handoff, at)
    context = {
        **card_of(handoff, request.user, at),
        "lead": handoff.lead,
        "rounds": shown[::-1],
        "seats": Assignment.objects.filter(lead=handoff.lead_id, until=None)
        .select_related("member", "team")
        .order_by("department"),
        "evidence": retold(handoff.evidence, handoff.version.parsed),
        "gaps": rounds.labels(tuple(handoff.gaps)),
        "words": _words(handoff),
    }
    return render(request, "leads/handing/handoff.html", context)


def _rounds(handoff: Handoff, at: datetime) -> list[Round]:
    moves = list(handoff.moves.filter(undone_at=None).select_related("by", "handoff__receiver"))
    clocks = list(
        handoff.clocks.select_related("version", "owner", "team", "handoff").order_by(
            "started_at", "pk"
        )
    )
    return [
        _round(handoff, number, moves, clocks, at) for number in range(1, handoff.round + 1)
    ]


def _round(
    handoff: Handoff,
    number: int,
    moves: Sequence[HandoffMove],
    clocks: Sequence[Clock],
    at: datetime,
) -> Round:
    mine = [clock for clock in clocks if clock.round == number]
    receiving = handoff.receiver_team_id
    return Round(
        number=number,
        moves=[(move, said(move, handoff)) for move in moves if move.round == number],
        giver=[_shown(clock, at) for clock in mine if clock.team_id != receiving],
        receiver=[_shown(clock, at) for clock in mine if clock.team_id == receiving],
        is_last=number == handoff.round,
    )


def _shown(clock: Clock, at: datetime) -> ShownClock:
    ended = {"met": "met", "late": "late", "returned": "back"}
    state = ended.get(clock.outcome, "") if clock.stopped_at else measured([clock], at).state
    return ShownClock(clock, promise(clock), state)


def _words(handoff: Handoff) -> list[tuple[Any, str]]:
    """What each side's manager said of a dispute; nothing where there is none."""
    if handoff.disputed_at is None:
        return []
    found = returns.words(handoff)
    teams = (("giver", handoff.giver_team), ("receiver", handoff.receiver_team))
    return [(team, found.get(side, "")) for side, team in teams]
