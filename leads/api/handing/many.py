"""Many handoffs in one call: each move its own transaction, each with its own result."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.http import Http404
from ninja import Field, Router, Schema
from pydantic import ValidationError

from leads.actions.sweeping.once_more import once_more
from leads.api.ground import KEYED, WRITING, acts
from leads.api.handing.reading import find, shown
from leads.api.handing.schemas import HandoffOut
from leads.api.handing.table import MOVES
from leads.api.lead.arriving import unfit
from leads.api.refusing import problem_of
from portal import rest, wallclock
from portal.accounts.api import TokenRequest
from portal.errors import DomainError
from portal.rest import Answer, Id, Problem, Refusal
from portal.rest.kept import Done

router = Router(tags=["handoffs"])
MOST = 100
Name = Literal[
    "accept", "return", "fix", "dispute", "answer-recycle", "decide", "package", "complete",
    "still-talking", "close", "recycle", "withdraw", "reassign", "undo",
]  # fmt: skip


class MoveIn(Schema):
    """One move: of which handoff, which one, and what is sent with it."""

    handoff: Id
    move: Name
    body: dict[str, Any] = Field(default_factory=dict)


class MovesIn(Schema):
    items: list[MoveIn] = Field(min_length=1, max_length=MOST)


class MoveResult(Schema):
    """What became of one. `again`: it was made before under the same key."""

    handoff: int
    status: int
    again: bool = False
    done: HandoffOut | None = None
    problem: Refusal | None = None


class MoveResults(Schema):
    items: Sequence[MoveResult]


@router.post(
    "/handoffs/bulk", auth=acts, response={200: MoveResults, **WRITING}, openapi_extra=KEYED
)
def move_handoffs(request: TokenRequest, body: MovesIn) -> MoveResults:
    """Make many moves, in this order. A refusal stays with its row, the others go on."""
    key = rest.key_of(request)
    items = [
        _one(request, one, f"{key}#{n}" if key else "") for n, one in enumerate(body.items)
    ]
    return MoveResults(items=items)


def _one(request: TokenRequest, item: MoveIn, key: str) -> MoveResult:
    try:
        said = MOVES[item.move].takes.model_validate(item.body)
        done = once_more(lambda at: _make(request, item, said, key, at), now=wallclock.now)
    except ValidationError as error:
        return _refused(item, unfit(error))
    except Http404:
        return _refused(item, Problem(404, "There is no such handoff."))
    except Problem as problem:
        return _refused(item, problem)
    except DomainError as error:
        return _refused(item, problem_of(error))
    shown_as = HandoffOut.model_validate(json.loads(done.body))
    return MoveResult(handoff=item.handoff, status=done.status, again=done.again, done=shown_as)


def _make(request: TokenRequest, item: MoveIn, said: Schema, key: str, at: datetime) -> Done:
    handoff, user = find(request, item.handoff), request.auth.user

    def act() -> Answer:
        MOVES[item.move].act(handoff.pk, said, user, at)
        return Answer(shown(handoff.pk), lead=handoff.lead_id)

    return rest.once(request, act, at=at, key=key, asked=rest.rendered(item))


def _refused(item: MoveIn, problem: Problem) -> MoveResult:
    return MoveResult(
        handoff=item.handoff, status=problem.status, problem=Refusal(**problem.body)
    )
