"""The dialogs and buttons of a handoff. Each works as a plain page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leads.actions.handing import endings, handoffs, packages, returns, rounds
from leads.actions.handing import undo as undoing
from leads.actions.sweeping.once_more import once_more
from leads.core.handoff import Move
from leads.forms.handoff import AnswerForm, DecideForm, OutcomeForm, ReassignForm, ReturnForm
from leads.forms.package import PackageForm
from leads.models import Handoff
from portal import wallclock
from portal.accounts.models import User
from portal.errors import DomainError
from portal.http import PortalRequest, posted

LOST = "lost"
Act = Callable[[Handoff, forms.Form, User, datetime], Any]


@dataclass(frozen=True)
class Dialog:
    """The words of a dialog; `about` says what will happen."""

    title: str
    about: str
    button: str


@require_POST
def accept(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """Take the lead on. A late second click is told who was quicker."""
    handoff = find(request, handoff_id)
    return _press(
        request,
        handoff,
        lambda at: handoffs.accept(handoff_id=handoff.pk, by=request.user, at=at),
    )


@require_POST
def withdraw(request: PortalRequest, handoff_id: int) -> HttpResponse:
    handoff = find(request, handoff_id)
    return _press(
        request,
        handoff,
        lambda at: endings.withdraw(handoff_id=handoff.pk, by=request.user, at=at),
    )


@require_POST
def undo(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """Take one's own last move back, within 30 s."""
    handoff = find(request, handoff_id)
    return _press(
        request,
        handoff,
        lambda at: undoing.undo(handoff_id=handoff.pk, by=request.user, at=at),
        to="leads:desk",
    )


