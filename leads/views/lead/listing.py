"""The list of leads: as a page, paged by key, and as a file with every row."""

from collections.abc import Iterator
from typing import Any, Literal

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads.desk.listed import drawn, listed
from leads.desk.words import ruling
from leads.models import Company, Lead, WordHeard
from leads.views.lead.finding import Asked, after, leads_for, listen
from portal import wallclock
from portal.http import PortalRequest
from portal.spreadsheet import table

PAGE = 50


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """The leads, newest first; search reads names, addresses, companies, and `stage=…` in
    the journey's words or the old ones."""
    if not request.user.reads_leads:
        raise Http404
    at, asked = wallclock.now(), Asked(request.GET)
    rules = ruling(at)
    listen(asked, request.user, rules, at)
    found = after(leads_for(asked, request.user, rules), asked.after)
    page = listed(found, PAGE + 1)
    last = page[PAGE - 1] if len(page) > PAGE else None
    keys = rules.words.keys_of(asked.stage) if asked.stage else frozenset()
    legacy = request.user.prefers_legacy
    context = {
        "rows": drawn(page[:PAGE], rules.words, legacy, at) if page else "",
        "names": rules.words.named(legacy),
        "asked": asked,
        "chosen": keys,
        "meant": [rules.words.spoken(key) for key in rules.words.names if key in keys],
        "company": Company.objects.filter(pk=asked.company).first() if asked.company else None,
        "older": _address(request, after=str(last.pk)) if last else "",
        "files": _address(request, after=None),
    }
    older = request.htmx and request.htmx.target == "rows"
    return render(request, f"leads/lead/{'_leads' if older else 'leads'}.html", context)


@require_safe
def export(request: PortalRequest, kind: Literal["csv", "xlsx"]) -> HttpResponseBase:
    """Every lead that the list would show, with both words for its stage."""
    if not request.user.reads_leads:
        raise Http404
    at, asked = wallclock.now(), Asked(request.GET)
    rules = ruling(at)
    listen(asked, request.user, rules, at, WordHeard.Place.CSV)
    found = leads_for(asked, request.user, rules)
    words = rules.words

    def rows() -> Iterator[list[Any]]:
        for lead in found.iterator(chunk_size=2_000):
            name = words.spoken(lead.stage)
            yield [
                *_before(lead),
                lead.stage,
                name,
                words.labels.get(lead.stage, ""),
                *_rest(lead),
            ]

    return table(kind, "leads", _header(), rows())


def _header() -> list[str]:
    return [
        _("Number"), _("Name"), _("E-mail"), _("Company"), _("Stage key"), _("Stage"),
        _("Old label"), _("Kind"), _("Source"), _("Campaign"), _("Received"), _("Closed"),
        _("Closed as"),
    ]  # fmt: skip


def _before(lead: Lead) -> list[Any]:
    return [lead.pk, lead.name, lead.email, lead.company.name if lead.company else ""]


def _rest(lead: Lead) -> list[Any]:
    closed = str(lead.get_closed_as_display()) if lead.closed_as else ""
    return [
        lead.segment, lead.source, lead.campaign, lead.received_at, lead.closed_at, closed,
    ]  # fmt: skip


def _address(request: PortalRequest, after: str | None) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    if after is not None:
        query["after"] = after
    return f"?{query.urlencode()}" if query else ""
