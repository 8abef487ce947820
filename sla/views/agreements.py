"""Reading: the text in force, any version, and what changed between two of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal import spreadsheet, wallclock
from portal.accounts.models import Role, User
from portal.http import PortalRequest
from sla import ports
from sla.actions.comments import DISCUSSED
from sla.actions.renewing import runs_out
from sla.core.clauses import Clause, Section
from sla.core.clauses import render as render_clauses
from sla.core.diff import Change, compare_terms
from sla.models import Agreement, Signature, Version
from sla.views.costs import with_kept_costs

State = Version.State
Talk = tuple[int, int]  # threads that are open, and all
COLUMNS: list[spreadsheet.Column] = [
    (_("Agreement"), lambda row: row[0].name),
    (_("Version in force"), lambda row: row[1] and row[1].number),
    (_("Since"), lambda row: row[1] and row[1].effective_from),
    (_("Key"), lambda row: row[0].key),
]
NotedClause = tuple[Clause, ports.Note | None, Talk]


@require_safe
def index(request: PortalRequest) -> HttpResponseBase:
    """The agreements, in the order they are tried; a single one is opened at once."""
    agreements = list(Agreement.objects.in_order())
    if len(agreements) == 1:
        return redirect("sla:agreement", key=agreements[0].key)
    at = wallclock.now()
    rows = [(a, Version.objects.in_force(a.pk, at)) for a in agreements]
    if kind := spreadsheet.asked(request):
        return spreadsheet.listed(kind, "agreements", COLUMNS, rows)
    context = {"rows": rows, "may_draft": may_draft(request.user)}
    return render(request, "sla/agreements.html", context)


@require_safe
def in_force(request: PortalRequest, key: str) -> HttpResponse:
    """What did we promise? The version in force, or the newest one where none is yet."""
    versions, at = list(versions_of(key)), wallclock.now()
    if not versions:
        agreement = get_object_or_404(Agreement, key=key)
        context = {"agreement": agreement, "may_draft": may_draft(request.user)}
        return render(request, "sla/empty.html", context)
    return _document(request, governing(versions, at) or versions[0], versions, at)


@require_safe
def version(request: PortalRequest, key: str, number: int) -> HttpResponse:
    versions = list(versions_of(key))
    return _document(request, among(versions, number), versions, wallclock.now())


def find(key: str, number: int) -> Version:
    return get_object_or_404(_whole(), agreement__key=key, number=number)


def versions_of(key: str) -> QuerySet[Version]:
    """All versions of an agreement, the newest first, as `find` would find each."""
    return _whole().filter(agreement__key=key)


def among(versions: Iterable[Version], number: int) -> Version:
    """The version of that number; 404 if these have none."""
    found = next((one for one in versions if one.number == number), None)
    if found is None:
        raise Http404
    return found


def _whole() -> QuerySet[Version]:
    signatures = Prefetch("signatures", Signature.objects.select_related("signer"))
    people = ("created_by", "proposed_by", "ended_by")
    return Version.objects.select_related("agreement", *people).prefetch_related(signatures)


def base_of(version: Version, at: datetime) -> Version | None:
    """What a version is compared with: the one in force at `at`, else the one before it."""
    return base_among(Version.objects.filter(agreement=version.agreement_id), version, at)


def base_among(versions: Iterable[Version], version: Version, at: datetime) -> Version | None:
    """The same among the versions of its agreement that were read before."""
    others = [one for one in versions if one.pk != version.pk]
    in_force = governing(others, at)
    if in_force is not None and in_force.number < version.number:
        return in_force
    earlier = [v for v in others if v.state == State.SIGNED and v.number < version.number]
    return max(earlier, key=lambda one: one.number, default=None)


def governing(versions: Iterable[Version], at: datetime) -> Version | None:
    """The signed version of these that holds at `at`, as `Version.objects.in_force` says."""
    begun = [v for v in versions if v.state == State.SIGNED and _begin(v)[0] <= at]
    return max(begun, key=_begin, default=None)


def _begin(version: Version) -> tuple[datetime, datetime, int]:
    """When a signed version begins; of those that begin together, which one holds."""
    never = datetime.max.replace(tzinfo=UTC)
    return version.effective_from or never, version.signed_at or never, version.number


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
    return spans(list(agreement.versions.all()), at)


def spans(versions: Sequence[Version], at: datetime) -> list[Span]:
    """The history that these versions of an agreement are."""
    signed = sorted(
        (v for v in versions if v.effective_from), key=lambda v: (v.effective_from, v.signed_at)
    )
    ends = {a.pk: b.effective_from for a, b in pairwise(signed)}
    current = governing(versions, at)
    return [
        Span(v, v.effective_from, ends.get(v.pk), current is not None and v.pk == current.pk)
        for v in versions
    ]


def _document(
    request: PortalRequest, version: Version, versions: Sequence[Version], at: datetime
) -> HttpResponse:
    told = spans(versions, at)
    proposed = [one for one in versions if one.state == State.PROPOSED]
    talks = counts(version)
    context = {
        "version": version,
        "agreement": version.agreement,
        "document": _with_notes(version, talks, request.user, at),
        "signatures": _current_signatures(version),
        "span": next(span for span in told if span.version.pk == version.pk),
        "history": told,
        "proposed": [
            (other, with_kept_costs(other, base_among(versions, other, at)))
            for other in proposed
            if other.pk != version.pk
        ],
        "compared": base_among(versions, version, at) is not None,
        "may_draft": may_draft(request.user),
        "runs_out": runs_out(version, at),
        "discussed": version.state in DISCUSSED,
        "comments": sum(every for _unsettled, every in talks.values()),
        "may_sign": _may_sign(request.user, version),
        "may_withdraw": may_withdraw(request.user, version),
    }
    return render(request, "sla/version.html", context)


def _with_notes(
    version: Version, talks: dict[str, Talk], user: User, at: datetime
) -> list[tuple[Section, list[NotedClause]]]:
    """The sections of the text, each clause with its note for the margin, if it has one.

    The notes count leads: who does not read those reads the text alone. Beside them stands
    how much is said about the clause.
    """
    notes = ports.practice(version, at) if user.reads_leads else {}
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
