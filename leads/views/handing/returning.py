"""A return and what follows it: the reason, the giver's answer, the managers' words."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leads.actions.handing import endings, returns
from leads.actions.owning import routing
from leads.core.handoff import Move
from leads.forms.handoff import AnswerForm, DecideForm, ReturnForm
from leads.models import Clock, Handoff
from leads.reports.returning.groups import sentence_of
from leads.views.handing.asking import Dialog, ask, morning
from leads.views.handing.card import find, reason_name
from portal.accounts.models import User
from portal.http import PortalRequest, posted
from portal.look.words import quoted


@require_http_methods(["GET", "POST"])
def give_back(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """Return with a reason: five big choices, each with its example."""
    handoff = find(request, handoff_id)
    form = ReturnForm(handoff.version.parsed, posted(request))
    words = Dialog(
        _("Return with a reason"),
        _("%(team)s answers it; their clock starts now.") % {"team": handoff.giver_team},
        _("Return it"),
        "leads/handing/return.html",
        {"reasons": _reasons(handoff)},
    )
    return ask(request, handoff, form, words, _give_back)


@require_http_methods(["GET", "POST"])
def answer(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """The giver's answer: fixed, disputed, or back to nurture."""
    handoff = find(request, handoff_id)
    about = _("Returned: %(why)s. %(note)s") % {
        "why": reason_name(handoff),
        "note": quoted(handoff.return_note) if handoff.return_note else "",
    }  # fmt: skip
    seat = routing.seats_of(handoff.lead).get("marketing")
    words = Dialog(
        _("Answer the return"),
        about,
        _("Answer"),
        "leads/handing/answer.html",
        {"owed": _owed(handoff, "answer"), "seat": seat, **_deciding(handoff)},
    )
    return ask(request, handoff, AnswerForm(posted(request)), words, _answer)


@require_http_methods(["GET", "POST"])
def decide(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """One manager's word on a dispute, beside the word of the other."""
    handoff = find(request, handoff_id)
    about = _("Both managers say a word.")
    if handoff.dispute_note:
        about += " " + _("Disputed: %(note)s") % {"note": quoted(handoff.dispute_note)}
    words = Dialog(
        _("Decide the dispute"),
        about,
        _("Say it"),
        "leads/handing/decide.html",
        {"owed": _owed(handoff, "decide"), "said": _said(handoff), **_deciding(handoff)},
    )
    return ask(request, handoff, DecideForm(posted(request)), words, _decide)


def _give_back(handoff: Handoff, form: forms.Form, by: User, at: datetime) -> None:
    returns.give_back(handoff_id=handoff.pk, by=by, at=at, **form.cleaned_data)


def _answer(handoff: Handoff, form: forms.Form, by: User, at: datetime) -> None:
    data = form.cleaned_data
    if data["answer"] == Move.FIXED:
        returns.answer_fixed(handoff_id=handoff.pk, by=by, at=at)
    elif data["answer"] == Move.DISPUTE:
        returns.answer_dispute(handoff_id=handoff.pk, by=by, at=at, note=data["note"])
    else:
        on = morning(data["on"], by)
        endings.answer_recycle(
            handoff_id=handoff.pk, by=by, at=at, on=on, to=data["to"], note=data["note"]
        )


def _decide(handoff: Handoff, form: forms.Form, by: User, at: datetime) -> None:
    counts = form.cleaned_data["counts"] == "yes"
    returns.decide(handoff_id=handoff.pk, by=by, at=at, counts=counts)


def _reasons(handoff: Handoff) -> list[dict[str, Any]]:
    """Each reason of the agreement, the criterion it disputes, and what it waits for."""
    terms, cadence = handoff.version.parsed, _cadence(handoff)
    return [
        {
            "reason": one,
            "criterion": sentence_of(terms.journey, one.disputes),
            "waits": cadence if one.after_cadence and not returns.cadence_kept(handoff) else "",
        }
        for one in terms.return_reasons
    ]


def _cadence(handoff: Handoff) -> str:
    """How many of the agreed attempts were made in this round."""
    clock = handoff.clocks.filter(kind="cadence", round=handoff.round).last()
    if clock is None:
        owed = handoff.version.parsed.obligations_on(handoff.kind)
        needed = next((one.attempts for one in owed if one.kind == "cadence"), None) or 0
        return _("Only after %(n)s attempts; none is counted yet.") % {"n": needed}
    return _("Only after %(n)s attempts; %(made)s made so far.") % {
        "n": clock.attempts_needed, "made": clock.attempts_made,
    }  # fmt: skip


def _owed(handoff: Handoff, kind: str) -> Clock | None:
    return handoff.clocks.unstopped().filter(kind=kind).first()


def _deciding(handoff: Handoff) -> dict[str, Any]:
    """Who decides a dispute, and what the signed default says."""
    owed = handoff.version.parsed.obligations_on(handoff.kind, "dispute")
    default = next((one.default for one in owed if one.kind == "decide"), None)
    managers = [
        team.manager or team.department.head
        for team in (handoff.giver_team, handoff.receiver_team)
    ]
    return {"default": default, "managers": [one for one in managers if one is not None]}


def _said(handoff: Handoff) -> list[tuple[Any, str]]:
    """Each side's team with what its manager said last; "" for nothing yet."""
    found = returns.words(handoff) if handoff.disputed_at else {}
    teams = (("giver", handoff.giver_team), ("receiver", handoff.receiver_team))
    return [(team, found.get(side, "")) for side, team in teams]
