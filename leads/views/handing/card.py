"""A handoff as it stands now, in one piece that htmx swaps in place, refusals included."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from leads.actions.handing import refusals
from leads.actions.handing import undo as undoing
from leads.actions.sweeping.once_more import once_more
from leads.core.handoff import UNDO_WITHIN, Move
from leads.desk.story.disputing import dispute
from leads.models import Handoff
from leads.views.lead.page import find as find_lead
from leads.views.lead.page import page
from portal import wallclock
from portal.accounts.models import User
from portal.errors import DomainError
from portal.http import PortalRequest

SHOWN = (
    Move.ACCEPT, Move.RETURN, Move.COMPLETE, Move.FIXED, Move.DECIDE, Move.WITHDRAW,
    Move.REASSIGN,
)  # fmt: skip


def find(request: PortalRequest, handoff_id: int) -> Handoff:
    """The handoff, for who reads leads; else 404."""
    visible = Handoff.objects.visible_to(request.user).select_related(
        "lead__company", "version__agreement", "giver_team__department",
        "receiver_team__department", "giver", "receiver",
    )  # fmt: skip
    return get_object_or_404(visible, pk=handoff_id)


def card_of(handoff: Handoff, user: User, at: datetime, refusal: str = "") -> dict[str, Any]:
    """What `leads/handing/_card.html` needs: the handoff and the moves of this person."""
    last = undoing.undoable(handoff, user, at)
    kinds = {one.key: one.name for one in handoff.version.parsed.handoffs}
    return {
        "handoff": handoff,
        "kind_name": kinds.get(handoff.kind, handoff.kind),
        "reason_name": reason_name(handoff),
        "dispute": dispute(
            handoff, handoff.moves.select_related("by"), handoff.clocks.unstopped()
        ),
        "may": {move.value: refusals.may(handoff, move, user, at) for move in SHOWN},
        "refusal": refusal,
        "undo_left": UNDO_WITHIN - (at - last.at) if last is not None else None,
    }


def reason_name(handoff: Handoff) -> str:
    """Why it came back, in the agreement's words; "" if it did not."""
    reasons = {one.key: one.name for one in handoff.version.parsed.return_reasons}
    return reasons.get(handoff.return_reason, handoff.return_reason)


def press(
    request: PortalRequest,
    handoff: Handoff,
    action: Callable[[datetime], Any],
    to: str = "leads:lead",
) -> HttpResponse:
    """Do what a button says. htmx gets what it swaps, the card or the page of the lead, as it
    then stands, with status 409 and the reason where it was refused; a plain form gets the
    page."""
    refusal, status = "", 200
    try:
        once_more(action, now=wallclock.now)
    except DomainError as error:
        refusal, status = str(error), 409
    if request.htmx and request.htmx.target == "main":
        return page(request, find_lead(request, handoff.lead_id), refusal, status)
    if request.htmx:
        now = find(request, handoff.pk)
        context = card_of(now, request.user, wallclock.now(), refusal)
        return render(request, "leads/handing/_card.html", context, status=status)
    if refusal:
        messages.error(request, refusal)
        return redirect("leads:lead", lead_id=handoff.lead_id)
    return redirect(to) if to == "leads:desk" else redirect(to, lead_id=handoff.lead_id)
