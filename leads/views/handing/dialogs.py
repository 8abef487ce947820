"""What else one says of a handoff: what came of it, what its package lacks, whose it is."""

from datetime import datetime

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leads.actions.handing import endings, handoffs, packages, rounds
from leads.core.handoff import Move
from leads.forms.handoff import OutcomeForm, ReassignForm
from leads.forms.package import PackageForm
from leads.models import Handoff
from leads.views.handing.asking import Dialog, ask, morning
from leads.views.handing.card import find
from portal import wallclock
from portal.accounts.models import User
from portal.http import PortalRequest, posted

LOST = "lost"


@require_http_methods(["GET", "POST"])
def outcome(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """What came of it: the disposition that the agreement asks for."""
    handoff = find(request, handoff_id)
    words = Dialog(_("What came of it?"), _("Both departments read it."), _("Say outcome"))
    return ask(request, handoff, OutcomeForm(posted(request)), words, _outcome)


@require_http_methods(["GET", "POST"])
def package(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """Fill in what the receiver was promised to find and did not."""
    handoff = find(request, handoff_id)
    agreed = handoff.version.parsed.handoff(handoff.kind)
    missing = rounds.missing_parts(handoff.lead, agreed, wallclock.now())
    lacks = ", ".join(rounds.labels(missing))
    about = _("Missing: %(parts)s.") % {"parts": lacks} if missing else _("Nothing is missing.")
    words = Dialog(_("Complete the package"), about, _("Fill it in"))
    return ask(request, handoff, PackageForm(missing, posted(request)), words, _package)


@require_http_methods(["GET", "POST"])
def reassign(request: PortalRequest, handoff_id: int) -> HttpResponse:
    handoff = find(request, handoff_id)
    form = ReassignForm(handoff.receiver_team_id, posted(request))
    about = _("No clock restarts; its due instants stay.")
    words = Dialog(_("Give it to somebody else"), about, _("Give it over"))
    return ask(request, handoff, form, words, _reassign)


def _outcome(handoff: Handoff, form: forms.Form, by: User, at: datetime) -> None:
    data = form.cleaned_data
    if data["outcome"] in {Move.CLOSE, LOST}:
        lost = data["outcome"] == LOST
        endings.close(handoff_id=handoff.pk, by=by, at=at, reason=data["note"], lost=lost)
    elif data["outcome"] == Move.RECYCLE:
        on = morning(data["on"], by)
        endings.recycle(
            handoff_id=handoff.pk, by=by, at=at, on=on, to=data["to"], note=data["note"]
        )
    elif data["outcome"] == Move.STILL_TALKING:
        endings.still_talking(handoff_id=handoff.pk, by=by, at=at, note=data["note"])
    else:
        result = "won" if data["outcome"] == "won" else "moved_on"
        endings.complete(handoff_id=handoff.pk, by=by, at=at, outcome=result, note=data["note"])


def _package(handoff: Handoff, form: forms.Form, by: User, at: datetime) -> None:
    values = form.values() if isinstance(form, PackageForm) else {}
    packages.complete_package(handoff_id=handoff.pk, by=by, at=at, values=values)


def _reassign(handoff: Handoff, form: forms.Form, by: User, at: datetime) -> None:
    handoffs.reassign(handoff_id=handoff.pk, to=form.cleaned_data["to"], by=by, at=at)