@require_http_methods(["GET", "POST"])
def give_back(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """Return with a reason: five big choices, each with its example."""
    handoff = find(request, handoff_id)
    form = ReturnForm(handoff.version.parsed, posted(request))
    words = Dialog(
        _("Return with a reason"),
        _("%(team)s answers it; their clock starts now.") % {"team": handoff.giver_team},
        _("Return it"),
    )
    return _ask(request, handoff, form, words, _give_back)


@require_http_methods(["GET", "POST"])
def answer(request: PortalRequest, handoff_id: int) -> HttpResponse:
    handoff = find(request, handoff_id)
    reasons = {r.key: r.name for r in handoff.version.parsed.return_reasons}
    reason = reasons.get(handoff.return_reason, handoff.return_reason)
    about = _("Returned: %(why)s. %(note)s") % {"why": reason, "note": handoff.return_note}
    words = Dialog(_("Answer the return"), about, _("Answer"))
    return _ask(request, handoff, AnswerForm(posted(request)), words, _answer)


@require_http_methods(["GET", "POST"])
def decide(request: PortalRequest, handoff_id: int) -> HttpResponse:
    handoff = find(request, handoff_id)
    about = _("Disputed: %(note)s Both managers say a word.") % {"note": handoff.dispute_note}
    words = Dialog(_("Decide the dispute"), about, _("Say it"))
    return _ask(request, handoff, DecideForm(posted(request)), words, _decide)


@require_http_methods(["GET", "POST"])
def outcome(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """What came of it: the disposition that the agreement asks for."""
    handoff = find(request, handoff_id)
    words = Dialog(_("What came of it?"), _("Both departments read it."), _("Say outcome"))
    return _ask(request, handoff, OutcomeForm(posted(request)), words, _outcome)


@require_http_methods(["GET", "POST"])
def package(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """Fill in what the receiver was promised to find and did not."""
    handoff = find(request, handoff_id)
    agreed = handoff.version.parsed.handoff(handoff.kind)
    missing = rounds.missing_parts(handoff.lead, agreed, wallclock.now())
    lacks = ", ".join(rounds.labels(missing))
    about = _("Missing: %(parts)s.") % {"parts": lacks} if missing else _("Nothing is missing.")
    words = Dialog(_("Complete the package"), about, _("Fill it in"))
    return _ask(request, handoff, PackageForm(missing, posted(request)), words, _package)


@require_http_methods(["GET", "POST"])
def reassign(request: PortalRequest, handoff_id: int) -> HttpResponse:
    handoff = find(request, handoff_id)
    form = ReassignForm(handoff.receiver_team_id, posted(request))
    about = _("No clock restarts; its due instants stay.")
    words = Dialog(_("Give it to somebody else"), about, _("Give it over"))
    return _ask(request, handoff, form, words, _reassign)


def find(request: PortalRequest, handoff_id: int) -> Handoff:
    visible = Handoff.objects.visible_to(request.user).select_related(
        "lead__company", "version", "giver_team", "receiver_team"
    )
    return get_object_or_404(visible, pk=handoff_id)


def _press(
    request: PortalRequest,
    handoff: Handoff,
    action: Callable[[datetime], Any],
    to: str = "leads:lead",
) -> HttpResponse:
    try:
        once_more(action, now=wallclock.now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("leads:lead", lead_id=handoff.lead_id)
    return redirect(to) if to == "leads:desk" else redirect(to, lead_id=handoff.lead_id)


def _ask(
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
    context = {
        "handoff": handoff,
        "lead": handoff.lead,
        "form": form,
        "title": words.title,
        "about": words.about,
        "button": words.button,
        "refusal": refusal,
        "from_desk": _from_desk(request),
    }
    return render(request, "leads/dialog.html", context, status=status)


def _from_desk(request: PortalRequest) -> bool:
    """Whether the dialog was opened on the desk, where its answer is shown then."""
    return request.GET.get("from") == "desk"


def _back(request: PortalRequest, handoff: Handoff) -> HttpResponse:
    if _from_desk(request):
        return redirect("leads:desk")
    return redirect("leads:lead", lead_id=handoff.lead_id)


def _give_back(handoff: Handoff, form: forms.Form, by: User, at: datetime) -> None:
    returns.give_back(handoff_id=handoff.pk, by=by, at=at, **form.cleaned_data)


def _answer(handoff: Handoff, form: forms.Form, by: User, at: datetime) -> None:
    data = form.cleaned_data
    if data["answer"] == Move.FIXED:
        returns.answer_fixed(handoff_id=handoff.pk, by=by, at=at)
    elif data["answer"] == Move.DISPUTE:
        returns.answer_dispute(handoff_id=handoff.pk, by=by, at=at, note=data["note"])
    else:
        endings.answer_recycle(
            handoff_id=handoff.pk,
            by=by,
            at=at,
            on=_morning(data["on"], by),
            note=data["note"],
        )


def _decide(handoff: Handoff, form: forms.Form, by: User, at: datetime) -> None:
    counts = form.cleaned_data["counts"] == "yes"
    returns.decide(handoff_id=handoff.pk, by=by, at=at, counts=counts)


def _outcome(handoff: Handoff, form: forms.Form, by: User, at: datetime) -> None:
    data = form.cleaned_data
    if data["outcome"] in {Move.CLOSE, LOST}:
        lost = data["outcome"] == LOST
        endings.close(handoff_id=handoff.pk, by=by, at=at, reason=data["note"], lost=lost)
    elif data["outcome"] == Move.RECYCLE:
        endings.recycle(
            handoff_id=handoff.pk, by=by, at=at, on=_morning(data["on"], by), note=data["note"]
        )
    elif data["outcome"] == Move.STILL_TALKING:
        endings.still_talking(handoff_id=handoff.pk, by=by, at=at, note=data["note"])
    else:
        result = "won" if data["outcome"] == "won" else "moved_on"
        endings.complete(handoff_id=handoff.pk, by=by, at=at, outcome=result, note=data["note"])


def _morning(day: date, by: User) -> datetime:
    """Eight in the morning of that day, where the person is."""
    return datetime.combine(day, time(8), ZoneInfo(by.zone)).astimezone(UTC)


def _package(handoff: Handoff, form: forms.Form, by: User, at: datetime) -> None:
    values = form.values() if isinstance(form, PackageForm) else {}
    packages.complete_package(handoff_id=handoff.pk, by=by, at=at, values=values)


def _reassign(handoff: Handoff, form: forms.Form, by: User, at: datetime) -> None:
    handoffs.reassign(handoff_id=handoff.pk, to=form.cleaned_data["to"], by=by, at=at)
