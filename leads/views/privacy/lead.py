"""One person: what they agreed to, what is held of them, and its erasure."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leads.actions.privacy import asking, consents, erasing, telling
from leads.forms.privacy import AskedForm, ConsentForm, EraseForm
from leads.models import Lead, PrivacyRequest
from leads.views.lead.page import find
from portal import spreadsheet, wallclock
from portal.accounts.models import Role
from portal.errors import DomainError
from portal.http import PortalRequest


@require_safe
def show(request: PortalRequest, lead_id: int) -> HttpResponse:
    """Consents, for who reads leads; requests and what an erasure takes, for operations and
    auditors."""
    return _page(request, find(request, lead_id))


@require_POST
def consent(request: PortalRequest, lead_id: int) -> HttpResponse:
    """Note what the person said of a consent."""
    lead, form = find(request, lead_id), ConsentForm(request.POST)
    if not form.is_valid():
        return _page(request, lead, {"consent_form": form}, status=422)
    try:
        consents.state(
            lead_id=lead.pk, by=request.user, at=wallclock.now(), **form.cleaned_data
        )
    except DomainError as error:
        return _page(request, lead, {"consent_form": form, "refusal": error}, status=409)
    messages.info(request, _("Noted. It stands beside the lead, with its source."))
    return redirect("leads:lead-privacy", lead_id=lead.pk)


@require_POST
def asked(request: PortalRequest, lead_id: int) -> HttpResponse:
    """Note that the person asks to be told, or to be erased."""
    lead, form = _for_operations(request, lead_id), AskedForm(request.POST)
    if not form.is_valid():
        return _page(request, lead, {"asked_form": form}, status=422)
    try:
        asking.note(lead_id=lead.pk, by=request.user, at=wallclock.now(), **form.cleaned_data)
    except DomainError as error:
        return _page(request, lead, {"asked_form": form, "refusal": error}, status=409)
    messages.info(request, _("Noted. It is answered within 30 days."))
    return redirect("leads:lead-privacy", lead_id=lead.pk)


@require_POST
def export(request: PortalRequest, lead_id: int) -> HttpResponseBase:
    """All that is held of the person, as JSON or as CSV; that it was told is kept."""
    lead = _for_operations(request, lead_id)
    told = telling.export(lead_id=lead.pk, by=request.user, at=wallclock.now())
    if request.POST.get("kind") == "csv":
        header = ("place", "row", "field", "value")
        return spreadsheet.table("csv", f"person-{lead.pk}", header, telling.flat(told))
    answer = JsonResponse(told, json_dumps_params={"indent": 1, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="person-{lead.pk}.json"'
    return answer


@require_POST
def erase(request: PortalRequest, lead_id: int) -> HttpResponse:
    """Erase the person, whose name was typed."""
    lead = _for_operations(request, lead_id)
    form = EraseForm(lead.name, request.POST)
    if not form.is_valid():
        return _page(request, lead, {"erase_form": form}, status=422)
    reason = form.cleaned_data["reason"]
    try:
        erasing.erase(lead_id=lead.pk, by=request.user, at=wallclock.now(), reason=reason)
    except DomainError as error:
        return _page(request, lead, {"erase_form": form, "refusal": error}, status=409)
    messages.info(request, _("Erased. Nothing says who this was; what was counted counts."))
    return redirect("leads:privacy")


def _for_operations(request: PortalRequest, lead_id: int) -> Lead:
    if request.user.role != Role.OPERATIONS:
        raise Http404
    return find(request, lead_id)


def _page(
    request: PortalRequest, lead: Lead, more: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    user, at = request.user, wallclock.now()
    context: dict[str, Any] = {
        "lead": lead,
        "consents": lead.consents.select_related("by")[:50],
        "consent_form": ConsentForm(),
        "may_note": user.may_act and not lead.is_erased,
    }
    if user.reads_privacy:
        rows = PrivacyRequest.objects.visible_to(user).filter(lead=lead)
        requests = rows.select_related("noted_by", "done_by")
        context |= {
            "privacy": True,
            "requests": [(one, one.is_late(at)) for one in requests[:20]],
            "preview": None if lead.is_erased else erasing.preview(lead),
            "may_erase": user.role == Role.OPERATIONS and not lead.is_erased,
            "asked_form": AskedForm(),
            "erase_form": EraseForm(lead.name),
        }
    context |= more or {}
    return render(request, "leads/privacy/lead.html", context, status=status)
