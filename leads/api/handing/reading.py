"""Handoffs are found and read, with what the owner of the token may do now."""

from collections.abc import Sequence
from typing import Annotated

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from leads.actions.handing import refusals
from leads.actions.handing import undo as undoing
from leads.api.ground import READING, After, Limit, Number, Words, reads
from leads.api.handing.schemas import HandoffOut, HandoffPage, HandoffState, whole
from leads.core.handoff import Move
from leads.models import Handoff
from portal import wallclock
from portal.accounts.api import TokenRequest
from portal.rest import paged

router = Router(tags=["handoffs"])
CALLED = {
    Move.ACCEPT: "accept",
    Move.RETURN: "return",
    Move.FIXED: "fix",
    Move.DISPUTE: "dispute",
    Move.DECIDE: "decide",
    Move.COMPLETE: "complete",
    Move.STILL_TALKING: "still-talking",
    Move.CLOSE: "close",
    Move.RECYCLE: "recycle",
    Move.WITHDRAW: "withdraw",
    Move.REASSIGN: "reassign",
}


class Possible(Schema):
    """The calls that the token's owner may make in this state, by their names; what each
    looks at besides is asked when it is made."""

    moves: Sequence[str]


class Wanted(Schema):
    """Which handoffs. `team`: the key of the team of either side."""

    state: HandoffState | None = None
    open: bool | None = None
    lead: Number = None
    kind: Words = ""
    team: Words = ""
    receiver: Number = None
    giver: Number = None


@router.get("/handoffs", auth=reads, response={200: HandoffPage, **READING})
def handoffs(
    request: TokenRequest,
    wanted: Annotated[Wanted, Query()],
    after: After = None,
    limit: Limit = 50,
) -> HandoffPage:
    """Handoffs, the newest first, each with the clocks of its round."""
    found = Handoff.objects.visible_to(request.auth.user)
    named = {
        "state": wanted.state, "lead": wanted.lead, "kind": wanted.kind,
        "receiver": wanted.receiver, "giver": wanted.giver,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in named.items() if value})
    if wanted.team:
        found = found.filter(receiver_team__key=wanted.team) | found.filter(
            giver_team__key=wanted.team
        )
    if wanted.open is not None:
        found = found.filter(ended_at__isnull=wanted.open)
    rows, following = paged(request, whole(found), after=after, limit=limit)
    return HandoffPage(items=[HandoffOut.of(row) for row in rows], next=following)


@router.get("/handoffs/{int:handoff_id}", auth=reads, response={200: HandoffOut, **READING})
def handoff(request: TokenRequest, handoff_id: int) -> HandoffOut:
    """One handoff."""
    return HandoffOut.of(find(request, handoff_id))


@router.get("/handoffs/{int:handoff_id}/moves", auth=reads, response={200: Possible, **READING})
def handoff_moves(request: TokenRequest, handoff_id: int) -> Possible:
    """What you may do with it now."""
    found, user, at = find(request, handoff_id), request.auth.user, wallclock.now()
    moves = [name for move, name in CALLED.items() if refusals.may(found, move, user, at)]
    if undoing.undoable(found, user, at) is not None:
        moves.append("undo")
    return Possible(moves=moves)


def find(request: TokenRequest, handoff_id: int) -> Handoff:
    """The handoff, for who reads leads; else 404."""
    return get_object_or_404(
        whole(Handoff.objects.visible_to(request.auth.user)), pk=handoff_id
    )


def shown(handoff_id: int) -> HandoffOut:
    """The handoff as it stands in this transaction."""
    return HandoffOut.of(whole(Handoff.objects.all()).get(pk=handoff_id))
