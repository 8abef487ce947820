"""Suspected duplicates side by side: what a merge would do, the merge, and its undo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from leads.actions.intake.known import suspected
from leads.actions.journeys import merging, unmerging
from leads.core.words.stages import StageWords
from leads.desk.words import ruling, stage_columns
from leads.models import Lead, Merge
from leads.templatetags.leads import words
from leads.views.lead.finding import number
from leads.views.lead.page import find, remaining
from portal import spreadsheet, wallclock
from portal.accounts.models import User
from portal.errors import DomainError
from portal.http import PortalRequest
from portal.look.words import instant

FIELDS: tuple[tuple[str, str | Promise], ...] = (
    ("name", gettext_lazy("Name")),
    ("email", gettext_lazy("E-mail")),
    ("phone", gettext_lazy("Phone")),
    ("job_title", gettext_lazy("Job title")),
    ("country", gettext_lazy("Country")),
    ("company", gettext_lazy("Company")),
    ("source", gettext_lazy("Source")),
    ("campaign", gettext_lazy("Campaign")),
    ("segment", gettext_lazy("Kind")),
    ("score", gettext_lazy("Score")),
    ("consent", gettext_lazy("Agreed to be contacted")),
    ("received_at", gettext_lazy("Received")),
)


@dataclass(frozen=True)
class Fact:
    """One fact of two leads, in words, and what the one that remains will know."""

    label: str | Promise
    kept: str
    gone: str
    learned: bool

    @property
    def differs(self) -> bool:
        return self.kept != self.gone


@dataclass(frozen=True)
class Pair:
    """A lead beside one that may be the same person; `refusal`: why no merge, if so."""

    gone: Lead
    kept: Lead
    facts: Sequence[Fact]
    refusal: str
    touches: int
    handoffs: int


@require_safe
def duplicates(request: PortalRequest, lead_id: int) -> HttpResponseBase:
    """The lead beside each suspected double, or one that is named by `with`: which remains
    is chosen by `keep=other`. Nothing happens before the button is pressed. What became part
    of another lead leads to that."""
    lead, at = find(request, lead_id, merged=True), wallclock.now()
    if lead.merged_into_id is not None:
        return redirect("leads:lead-duplicates", lead_id=remaining(lead))
    doubles, named = suspected(lead), number(request.GET.get("with", ""))
    merges = Merge.objects.filter(kept=lead, undone_at=None).select_related("gone", "by")
    if kind := spreadsheet.asked(request):
        known = [(one, None) for one in doubles] + [(one.gone, one) for one in merges]
        columns = _columns(ruling(at).words)
        return spreadsheet.listed(kind, f"duplicates-{lead.pk}", columns, known)
    other = _other(lead, doubles, named)
    keep_other = request.GET.get("keep") == "other"
    pair = None
    if other is not None:
        gone, kept = (lead, other) if keep_other else (other, lead)
        pair = _pair(gone, kept, request.user, at)
    context = {
        "lead": lead,
        "doubles": doubles,
        "other": other,
        "unknown": named is not None and other is None,
        "pair": pair,
        "keep_other": keep_other,
        "merges": [(one, one.may_be_undone(at)) for one in merges],
        "names": ruling(at).words.glossary(request.user.prefers_legacy),
    }
    return render(request, "leads/lead/duplicates.html", context)


@require_POST
def merge(request: PortalRequest, lead_id: int) -> HttpResponse:
    """Let this lead become part of the one that the form names."""
    lead = find(request, lead_id)
    into = get_object_or_404(
        Lead.objects.visible_to(request.user), pk=number(request.POST.get("into", "")) or 0
    )
    try:
        merging.merge(lead_id=lead.pk, into_id=into.pk, by=request.user, at=wallclock.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("leads:lead-duplicates", lead_id=lead.pk)
    messages.info(request, _("They are one lead now. For a day this can be taken back."))
    return redirect("leads:lead-duplicates", lead_id=into.pk)


@require_POST
def unmerge(request: PortalRequest, lead_id: int) -> HttpResponse:
    """Take a merge back: `lead_id` is the lead that became part of another."""
    gone = find(request, lead_id, merged=True)
    back = gone.merged_into_id or gone.pk
    try:
        unmerging.unmerge(lead_id=gone.pk, by=request.user, at=wallclock.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("leads:lead-duplicates", lead_id=back)
    messages.info(request, _("They are two leads again, each with its own history."))
    return redirect("leads:lead", lead_id=gone.pk)


def _columns(words: StageWords) -> list[spreadsheet.Column]:
    """Of who may be the same person, and of who is part of the lead by a merge."""
    return [
        (_("Name"), lambda row: row[0].name),
        (_("E-mail"), lambda row: row[0].email),
        (_("Company"), lambda row: row[0].company),
        *stage_columns(words, lambda row: row[0].stage),
        (_("Received"), lambda row: row[0].received_at),
        (_("How it stands"), lambda row: _("part of it") if row[1] else _("suspected")),
        (_("Merged by"), lambda row: row[1] and row[1].by),
        (_("Merged"), lambda row: row[1] and row[1].at),
        (_("Lead number"), lambda row: row[0].pk),
    ]


def _other(lead: Lead, doubles: Sequence[Lead], named: int | None) -> Lead | None:
    if named is None:
        return doubles[0] if doubles else None
    found: QuerySet[Lead] = Lead.objects.filter(merged_into=None).exclude(pk=lead.pk)
    return found.select_related("company").filter(pk=named).first()


def _pair(gone: Lead, kept: Lead, user: User, at: datetime) -> Pair:
    learned = merging.would_learn(kept, gone)
    facts = [
        Fact(label, _told(kept, name, at), _told(gone, name, at), _is_learned(name, learned))
        for name, label in FIELDS
    ]
    numbers = Lead.objects.filter(pk=gone.pk).aggregate(
        touches=Count("touches", distinct=True), handoffs=Count("handoffs", distinct=True)
    )
    refusal = "" if user.reads_leads else _("Only who reads leads merges them.")
    return Pair(
        gone, kept, facts, refusal or merging.in_the_way(gone, user, kept, at), **numbers
    )


def _told(lead: Lead, name: str, at: datetime) -> str:
    """A fact as people read it; "" where nothing is known."""
    value = getattr(lead, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return instant(localtime(value), localtime(at))
    if name == "segment":
        return words(value)
    return "" if value is None else str(value)


def _is_learned(name: str, learned: Sequence[str]) -> bool:
    return ("company.name" if name == "company" else f"lead.{name}") in learned
