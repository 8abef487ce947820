"""What both sides say about the clauses of a version before it is signed."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from sla.actions import comments as actions
from sla.core import terms as core
from sla.core.clauses import Clause
from sla.core.clauses import render as render_clauses
from sla.models import Comment, Version
from sla.views.agreements import find, may_draft


class CommentForm(forms.Form):
    clause = forms.CharField(max_length=200, widget=forms.HiddenInput)
    reply_to = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your comment"),
        max_length=actions.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "class": "in wide"}),
        error_messages={"required": _("Write what you think of the clause.")},
    )


@dataclass(frozen=True)
class Thread:
    """A comment with its replies; `changed`: the clause says something else now."""

    comment: Comment
    replies: list[Comment]
    changed: bool


@dataclass(frozen=True)
class Talk:
    """What is said about one clause. `clause` is None once it is gone from the text."""

    path: str
    heading: str
    clause: Clause | None
    threads: list[Thread]

    @property
    def open(self) -> int:
        return sum(thread.comment.resolved_at is None for thread in self.threads)


@require_http_methods(["GET", "POST"])
def comments(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """The threads of a version by clause; one clause of it with a form to add to them."""
    version = find(key, number)
    form = CommentForm(posted(request))
    path = request.POST.get("clause", "") or request.GET.get("clause", "")
    if request.method == "GET":
        return _page(request, version, path[:200], form)
    if not may_draft(request.user):
        raise Http404
    if not form.is_valid():
        return _page(request, version, path[:200], form, status=422)
    said = form.cleaned_data
    if said["reply_to"] is not None:
        get_object_or_404(version.comments, pk=said["reply_to"])
    try:
        comment = actions.write(
            version_id=version.pk,
            path=said["clause"],
            text=said["text"],
            reply_to=said["reply_to"],
            by=request.user,
            at=wallclock.now(),
        )
    except DomainError as error:
        return _page(request, version, path, form, refusal=str(error), status=409)
    return _written(request, version, comment)


@require_POST
def resolve(request: PortalRequest, key: str, number: int, comment_id: int) -> HttpResponse:
    """Settle a thread, or open it again (`open` in the form)."""
    version = find(key, number)
    comment = get_object_or_404(version.comments.threads(), pk=comment_id)
    if not may_draft(request.user):
        raise Http404
    comment = actions.resolve(
        comment_id=comment.pk,
        resolved="open" not in request.POST,
        by=request.user,
        at=wallclock.now(),
    )
    return _written(request, version, comment)


def _written(request: PortalRequest, version: Version, comment: Comment) -> HttpResponse:
    if request.htmx:
        return _page(request, version, comment.path, CommentForm())
    address = reverse("sla:comments", args=[version.agreement.key, version.number])
    query = urlencode({"clause": comment.path})
    return redirect(f"{address}?{query}#c{comment.parent_id or comment.pk}")


def _page(
    request: PortalRequest,
    version: Version,
    path: str,
    form: CommentForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    talks = _talks(version, path)
    if path and not talks:
        raise Http404
    context = {
        "version": version,
        "agreement": version.agreement,
        "talks": talks,
        "talk": talks[0] if path else None,
        "form": form,
        "refusal": refusal,
        "may_comment": may_draft(request.user) and version.state in actions.DISCUSSED,
        "open": sum(talk.open for talk in talks),
    }
    if not (request.htmx and path):
        return render(request, "sla/comments.html", context, status=status)
    return render(
        request, "sla/_comments.html", context | _counted(request, version), status=status
    )


def _counted(request: PortalRequest, version: Version) -> dict[str, object]:
    """What the page of all comments, if it is that one, has to say anew in its head."""
    shown = urlsplit(request.htmx.current_url_abs_path or "")
    if shown.path != reverse("sla:comments", args=[version.agreement.key, version.number]):
        return {}
    talks = _talks(version, parse_qs(shown.query).get("clause", [""])[0])
    return {"counted": True, "open": sum(talk.open for talk in talks)}


def _talks(version: Version, path: str) -> list[Talk]:
    """Each clause that is talked about, in the order of the text, those that are gone last;
    with a `path` that clause alone, talked about or not."""
    sections = render_clauses(core.read(version.terms))
    clauses = {clause.path: clause for section in sections for clause in section.clauses}
    threads = version.comments.threads().select_related("author", "resolved_by")
    if path:
        threads = threads.filter(path=path)
    by_path: dict[str, list[Comment]] = {}
    for comment in threads.prefetch_related("replies__author"):
        by_path.setdefault(comment.path, []).append(comment)
    if path and path in clauses:
        by_path.setdefault(path, [])
    order = {one: place for place, one in enumerate(clauses)}
    paths = sorted(by_path, key=lambda one: order.get(one, len(order)))
    return [_talk(one, clauses.get(one), by_path[one]) for one in paths]


def _talk(path: str, clause: Clause | None, said: Iterable[Comment]) -> Talk:
    threads = [
        Thread(one, list(one.replies.all()), clause is None or clause.text != one.clause)
        for one in said
    ]
    heading = clause.title if clause else threads[0].comment.heading
    return Talk(path, heading, clause, threads)
