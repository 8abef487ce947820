"""Every move of a handoff by its name: what is sent with it, and the action that makes it.

The single calls and the call for many use the same table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ninja import Schema

from leads.actions.answering import many
from leads.actions.handing import endings, handoffs, packages, returns
from leads.actions.handing import undo as undoing
from leads.api.ground import person
from leads.api.handing import schemas as sent
from leads.api.handing import values as filled
from leads.models import Handoff
from leads.views.handing.asking import morning
from portal.accounts.models import User

Act = Callable[[int, Any, User, datetime], Any]


@dataclass(frozen=True)
class Row:
    """`takes`: the body; `act`: (number of the handoff, body, who, when)."""

    takes: type[Schema]
    act: Act


def _accept(pk: int, said: sent.NothingIn, by: User, at: datetime) -> None:
    handoffs.accept(handoff_id=pk, by=by, at=at)


def _return(pk: int, said: sent.ReturnIn, by: User, at: datetime) -> None:
    returns.give_back(handoff_id=pk, by=by, at=at, reason=said.reason, note=said.note)


def _fix(pk: int, said: sent.FixIn, by: User, at: datetime) -> None:
    if said.values:
        values = filled.of_an_answer(_handoff(pk), said.values)
        many.fix(handoff_id=pk, values=values, by=by, at=at)
    else:
        returns.answer_fixed(handoff_id=pk, by=by, at=at)


def _dispute(pk: int, said: sent.DisputeIn, by: User, at: datetime) -> None:
    returns.answer_dispute(handoff_id=pk, by=by, at=at, note=said.note)


def _answer_recycle(pk: int, said: sent.RecycleIn, by: User, at: datetime) -> None:
    endings.answer_recycle(
        handoff_id=pk, by=by, at=at, on=morning(said.on, by), to=_to(said), note=said.note
    )


def _decide(pk: int, said: sent.DecideIn, by: User, at: datetime) -> None:
    returns.decide(handoff_id=pk, by=by, at=at, counts=said.counts)


def _package(pk: int, said: sent.PackageIn, by: User, at: datetime) -> None:
    values = filled.of_a_package(_handoff(pk), said.values, at)
    packages.complete_package(handoff_id=pk, by=by, at=at, values=values)


def _complete(pk: int, said: sent.CompleteIn, by: User, at: datetime) -> None:
    outcome = "won" if said.won else "moved_on"
    endings.complete(handoff_id=pk, by=by, at=at, outcome=outcome, note=said.note)


def _talking(pk: int, said: sent.TalkingIn, by: User, at: datetime) -> None:
    endings.still_talking(handoff_id=pk, by=by, at=at, note=said.note)


def _close(pk: int, said: sent.CloseIn, by: User, at: datetime) -> None:
    endings.close(handoff_id=pk, by=by, at=at, reason=said.reason, lost=said.lost)


def _recycle(pk: int, said: sent.RecycleIn, by: User, at: datetime) -> None:
    endings.recycle(
        handoff_id=pk, by=by, at=at, on=morning(said.on, by), to=_to(said), note=said.note
    )


def _withdraw(pk: int, said: sent.NothingIn, by: User, at: datetime) -> None:
    endings.withdraw(handoff_id=pk, by=by, at=at)


def _reassign(pk: int, said: sent.ReassignIn, by: User, at: datetime) -> None:
    handoffs.reassign(handoff_id=pk, to=person(said.to, "body.to"), by=by, at=at)


def _undo(pk: int, said: sent.NothingIn, by: User, at: datetime) -> None:
    undoing.undo(handoff_id=pk, by=by, at=at)


def _handoff(pk: int) -> Handoff:
    return Handoff.objects.select_related("version", "lead__company").get(pk=pk)


def _to(said: sent.RecycleIn) -> User | None:
    return person(said.to, "body.to") if said.to is not None else None


MOVES: dict[str, Row] = {
    "accept": Row(sent.NothingIn, _accept),
    "return": Row(sent.ReturnIn, _return),
    "fix": Row(sent.FixIn, _fix),
    "dispute": Row(sent.DisputeIn, _dispute),
    "answer-recycle": Row(sent.RecycleIn, _answer_recycle),
    "decide": Row(sent.DecideIn, _decide),
    "package": Row(sent.PackageIn, _package),
    "complete": Row(sent.CompleteIn, _complete),
    "still-talking": Row(sent.TalkingIn, _talking),
    "close": Row(sent.CloseIn, _close),
    "recycle": Row(sent.RecycleIn, _recycle),
    "withdraw": Row(sent.NothingIn, _withdraw),
    "reassign": Row(sent.ReassignIn, _reassign),
    "undo": Row(sent.NothingIn, _undo),
}
