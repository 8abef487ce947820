"""A waiver that is asked for, and one that is not given."""

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from leads.actions.answering import waiving
from leads.actions.sweeping.once_more import once_more
from leads.models import Lead
from leads.models.marks import WaiverRequest
from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest


class AskForm(forms.Form):
    """Which handoff, and why its criteria do not matter here."""

    kind = forms.CharField(max_length=60, widget=forms.HiddenInput)
    why = forms.CharField(
        label=gettext_lazy("Why does it not matter here?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "class": "wide"}),
        error_messages={"required": gettext_lazy("Say why; who answers decides by it.")},
    )


class RefuseForm(forms.Form):
    """Why it is not waived."""

    note = forms.CharField(
        label=gettext_lazy("Why not?"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say why not; they act on it.")},
    )


@require_POST
def ask(request: PortalRequest, lead_id: int) -> HttpResponse:
    """Ask who would receive the lead to waive what is not met."""
    lead = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    form = AskForm(request.POST)

    def act(at: datetime) -> None:
        data = form.cleaned_data
        waiving.ask(lead_id=lead.pk, by=request.user, at=at, **data)

    page = reverse("leads:handoff-offer", args=[lead.pk])
    if request.POST.get("kind"):
        page += f"?kind={request.POST['kind'][:60]}"
    return _done(request, form, act, _("Asked. It waits on their desk."), page)


@require_POST
def refuse(request: PortalRequest, request_id: int) -> HttpResponse:
    """Say that it is not waived."""
    one = get_object_or_404(WaiverRequest.objects.visible_to(request.user), pk=request_id)
    form = RefuseForm(request.POST)

    def act(at: datetime) -> None:
        note = form.cleaned_data["note"]
        waiving.refuse(request_id=one.pk, note=note, by=request.user, at=at)

    said = _("Not waived. %(who)s is told why.") % {"who": one.asked_by}
    return _done(request, form, act, said, reverse("leads:lead", args=[one.lead_id]))


def _done(
    request: PortalRequest,
    form: forms.Form,
    act: Callable[[datetime], None],
    said: str,
    page: str,
) -> HttpResponse:
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect(page)
    try:
        once_more(act, now=wallclock.now)
        messages.info(request, said)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(page)
