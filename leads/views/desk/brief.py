"""One handoff for who opens its link on the way: accept or return, ask, say what was used."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from leads.actions import contributions
from leads.actions.handing import handoffs, refusals, returns
from leads.actions.journeys import touches
from leads.actions.sweeping.once_more import once_more
from leads.core.handoff import Move
from leads.desk import rows
from leads.desk.mine.hints import hints
from leads.desk.mine.said import last_moves, said
from leads.desk.mine.undoable import undoable
from leads.desk.owed import measured, together
from leads.desk.story.disputing import dispute
from leads.forms.desk.brief import BriefAsk, BriefReturn, BriefUsed
from leads.models import Handoff
from portal import wallclock
from portal.accounts.models import User
from portal.errors import DomainError
from portal.http import PortalRequest

Act = Callable[[Handoff, dict[str, Any], User, datetime], Any]


@require_http_methods(["GET", "POST"])
def show(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """GET: where it stands and what one can do. POST: do it, and come back here."""
    handoff = find(request, handoff_id)
    given = {name: make(handoff, None) for name, (make, _act) in FORMS.items()}
    refusal, status = "", 200
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do not in FORMS:
            raise Http404
        make, act = FORMS[do]
        given[do], status = make(handoff, request.POST), 422
        if given[do].is_valid():
            data = given[do].cleaned_data
            try:
                once_more(lambda at: act(handoff, data, request.user, at), now=wallclock.now)
                return redirect(reverse("leads:brief", args=[handoff.pk]))
            except DomainError as error:
                refusal, status = str(error), 409
                handoff = find(request, handoff_id)
    context = _context(handoff, request.user, wallclock.now())
    context |= {f"{name}_form": form for name, form in given.items()} | {"refusal": refusal}
    return render(request, "leads/desk/brief.html", context, status=status)


def find(request: PortalRequest, handoff_id: int) -> Handoff:
    """The handoff, for who reads leads; else 404."""
    visible = Handoff.objects.visible_to(request.user).select_related(
        "lead__company", "version", "giver_team__department", "receiver_team__department",
        "giver", "receiver",
    )  # fmt: skip
    return get_object_or_404(visible.defer("version__backtest"), pk=handoff_id)


def _context(handoff: Handoff, user: User, at: datetime) -> dict[str, Any]:
    clocks = handoff.clocks.unstopped().filter(team=handoff.receiver_team)
    running = clocks.select_related("version", "owner", "team", "lead").order_by("due_at", "pk")
    deferred = list(running.defer("version__terms", "version__backtest"))
    owed = measured(together(deferred)[0], at) if deferred else None
    last = last_moves([handoff.pk]).get(handoff.pk)
    asked = handoff.lead.contributions.filter(cancelled_at=None).select_related("delivered_by")
    mine = user.department_id == handoff.receiver_team.department_id
    return {
        "handoff": handoff,
        "lead": handoff.lead,
        "owed": owed,
        "what": rows.what(owed) if owed else "",
        "about": rows.about(handoff.lead),
        "dispute": dispute(
            handoff, handoff.moves.select_related("by"), handoff.clocks.unstopped()
        ),
        "last": said(last, user, at) if last and last.by_id != user.pk else "",
        "gaps": rows.gaps(handoff.gaps, handoff.lead),
        "may_accept": refusals.may(handoff, Move.ACCEPT, user, at),
        "may_return": refusals.may(handoff, Move.RETURN, user, at),
        "asks": mine and user.department_id == "sales" and handoff.lead.closed_at is None,
        "material": list(asked.order_by("asked_at", "pk")),
        "undo": undoable(hints(user, at), at, ""),
    }


def _accept(handoff: Handoff, data: dict[str, Any], by: User, at: datetime) -> None:
    handoffs.accept(handoff_id=handoff.pk, by=by, at=at)


def _return(handoff: Handoff, data: dict[str, Any], by: User, at: datetime) -> None:
    returns.give_back(handoff_id=handoff.pk, by=by, at=at, **data)


def _call(handoff: Handoff, data: dict[str, Any], by: User, at: datetime) -> None:
    touches.log(lead_id=handoff.lead_id, kind="call", by=by, at=at)


def _ask(handoff: Handoff, data: dict[str, Any], by: User, at: datetime) -> None:
    contributions.ask(lead_id=handoff.lead_id, by=by, at=at, **data)


def _used(handoff: Handoff, data: dict[str, Any], by: User, at: datetime) -> None:
    one = get_object_or_404(handoff.lead.contributions, pk=data["contribution"])
    contributions.mark_used(contribution_id=one.pk, by=by, at=at, used=data["used"])


FORMS: dict[str, tuple[Callable[[Handoff, Any], forms.Form], Act]] = {
    "accept": (lambda handoff, sent: forms.Form(sent), _accept),
    "return": (lambda handoff, sent: BriefReturn(handoff.version.parsed, sent), _return),
    "call": (lambda handoff, sent: forms.Form(sent), _call),
    "ask": (lambda handoff, sent: BriefAsk(sent), _ask),
    "used": (lambda handoff, sent: BriefUsed(sent), _used),
}
