"""What Sales asks for: with a clock and an owner, delivered, then used or not."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leads.actions import contributions
from leads.actions.library import keeping
from leads.actions.sweeping.once_more import once_more
from leads.core.words.stages import StageWords
from leads.desk.library.offering import fitting
from leads.desk.owed import measured
from leads.desk.words import stage_columns, stage_words
from leads.forms.lead import AskForm
from leads.forms.library.content import DeliveryForm
from leads.models import Clock, Contribution, Lead
from leads.views.lead.finding import number
from leads.views.lead.page import find
from portal import spreadsheet, wallclock
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from portal.look.parts import Link

PAGE = 30
SHOWN: dict[str, tuple[Promise, dict[str, Any]]] = {
    "open": (gettext_lazy("Asked"), {"delivered_at": None, "cancelled_at": None}),
    "delivered": (
        gettext_lazy("Delivered, use not said"),
        {"delivered_at__isnull": False, "used": None, "cancelled_at": None},
    ),
    "used": (gettext_lazy("Used"), {"used": True}),
    "unused": (gettext_lazy("Not used"), {"used": False}),
}


@require_safe
def index(request: PortalRequest) -> HttpResponseBase:
    """Requests by how they stand, newest first, each with its clock and owner."""
    if not request.user.reads_leads:
        raise Http404
    at, shown = wallclock.now(), request.GET.get("state", "open")
    shown = shown if shown in SHOWN else "open"
    clocks = Clock.objects.select_related("version", "owner", "team")
    found = Contribution.objects.filter(**SHOWN[shown][1]).select_related(
        "lead__company", "owner", "asked_by", "content"
    )
    rows = found.prefetch_related(Prefetch("clocks", clocks, to_attr="running"))
    rows = rows.order_by("-pk")
    if kind := spreadsheet.asked(request):
        return spreadsheet.listed(kind, "requests", _columns(stage_words(at), at), rows)
    if (cursor := number(request.GET.get("after", ""))) is not None:
        rows = rows.filter(pk__lt=cursor)
    page = list(rows[: PAGE + 1])
    last = page[PAGE - 1] if len(page) > PAGE else None
    context = {
        "requests": [(one, *_clock(one, at)) for one in page[:PAGE]],
        "states": [
            Link(str(label), f"?state={key}", here=key == shown)
            for key, (label, _where) in SHOWN.items()
        ],
        "shown": shown,
        "older": f"?state={shown}&after={last.pk}" if last else "",
    }
    return render(request, "leads/library/requests.html", context)


def _columns(words: StageWords, at: datetime) -> list[spreadsheet.Column]:
    return [
        (_("Asked for"), str),
        (_("Lead"), lambda one: one.lead.name),
        (_("Company"), lambda one: one.lead.company),
        *stage_columns(words, lambda one: one.lead.stage),
        (_("Asked by"), lambda one: one.asked_by),
        (_("Asked"), lambda one: one.asked_at),
        (_("Owed by"), lambda one: one.owner),
        (_("Due"), lambda one: getattr(_clock(one, at)[0], "due_at", None)),
        (_("State"), lambda one: _clock(one, at)[1]),
        (_("Delivered"), lambda one: one.delivered_at),
        (_("Material"), lambda one: one.content or one.link),
        (_("Used"), lambda one: one.used),
        (_("Lead number"), lambda one: one.lead_id),
    ]


@require_http_methods(["GET", "POST"])
def ask(request: PortalRequest, lead_id: int) -> HttpResponse:
    """What exists already stands beside the form; what does not is asked for."""
    lead, at = find(request, lead_id), wallclock.now()
    form = AskForm(posted(request), initial=request.GET.dict())
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _ask(lead, form, request)
                return redirect("leads:lead", lead_id=lead.pk)
            except DomainError as error:
                status, refusal = 409, str(error)
    said = request.POST if request.method == "POST" else request.GET
    context = {
        "lead": lead,
        "form": form,
        "refusal": refusal,
        "there": fitting(
            kind=said.get("kind", ""),
            competitor=said.get("competitor", ""),
            words=request.GET.get("q", "")[:100],
            today=keeping.day_of(request.user, at),
        ),
        "q": request.GET.get("q", "")[:100],
        "may_ask": request.user.department_id == "sales",
    }
    return render(request, "leads/library/ask.html", context, status=status)


@require_http_methods(["GET", "POST"])
def deliver(request: PortalRequest, contribution_id: int) -> HttpResponse:
    """Deliver from the library, where what fits stands first, or by a link."""
    one, at = _find(request, contribution_id), wallclock.now()
    form = DeliveryForm(posted(request))
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _deliver(one, form.cleaned_data, request)
                return redirect("leads:lead", lead_id=one.lead_id)
            except DomainError as error:
                status, refusal = 409, str(error)
    context = {
        "asked": one,
        "lead": one.lead,
        "form": form,
        "refusal": refusal,
        "there": fitting(
            kind=one.kind,
            competitor=one.competitor,
            words=request.GET.get("q", "")[:100],
            today=keeping.day_of(request.user, at),
        ),
        "q": request.GET.get("q", "")[:100],
    }
    return render(request, "leads/library/deliver.html", context, status=status)


@require_POST
def used(request: PortalRequest, contribution_id: int) -> HttpResponse:
    """Say whether delivered material was used."""
    one = _find(request, contribution_id)
    try:
        contributions.mark_used(
            contribution_id=one.pk,
            by=request.user,
            at=wallclock.now(),
            used=request.POST.get("used") == "yes",
        )
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("leads:lead", lead_id=one.lead_id)


@require_POST
def cancel(request: PortalRequest, contribution_id: int) -> HttpResponse:
    """Take back what was asked for."""
    one = _find(request, contribution_id)
    try:
        once_more(
            lambda at: contributions.cancel(contribution_id=one.pk, by=request.user, at=at),
            now=wallclock.now,
        )
        messages.info(request, _("Not asked for any more."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("leads:lead", lead_id=one.lead_id)


def _ask(lead: Lead, form: AskForm, request: PortalRequest) -> None:
    once_more(
        lambda at: contributions.ask(
            lead_id=lead.pk, by=request.user, at=at, **form.cleaned_data
        ),
        now=wallclock.now,
    )


def _deliver(one: Contribution, said: dict[str, Any], request: PortalRequest) -> None:
    content = said["content"].pk if said["content"] else None
    once_more(
        lambda at: contributions.deliver(
            contribution_id=one.pk, by=request.user, at=at, link=said["link"],
            content_id=content,
        ),
        now=wallclock.now,
    )  # fmt: skip


def _clock(one: Contribution, at: datetime) -> tuple[Clock | None, str]:
    """The clock of a request and its state; none where the terms promise nothing."""
    clock = next(iter(getattr(one, "running", ())), None)
    if clock is None:
        return None, ""
    if clock.stopped_at is not None:
        return clock, clock.outcome if clock.outcome in {"met", "late"} else ""
    return clock, measured([clock], at).state


def _find(request: PortalRequest, contribution_id: int) -> Contribution:
    visible = Lead.objects.visible_to(request.user)
    found = Contribution.objects.select_related("lead__company", "asked_by", "owner")
    return get_object_or_404(found.filter(lead__in=visible), pk=contribution_id)
