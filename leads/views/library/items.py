"""What exists: the library itself, searched, filtered and kept."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leads.actions.library import keeping
from leads.core.words.stages import StageWords
from leads.desk.words import stage_columns, stage_words
from leads.forms.library.content import ContentForm
from leads.models import Content, Contribution
from leads.models.library.content import ContentQuerySet
from leads.views.lead.finding import number
from leads.views.library.taking import with_whom
from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from portal.look.parts import Link
from portal.spreadsheet import Column, Kind, asked, listed, table

PAGE = 30
STATES = {
    "ready": gettext_lazy("Ready"),
    "planned": gettext_lazy("Planned"),
    "expired": gettext_lazy("Valid no more"),
    "retired": gettext_lazy("Taken out"),
}


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """The library, newest first, paged by key; what is ready stands open."""
    at = _reader(request)
    today = keeping.day_of(request.user, at)
    found = _asked(request, today)
    if (cursor := number(request.GET.get("after", ""))) is not None:
        found = found.filter(pk__lt=cursor)
    rows = found.with_use().select_related("owner").prefetch_related("tags").order_by("-pk")
    page = list(rows[: PAGE + 1])
    last = page[PAGE - 1] if len(page) > PAGE else None
    context = {
        "items": [(one, one.state(today)) for one in page[:PAGE]],
        "asked": request.GET,
        "kept": [(n, request.GET[n]) for n in ("kind", "state", "tag") if request.GET.get(n)],
        "kinds": _chips(request, "kind", Content.Kind.choices, _("Every kind")),
        "states": _chips(request, "state", STATES.items(), ""),
        "names": stage_words(at).named(request.user.prefers_legacy),
        "may_keep": keeping.may_keep(request.user),
        "older": _address(request, after=str(last.pk)) if last else "",
        "files": _address(request),
        "filtered": any(request.GET.get(name) for name in ("q", "kind", "tag", "stage")),
    }
    return render(request, "leads/library/library.html", context)


@require_safe
def export(request: PortalRequest, kind: Kind) -> HttpResponseBase:
    """The same rows as a file."""
    at = _reader(request)
    today, words = keeping.day_of(request.user, at), stage_words(at)
    found: Any = (
        _asked(request, today).with_use().select_related("owner").prefetch_related("tags")
    )

    def rows() -> Iterator[list[Any]]:
        for one in found.order_by("-pk").iterator(chunk_size=500):
            yield [
                one.title, str(one.get_kind_display()), one.competitor,
                words.spoken(one.stage), words.labels.get(one.stage, ""),
                ", ".join(tag.word for tag in one.tags.all()), one.link, str(one.owner),
                one.published_on, one.valid_until, str(STATES[one.state(today)]),
                one.delivered, one.used, one.won,
            ]  # fmt: skip

    header = [
        _("Title"), _("Kind"), _("Competitor"), _("Stage"), _("Old label"), _("Tags"),
        _("Link"), _("Owner"), _("Published"), _("Valid until"), _("State"), _("Delivered to"),
        _("Used with"), _("Won with"),
    ]  # fmt: skip
    return table(kind, "library", header, rows())


@require_safe
def show(request: PortalRequest, content_id: int) -> HttpResponseBase:
    """One piece of material: what it is, and the leads that it went to."""
    at = _reader(request)
    content = _find(content_id)
    today = keeping.day_of(request.user, at)
    used = Contribution.objects.filter(content=content).select_related("lead__company")
    used = used.order_by("-pk")
    if kind := asked(request):
        return listed(kind, f"material-{content.pk}", _uses(stage_words(at)), used)
    if (cursor := number(request.GET.get("after", ""))) is not None:
        used = used.filter(pk__lt=cursor)
    page = list(used[: PAGE + 1])
    last = page[PAGE - 1] if len(page) > PAGE else None
    context = {
        "content": content,
        "state": content.state(today),
        "state_name": STATES[content.state(today)],
        "uses": page[:PAGE],
        "names": stage_words(at).glossary(request.user.prefers_legacy),
        "may_keep": keeping.may_keep(request.user) and content.retired_at is None,
        "with_whom": with_whom(request.user) if content.state(today) == "ready" else [],
        "older": f"?after={last.pk}" if last else "",
    }
    return render(request, "leads/library/content.html", context)


def _uses(words: StageWords) -> list[Column]:
    return [
        (_("Lead"), lambda one: one.lead.name),
        (_("Company"), lambda one: one.lead.company),
        *stage_columns(words, lambda one: one.lead.stage),
        (_("Delivered"), lambda one: one.delivered_at),
        (_("Used"), lambda one: one.used),
        (_("Without asking"), lambda one: one.taken),
        (_("Lead number"), lambda one: one.lead_id),
    ]


@require_http_methods(["GET", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Put material into the library, or plan it."""
    return _form(request, None)


