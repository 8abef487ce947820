"""How a dialog of a handoff is shown, and answered, and refused: each works as a plain page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from leads.actions.sweeping.once_more import once_more
from leads.models import Handoff
from leads.views.handing.card import find, reason_name
from portal import wallclock
from portal.accounts.models import User
from portal.errors import DomainError
from portal.http import PortalRequest

Act = Callable[[Handoff, forms.Form, User, datetime], Any]
EIGHT = time(8)


@dataclass(frozen=True)
class Dialog:
    """The words of a dialog; `about` says what will happen. `more` is for its template."""

    title: str
    about: str
    button: str
    template: str = "leads/dialog.html"
    more: Mapping[str, Any] = field(default_factory=dict)


def ask(
    request: PortalRequest, handoff: Handoff, form: forms.Form, words: Dialog, act: Act
) -> HttpResponse:
    """Show a dialog, or do what it says; a refusal is shown on it and is 409."""
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                once_more(lambda at: act(handoff, form, request.user, at), now=wallclock.now)
                return _back(request, handoff)
            except DomainError as error:
                status, refusal = 409, str(error)
                handoff = find(request, handoff.pk)
    context = {
        "handoff": handoff,
        "lead": handoff.lead,
        "reason_name": reason_name(handoff),
        "form": form,
        "title": words.title,
        "about": words.about,
        "button": words.button,
        "refusal": refusal,
        "from_desk": from_desk(request),
        **words.more,
    }
    return render(request, words.template, context, status=status)


def from_desk(request: PortalRequest) -> bool:
    """Whether the dialog was opened on the desk, where its answer is shown then."""
    return request.GET.get("from") == "desk"


def morning(day: date, by: User) -> datetime:
    """Eight in the morning of that day, where the person is."""
    return datetime.combine(day, EIGHT, ZoneInfo(by.zone)).astimezone(UTC)


def _back(request: PortalRequest, handoff: Handoff) -> HttpResponse:
    if from_desk(request):
        return redirect("leads:desk")
    if request.GET.get("from") == "returns":
        return redirect("leads:returns")
    return redirect("leads:lead", lead_id=handoff.lead_id)
