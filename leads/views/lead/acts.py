"""What a person does on the page of a lead; each answers with the page as it then stands."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leads.actions.journeys import attestations, touches
from leads.actions.sweeping.once_more import once_more
from leads.forms.lead import AttestForm, TouchForm
from leads.views.lead.page import find, page
from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest


@require_POST
def touch(request: PortalRequest, lead_id: int) -> HttpResponse:
    return act(request, lead_id, TouchForm(request.POST), touches.log)


@require_POST
def attest(request: PortalRequest, lead_id: int) -> HttpResponse:
    return act(request, lead_id, AttestForm(request.POST), attestations.attest)


@require_POST
def withdraw_fact(request: PortalRequest, lead_id: int) -> HttpResponse:
    form = AttestForm(request.POST)

    def take_back(*, note: str, **said: Any) -> Any:
        return attestations.withdraw_attestation(**said)

    return act(request, lead_id, form, take_back)


def act(
    request: PortalRequest, lead_id: int, form: forms.Form, action: Callable[..., Any]
) -> HttpResponse:
    """Check the form, do it, and show the lead; a refusal is 409, a wrong form 422."""
    lead = find(request, lead_id)
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
    else:
        messages.info(request, _("Noted."))
    return redirect("leads:lead", lead_id=lead.pk)