@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, content_id: int) -> HttpResponse:
    """Describe material anew."""
    return _form(request, _find(content_id))


@require_POST
def retire(request: PortalRequest, content_id: int) -> HttpResponse:
    """Take material out of the library."""
    _keeper(request)
    try:
        keeping.retire(content_id=_find(content_id).pk, by=request.user, at=wallclock.now())
        messages.info(request, _("Taken out. What it was used for stays told."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("leads:content", content_id=content_id)


def _form(request: PortalRequest, content: Content | None) -> HttpResponse:
    at = _keeper(request)
    words = stage_words(at)
    meant = {"owner": request.user.pk, "stage": request.GET.get("stage", "")}
    initial = meant if content is None else ContentForm.initial_of(content)
    form = ContentForm(words, request.user.prefers_legacy, posted(request), initial=initial)
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                kept = _keep(form, content, request, at)
                return redirect("leads:content", content_id=kept.pk)
            except DomainError as error:
                status, refusal = 409, str(error)
    context = {"form": form, "content": content, "refusal": refusal}
    return render(request, "leads/library/edit.html", context, status=status)


def _keep(
    form: ContentForm, content: Content | None, request: PortalRequest, at: datetime
) -> Content:
    said = form.described()
    if content is None:
        return keeping.add(described=said, by=request.user, at=at)
    return keeping.change(content_id=content.pk, described=said, by=request.user, at=at)


def _reader(request: PortalRequest) -> datetime:
    if not request.user.reads_leads:
        raise Http404
    return wallclock.now()


def _keeper(request: PortalRequest) -> datetime:
    if not keeping.may_keep(request.user):
        raise Http404
    return wallclock.now()


def _find(content_id: int) -> Content:
    found = Content.objects.with_use().select_related("owner").prefetch_related("tags")
    return get_object_or_404(found, pk=content_id)


def _asked(request: PortalRequest, today: date) -> ContentQuerySet:
    query = request.GET
    found: ContentQuerySet = {
        "planned": Content.objects.planned(),
        "expired": Content.objects.expired(today),
        "retired": Content.objects.exclude(retired_at=None),
    }.get(query.get("state", ""), Content.objects.ready(today))
    found = found.visible_to(request.user).matching(query.get("q", "")[:100])
    if query.get("kind") in Content.Kind.values:
        found = found.filter(kind=query["kind"])
    if tag := query.get("tag", "").strip().lower()[:40]:
        found = found.filter(tags__word=tag)
    if stage := query.get("stage", "")[:60]:
        found = found.filter(stage=stage)
    return found


def _chips(request: PortalRequest, name: str, choices: Any, every: str) -> list[Link]:
    here = request.GET.get(name, "")
    rows = [("", every), *choices] if every else list(choices)
    first = "" if every else rows[0][0]
    return [
        Link(
            str(label)[:1].upper() + str(label)[1:],
            f"?{_query(request, **{name: value if value != first else ''})}",
            here=(here or first) == value,
        )
        for value, label in rows
    ]


def _query(request: PortalRequest, **changes: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return query.urlencode()


def _address(request: PortalRequest, **changes: str) -> str:
    query = _query(request, **changes)
    return f"?{query}" if query else ""
