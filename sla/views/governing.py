"""What governs what: every version with its time and its signers, the order of the
agreements, and which of them takes a given lead, and why."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import spreadsheet, wallclock
from portal.accounts.models import Role, User
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from portal.reader.language import say
from sla import ports
from sla.actions import scopes as actions
from sla.core import scopes
from sla.core.scopes import Asked
from sla.forms.scope import ScopeForm, SplitForm, TypedForm
from sla.forms.tree import Posted
from sla.models import Agreement, Signature, Version
from sla.views.agreements import Span, history
from sla.views.counting import scope_counted

SAVE = "save"
COLUMNS: list[spreadsheet.Column] = [
    (gettext_lazy("Agreement"), lambda row: row[0].name),
    (gettext_lazy("Version"), lambda row: row[1].version.number),
    (gettext_lazy("Governs now"), lambda row: row[1].now),
    (gettext_lazy("Began"), lambda row: row[1].begins),
    (gettext_lazy("Ended"), lambda row: row[1].ends),
    (gettext_lazy("Signed by"), lambda row: ", ".join(one.signer_name for one in row[2])),
]


@dataclass(frozen=True)
class Governed:
    """An agreement with what it takes and its signed versions, newest first."""

    agreement: Agreement
    takes: str
    spans: list[tuple[Span, list[Signature], ports.Note | None]]


@require_safe
def in_force(request: PortalRequest) -> HttpResponseBase:
    """Which version governs what now, when each began and ended, and who signed it."""
    at = wallclock.now()
    running = ports.running() if request.user.reads_leads else {}
    rows = [
        Governed(
            agreement,
            _takes(agreement),
            [
                (span, _signers(span.version), running.get(span.version.pk))
                for span in history(agreement, at)
                if span.begins is not None
            ],
        )
        for agreement in Agreement.objects.in_order()
    ]
    if kind := spreadsheet.asked(request):
        each = ((row.agreement, *span) for row in rows for span in row.spans)
        return spreadsheet.listed(kind, "versions", COLUMNS, each)
    context = {"rows": rows, "may_order": _may_order(request.user), "at": at}
    return render(request, "sla/governs.html", context)


@require_POST
def order(request: PortalRequest, key: str) -> HttpResponse:
    """Try an agreement earlier or later: operations."""
    agreement = get_object_or_404(Agreement, key=key)
    if not _may_order(request.user):
        raise Http404
    earlier = request.POST.get("to") == "earlier"
    actions.move(
        agreement_id=agreement.pk, earlier=earlier, by=request.user, at=wallclock.now()
    )
    return redirect("sla:in-force")


@require_http_methods(["GET", "POST"])
def scope(request: PortalRequest, key: str) -> HttpResponse:
    """Which leads an agreement takes, by the criteria builder: operations."""
    agreement = get_object_or_404(Agreement, key=key, is_default=False)
    if not _may_order(request.user):
        raise Http404
    if request.method == "GET":
        return _scope_page(request, agreement, ScopeForm(agreement.scope))
    form = ScopeForm(agreement.scope, Posted(request.POST))
    verb, _sep, path = request.POST.get("do", SAVE).partition(":")
    if verb != SAVE:
        try:
            form.do(verb, path)
        except KeyError as error:
            raise Http404 from error
        return _scope_page(request, agreement, form)
    try:
        actions.change(
            agreement_id=agreement.pk, scope=form.scope, by=request.user, at=wallclock.now()
        )
    except ValueError:
        return _scope_page(request, agreement, form, status=422)
    return redirect("sla:in-force")


@require_http_methods(["GET", "POST"])
def split(request: PortalRequest, key: str) -> HttpResponse:
    """Split a part of an agreement off, or pilot one: operations name it, then say which
    leads; others read how it is done."""
    agreement = get_object_or_404(Agreement, key=key, archived_at=None)
    may, form = _may_order(request.user), SplitForm(posted(request))
    if not request.user.reads_leads or (request.method == "POST" and not may):
        raise Http404
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                version = actions.split(
                    agreement_id=agreement.pk, key=form.cleaned_data["key"],
                    name=form.cleaned_data["name"], by=request.user, at=wallclock.now(),
                )  # fmt: skip
                return redirect("sla:scope", key=version.agreement.key)
            except DomainError as error:
                status, refusal = 409, str(error)
    context = {"agreement": agreement, "form": form, "may": may, "refusal": refusal}
    return render(request, "sla/governs_split.html", context, status=status)


def _scope_page(
    request: PortalRequest, agreement: Agreement, form: ScopeForm, status: int = 200
) -> HttpResponse:
    if request.user.reads_leads:
        scope_counted(form, agreement.scope, wallclock.now())
    if request.htmx:  # what is swapped in is focused by the script
        form.page.focusing = "data-focused"
    context = {
        "agreement": agreement,
        "form": form,
        "nodes": form.nodes(),
        "takes": _takes(agreement),
    }
    return render(request, "sla/governs_scope.html", context, status=status)


@require_safe
def which(request: PortalRequest) -> HttpResponse:
    """Dry run: which agreement governs this lead, and why? Nothing is written."""
    if not request.user.reads_leads:
        raise Http404
    at = wallclock.now()
    every = list(Agreement.objects.in_order())
    begun = set(Version.objects.begun(at))
    agreements = [one for one in every if _asked(one, begun)]
    asked = [agreement.scope for agreement in agreements]
    number = request.GET.get("lead", "").strip()
    subject = ports.subject(int(number[:18]), at) if number.isdecimal() else None
    form = TypedForm(scopes.asked_fields(asked), request.GET or None)
    typed = "typed" in request.GET and form.is_valid()
    facts = subject.facts if subject else form.facts() if typed else None
    found = scopes.ask(asked, facts, at) if facts is not None else []
    context = {
        "tried": [(a, one, _version(a, at)) for a, one in zip(agreements, found, strict=False)],
        "taken": _taken(agreements, found),
        "unsaid": [one for one in every if one not in agreements],
        "now": next((a for a in every if subject and a.pk == subject.agreement), None),
        "subject": subject,
        "lead": number,
        "unknown": bool(number) and subject is None,
        "form": form,
        "at": at,
    }
    return render(request, "sla/governs_which.html", context)


def _takes(agreement: Agreement) -> str:
    """Which leads it takes, in words; without a scope none, unless it is the default."""
    if agreement.scope is None and not agreement.is_default:
        return _("no lead, until somebody says which")
    return scopes.sentence(agreement.scope, say)


def _asked(agreement: Agreement, begun: set[int]) -> bool:
    """Whether it takes any lead: says which, and was signed, as soon as any was."""
    if agreement.is_default:
        return True
    return agreement.scope is not None and (not begun or agreement.pk in begun)


def _signers(version: Version) -> list[Signature]:
    signatures = version.signatures.select_related("department").order_by("department")
    return list(signatures.filter(revision=version.revision))


def _version(agreement: Agreement, at: datetime) -> Version | None:
    return Version.objects.in_force(agreement.pk, at)


def _taken(agreements: list[Agreement], found: list[Asked]) -> Agreement | None:
    takes = (a for a, one in zip(agreements, found, strict=False) if one.verdict == "takes")
    return next(takes, None)


def _may_order(user: User) -> bool:
    return user.role == Role.OPERATIONS
