"""What a person does on the page of a lead; each answers with the page as it then stands."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from leads.actions import contributions
from leads.actions.journeys import attestations, journey, touches
from leads.actions.sweeping.once_more import once_more
from leads.forms.lead import AskForm, MoveForm, TouchForm
from leads.models import Lead
from leads.views.leads import default_terms, page
from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest


@require_POST
def touch(request: PortalRequest, lead_id: int) -> HttpResponse:
    form = TouchForm(request.POST)
    return _do(request, lead_id, form, touches.log)


@require_POST
def move(request: PortalRequest, lead_id: int) -> HttpResponse:
    form = MoveForm(default_terms(wallclock.now()), False, request.POST)
    return _do(request, lead_id, form, journey.move)


@require_POST
def ask(request: PortalRequest, lead_id: int) -> HttpResponse:
    return _do(request, lead_id, AskForm(request.POST), contributions.ask)


class AttestForm(forms.Form):
    """A fact that the terms ask somebody to vouch for."""

    fact = forms.SlugField(max_length=60)
    note = forms.CharField(max_length=300, required=False)


@require_POST
def attest(request: PortalRequest, lead_id: int) -> HttpResponse:
    return _do(request, lead_id, AttestForm(request.POST), attestations.attest)


def _do(
    request: PortalRequest, lead_id: int, form: forms.Form, action: Callable[..., Any]
) -> HttpResponse:
    """Check the form, do it, and show the lead; a refusal is 409, a wrong form 422."""
    lead = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    if not form.is_valid():
        fault = next(iter(form.errors.values()))[0]
        return page(request, lead, str(fault), 422)
    try:
        once_more(
            lambda at: action(lead_id=lead.pk, by=request.user, at=at, **form.cleaned_data),
            now=wallclock.now,
        )
    except DomainError as error:
        if request.htmx:
            return page(request, lead, str(error), 409)
        messages.error(request, str(error))
    return redirect("leads:lead", lead_id=lead.pk)
