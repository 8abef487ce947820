"""Several rows at once: first shown what would become of each, then each done for itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db import DatabaseError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from leads.actions.handing import endings, handoffs, returns
from leads.actions.journeys import touches
from leads.actions.sweeping.once_more import once_more
from leads.core.handoff import UNDO_WITHIN, Move
from leads.desk.mine import filters
from leads.desk.several import preview, sharing
from leads.desk.several.preview import Line
from leads.forms.desk.several import RULES, AcceptAll, AnswerAll, AttemptAll, GiveAll, ReturnAll
from leads.models import Clock
from portal import wallclock
from portal.accounts.models import User
from portal.errors import DomainError
from portal.http import PortalRequest

Act = Callable[[Clock, Mapping[str, Any], User, datetime], Any]
UNDONE = {"accept", "return", "answer"}
EIGHT = time(8)


@dataclass(frozen=True)
class Done:
    """What became of one row; `refused` says why nothing did. `until`: when it can last be
    taken back."""

    line: Line
    refused: str = ""
    until: datetime | None = None


@require_http_methods(["GET", "POST"])
def show(request: PortalRequest) -> HttpResponse:
    """GET: what would become of each row. POST: do it, and say of each what became of it."""
    if not request.user.reads_leads:
        raise Http404
    sent = request.POST if request.method == "POST" else request.GET
    do = sent.get("do", "")
    if do not in ACTS:
        raise Http404
    at = wallclock.now()
    clocks = preview.chosen(request.user, _rows(sent))
    form = _form(do, clocks, sent)
    data = _data(form)
    stands = preview.standing(request.user, clocks, at)
    lines = [preview.previewed(do, clock, stands, data) for clock in clocks]
    if do == "reassign" and not isinstance(data.get("to"), User):
        lines = sharing.shared_out(lines, at)
    context = {
        "do": do, "form": form, "lines": lines, "back": _back(sent), **_words(do, lines),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        return _do(request, do, lines, data, context)
    status = 422 if request.method == "POST" else 200
    return render(request, "leads/desk/bulk.html", context, status=status)


def _rows(sent: QueryDict) -> list[int]:
    return [int(pk) for pk in sent.getlist("row") if pk.isdecimal() and len(pk) <= 18]


def _back(sent: QueryDict) -> str:
    return filters.read(filters.parsed(sent.get("back", ""))).query()


def _form(do: str, clocks: Sequence[Clock], sent: QueryDict) -> forms.Form:
    """The form of an act, filled with what was chosen so far."""
    subjects = [clock.handoff for clock in clocks if clock.handoff is not None]
    makers: dict[str, Callable[[QueryDict | None], forms.Form]] = {
        "accept": AcceptAll,
        "attempt": AttemptAll,
        "answer": AnswerAll,
        "return": lambda said: ReturnAll(
            list({one.version_id: one.version.parsed for one in subjects}.values()), said
        ),
        "reassign": lambda said: GiveAll(
            sorted({preview.team_of(one).pk for one in subjects}), said
        ),
    }
    form = makers[do](None)
    chosen = any(name in sent for name in form.fields)
    return makers[do](sent) if chosen or not form.fields or "go" in sent else form


def _data(form: forms.Form) -> dict[str, Any]:
    """What is chosen so far; whether it suffices is asked when it is done."""
    if not form.is_bound:
        return {name: field.initial for name, field in form.fields.items()}
    form.is_valid()
    data = dict(form.cleaned_data)
    if isinstance(form, GiveAll):
        data["to"] = form.person()
    return data


def _do(
    request: PortalRequest, do: str, lines: Sequence[Line], data: Mapping[str, Any],
    context: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    shown = sharing.as_shown(request.POST, lines) if request.POST.get("to") == RULES else {}
    people = User.objects.active().in_bulk(shown.values())
    done = []
    for line in lines:
        to = people.get(shown.get(line.clock.pk, 0), line.to)
        wanted = {**data, "to": to} if to is not None else data
        done.append(_one(do, line, wanted, request.user))
    stand = sum(not one.refused for one in done)
    refused = len(done) - stand
    context |= {"done": done, "stand": stand, "refused": refused, "heading": _DONE[do]}
    return render(request, "leads/desk/done.html", context)


def _one(do: str, line: Line, data: Mapping[str, Any], by: User) -> Done:
    """One row in its own transaction; a refusal leaves the others as they are."""
    if line.refused:
        return Done(line, line.refused)
    at = wallclock.now()
    try:
        once_more(lambda now: ACTS[do](line.clock, data, by, now), now=wallclock.now)
    except DomainError as error:
        return Done(line, str(error))
    except DatabaseError:
        return Done(line, _("It could not be saved just now. Nothing of it was changed."))
    return Done(line, until=at + UNDO_WITHIN if do in UNDONE else None)


def _handoff(clock: Clock) -> int:
    if clock.handoff_id is None:
        raise DomainError(_("This is asked material, and no handoff."))
    return clock.handoff_id


def _accept(clock: Clock, data: Mapping[str, Any], by: User, at: datetime) -> None:
    handoffs.accept(handoff_id=_handoff(clock), by=by, at=at)


def _attempt(clock: Clock, data: Mapping[str, Any], by: User, at: datetime) -> None:
    touches.log(lead_id=clock.lead_id, kind=data["kind"], by=by, at=at)


def _return(clock: Clock, data: Mapping[str, Any], by: User, at: datetime) -> None:
    returns.give_back(
        handoff_id=_handoff(clock), by=by, at=at, reason=data["reason"], note=data["note"]
    )


def _answer(clock: Clock, data: Mapping[str, Any], by: User, at: datetime) -> None:
    pk = _handoff(clock)
    if data["answer"] == Move.FIXED:
        returns.answer_fixed(handoff_id=pk, by=by, at=at)
    elif data["answer"] == Move.DISPUTE:
        returns.answer_dispute(handoff_id=pk, by=by, at=at, note=data["note"])
    else:
        on = datetime.combine(data["on"], EIGHT, ZoneInfo(by.zone)).astimezone(UTC)
        endings.answer_recycle(handoff_id=pk, by=by, at=at, on=on, note=data["note"])


def _reassign(clock: Clock, data: Mapping[str, Any], by: User, at: datetime) -> None:
    to = data.get("to")
    if not isinstance(to, User):
        raise DomainError(_("The rules found nobody who can take it. Choose a person."))
    handoffs.reassign(handoff_id=_handoff(clock), to=to, by=by, at=at)


ACTS: dict[str, Act] = {
    "accept": _accept,
    "attempt": _attempt,
    "return": _return,
    "answer": _answer,
    "reassign": _reassign,
}
_DONE = {
    "accept": gettext_lazy("Accepted"),
    "attempt": gettext_lazy("Logged"),
    "return": gettext_lazy("Returned"),
    "answer": gettext_lazy("Answered"),
    "reassign": gettext_lazy("Given over"),
}


def _words(do: str, lines: Sequence[Line]) -> dict[str, str]:
    """The heading of the page, and what its one button says."""
    number = sum(not line.refused for line in lines)
    titles = {
        "accept": (_("Accept several leads"), _("Accept %(n)s")),
        "attempt": (_("Log an attempt with several leads"), _("Log %(n)s attempts")),
        "return": (_("Return several leads"), _("Return %(n)s")),
        "answer": (_("Answer several returns"), _("Answer %(n)s")),
        "reassign": (_("Give leads to others"), _("Give %(n)s over")),
    }
    title, button = titles[do]
    return {"title": title, "button": button % {"n": number}}
