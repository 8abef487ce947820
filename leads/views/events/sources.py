"""Systems that tell the portal what happened: listed, made, changed, given other secrets."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leads.actions.events.incoming import sources
from leads.actions.events.incoming.sources import Shown
from leads.forms.events.source import SourceForm
from leads.models import EventSource, InboundItem
from leads.models.events.inbound import InboundItemQuerySet
from leads.views.events.keepers import keepers_only, tabs
from leads.views.events.sheet import HEARD, SOURCES
from leads.views.events.spoken import spoken
from leads.views.lead.finding import number
from portal import spreadsheet, wallclock
from portal.errors import DomainError
from portal.http import PortalRequest, posted

PAGE = 30


@require_safe
@keepers_only
def index(request: PortalRequest) -> HttpResponseBase:
    """Every source, when it was last heard, and what of it waits in quarantine."""
    waiting = dict(
        InboundItem.objects.quarantined().values_list("source").annotate(n=Count("pk"))
    )
    found = EventSource.objects.select_related("keeper")
    rows = [(source, waiting.get(source.pk, 0)) for source in found]
    if kind := spreadsheet.asked(request):
        return spreadsheet.listed(kind, "sources", SOURCES, rows)
    context = {"rows": rows, "tabs": tabs(request, "in")}
    return render(request, "leads/events/sources.html", context)


@require_http_methods(["GET", "POST"])
@keepers_only
def new(request: PortalRequest) -> HttpResponse:
    """Let a system tell what happens; its secret and token are shown once."""
    form = SourceForm(posted(request), by=request.user)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            source, shown = sources.make(
                key=said["key"], kind=said["kind"], wanted=form.wanted(), by=request.user,
                at=wallclock.now(),
            )  # fmt: skip
            return _page(request, source, shown)
        except DomainError as error:
            form.add_error("key", str(error))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "source": None}
    return render(request, "leads/events/source_edit.html", context, status=status)


@require_safe
@keepers_only
def show(request: PortalRequest, key: str) -> HttpResponseBase:
    """One source: where it posts to, and what came lately."""
    source = _find(key)
    if kind := spreadsheet.asked(request):
        if not request.user.imports_leads:
            raise Http404
        return spreadsheet.listed(kind, f"source-{source.key}", HEARD, _heard(request, source))
    return _page(request, source)


@require_http_methods(["GET", "POST"])
@keepers_only
def edit(request: PortalRequest, key: str) -> HttpResponse:
    """Change all but its key and its mapping."""
    source = _find(key)
    form = SourceForm(posted(request), source=source)
    if request.method == "POST" and form.is_valid():
        try:
            sources.change(
                source_id=source.pk, wanted=form.wanted(), by=request.user, at=wallclock.now()
            )
            return redirect("leads:source", key=source.key)
        except DomainError as error:
            form.add_error(None, str(error))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "source": source}
    return render(request, "leads/events/source_edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
@keepers_only
def rotate(request: PortalRequest, key: str) -> HttpResponse:
    """What a new secret and token break and when; POST makes them and shows them once."""
    source, at = _find(key), wallclock.now()
    if request.method != "POST":
        until, overlaps = at + sources.OVERLAP, source.overlaps(at)
        context = {"source": source, "until": until, "overlaps": overlaps}
        return render(request, "leads/events/source_rotate.html", context)
    shown = sources.rotate(source_id=source.pk, by=request.user, at=at)
    messages.success(request, _("The secret and token before count until this time tomorrow."))
    return _page(request, _find(key), shown)


def _find(key: str) -> EventSource:
    return get_object_or_404(
        EventSource.objects.select_related("keeper", "changed_by", "api_token__user"), key=key
    )


def _page(
    request: PortalRequest, source: EventSource, shown: Shown | None = None
) -> HttpResponse:
    at = wallclock.now()
    items = InboundItem.objects.visible_to(request.user).filter(source=source)
    rows, older = _recent(request, source)
    context: dict[str, Any] = {
        "source": source,
        "shown": shown,
        "address": settings.BASE_URL.rstrip("/") + reverse("leads:event-in", args=[source.key]),
        "overlaps": source.overlaps(at),
        "rules": source.mapping.get("rules", []),
        "rows": [(item, spoken(item.result.get("what", ""), item.result)) for item in rows],
        "older": older,
        "quarantined": items.quarantined().count(),
        "reads": request.user.imports_leads,
    }
    return render(request, "leads/events/source.html", context)


def _recent(request: PortalRequest, source: EventSource) -> tuple[list[InboundItem], str]:
    """What came lately, newest first, paged by key."""
    items = _heard(request, source)
    if (cursor := number(request.GET.get("after", ""))) is not None:
        items = items.filter(pk__lt=cursor)
    page = list(items[: PAGE + 1])
    older = f"?after={page[PAGE - 1].pk}" if len(page) > PAGE else ""
    return page[:PAGE], older


def _heard(request: PortalRequest, source: EventSource) -> InboundItemQuerySet:
    items = InboundItem.objects.visible_to(request.user).filter(source=source)
    return items.select_related("inbound", "lead").order_by("-pk")
