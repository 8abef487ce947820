"""Reading: the text in force, any version, and what changed between two of them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from portal import wallclock
from portal.accounts.models import Role, User
from portal.http import PortalRequest
from sla import ports
from sla.actions.comments import DISCUSSED
from sla.core.clauses import Clause, Section
from sla.core.clauses import render as render_clauses
from sla.core.diff import Change, compare_terms
from sla.models import Agreement, Signature, Version
from sla.views.costs import with_kept_costs

State = Version.State
Talk = tuple[int, int]  # threads that are open, and all
NotedClause = tuple[Clause, ports.Note | None, Talk]


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """The agreements, in the order they are tried; a single one is opened at once."""
    agreements = list(Agreement.objects.in_order())
    if len(agreements) == 1:
        return redirect("sla:agreement", key=agreements[0].key)
    at = wallclock.now()
    rows = [(a, Version.objects.in_force(a.pk, at)) for a in agreements]
    context = {"rows": rows, "may_draft": may_draft(request.user)}
    return render(request, "sla/agreements.html", context)


@require_safe
def in_force(request: PortalRequest, key: str) -> HttpResponse:
    """What did we promise? The version in force, or the newest one where none is yet."""
    agreement = get_object_or_404(Agreement, key=key)
    at = wallclock.now()
    version = Version.objects.in_force(agreement.pk, at) or agreement.versions.first()
    if version is None:
        context = {"agreement": agreement, "may_draft": may_draft(request.user)}
        return render(request, "sla/empty.html", context)
    return _document(request, version, at)


@require_safe
def version(request: PortalRequest, key: str, number: int) -> HttpResponse:
    return _document(request, find(key, number), wallclock.now())


def find(key: str, number: int) -> Version:
    signatures = Prefetch("signatures", Signature.objects.select_related("signer"))
    versions = Version.objects.select_related("agreement", "created_by", "proposed_by")
    return get_object_or_404(
        versions.prefetch_related(signatures), agreement__key=key, number=number
    )


def base_of(version: Version, at: datetime) -> Version | None:
    """What a version is compared with: the one in force at `at`, else the one before it."""
    others = Version.objects.filter(agreement=version.agreement_id).exclude(pk=version.pk)
    governing = others.effective(at).first()
    if governing is not None and governing.number < version.number:
        return governing
    return others.signed().filter(number__lt=version.number).first()


def redline(base: Version | None, version: Version) -> list[Change]:
    """What changes from `base` to `version`; a frozen text is read once per process."""
    return compare_terms(base.parsed, version.parsed) if base else []


def may_draft(user: User) -> bool:
    return bool(user.department_id) or user.role == Role.OPERATIONS


def may_withdraw(user: User, version: Version) -> bool:
    authors = {version.created_by_id, version.proposed_by_id}
    return user.role == Role.OPERATIONS or user.pk in authors


@dataclass(frozen=True)
class Span:
    """One version in the history of an agreement, with the time it governed."""

    version: Version
    begins: datetime | None
    ends: datetime | None
    now: bool


def history(agreement: Agreement, at: datetime) -> list[Span]:
    """Every version, newest first; `ends` of a signed one is where the next one begins."""
    versions = list(agreement.versions.all())
    signed = sorted(
        (v for v in versions if v.effective_from), key=lambda v: (v.effective_from, v.signed_at)
    )
    ends = {a.pk: b.effective_from for a, b in pairwise(signed)}
    current = Version.objects.in_force(agreement.pk, at)
    return [
        Span(v, v.effective_from, ends.get(v.pk), current is not None and v.pk == current.pk)
        for v in versions
    ]


def _document(request: PortalRequest, version: Version, at: datetime) -> HttpResponse:
    version = find(version.agreement.key, version.number)
    spans = history(version.agreement, at)
    proposed = [s.version for s in spans if s.version.state == State.PROPOSED]
    context = {
        "version": version,
        "agreement": version.agreement,
        "document": _with_notes(version, request.user, at),
        "signatures": _current_signatures(version),
        "span": next(span for span in spans if span.version.pk == version.pk),
        "history": spans,
        "proposed": [
            (other, with_kept_costs(other, base_of(other, at)))
            for other in proposed
            if other.pk != version.pk
        ],
        "compared": base_of(version, at) is not None,
        "may_draft": may_draft(request.user),
        "discussed": version.state in DISCUSSED,
        "comments": version.comments.threads().count(),
        "may_sign": _may_sign(request.user, version),
        "may_withdraw": may_withdraw(request.user, version),
    }
    return render(request, "sla/version.html", context)


def _with_notes(
    version: Version, user: User, at: datetime
) -> list[tuple[Section, list[NotedClause]]]:
    """The sections of the text, each clause with its note for the margin, if it has one.

    The notes count leads: who does not read those reads the text alone. Beside them stands
    how much is said about the clause.
    """
    notes = ports.practice(version, at) if user.reads_leads else {}
    talks = counts(version)
    return [
        (
            section,
            [(c, notes.get(c.path), talks.get(c.path, (0, 0))) for c in section.clauses],
        )
        for section in render_clauses(version.parsed)
    ]


def counts(version: Version) -> dict[str, Talk]:
    """By the path of the clause: how many threads are open, and how many there are."""
    found: dict[str, Talk] = {}
    rows = version.comments.threads().values_list("path", "resolved_at")
    for path, resolved_at in rows:
        unsettled, every = found.get(path, (0, 0))
        found[path] = unsettled + (resolved_at is None), every + 1
    return found


def _current_signatures(version: Version) -> dict[str, Signature | None]:
    """The signature of each department over the current revision, Marketing first."""
    found: dict[str, Signature | None] = {"marketing": None, "sales": None}
    for signature in version.signatures.all():
        if signature.revision == version.revision:
            found[signature.department_id] = signature
    return found


def _may_sign(user: User, version: Version) -> bool:
    return (
        version.state == State.PROPOSED
        and user.is_signatory
        and user.department_id in version.needs
    )
