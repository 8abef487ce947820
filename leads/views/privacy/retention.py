"""How long people are kept: the rules, whom they concern today, and their erasure."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leads.actions.privacy import retention
from leads.core.words.stages import StageWords
from leads.desk.words import stage_columns, stage_words
from leads.forms.privacy import DueForm, RuleForm
from leads.models import RetentionRule
from portal import spreadsheet, wallclock
from portal.accounts.models import Role
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from portal.jobs.tasks import nudge

SHOWN = 25


@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest) -> HttpResponse:
    """The rules, read by operations and auditors, set by operations."""
    _require_reader(request)
    at, status, refusal = wallclock.now(), 200, ""
    form = RuleForm(posted(request))
    if request.method == "POST":
        _require_operations(request)
        status = 422
        if form.is_valid():
            try:
                retention.keep_rule(**form.cleaned_data, by=request.user, at=at)
                messages.info(request, _("Set, and in the ledger."))
                return redirect("leads:retention")
            except DomainError as error:
                status, refusal = 409, str(error)
    rules = RetentionRule.objects.select_related("changed_by")
    context = {
        "rules": [(rule, retention.edge_of(rule, at)) for rule in rules],
        "form": form,
        "may": request.user.role == Role.OPERATIONS,
        "refusal": refusal,
    }
    return render(request, "leads/privacy/rules.html", context, status=status)


@require_http_methods(["GET", "POST"])
def due(request: PortalRequest, rule_id: int) -> HttpResponseBase:
    """Whom a rule would erase today: how many, the first of them, and the button."""
    _require_reader(request)
    rule = get_object_or_404(RetentionRule, pk=rule_id)
    at, status, refusal = wallclock.now(), 200, ""
    form = DueForm(posted(request))
    if request.method == "POST":
        _require_operations(request)
        status = 422
        if form.is_valid():
            try:
                expected = form.cleaned_data["expected"]
                job = retention.ask(rule_id=rule.pk, expected=expected, by=request.user, at=at)
                nudge()
                return redirect("job", job_id=job.pk)
            except DomainError as error:
                status, refusal = 409, str(error)
    found = retention.due(rule, at)
    if kind := spreadsheet.asked(request):
        columns, rows = _columns(stage_words(at)), found.select_related("company")
        return spreadsheet.listed(kind, f"due-{rule.kind}", columns, rows)
    context = {
        "rule": rule,
        "edge": retention.edge_of(rule, at),
        "number": found.count(),
        "leads": list(found.select_related("company")[:SHOWN]),
        "form": form,
        "may": request.user.role == Role.OPERATIONS,
        "refusal": refusal,
    }
    return render(request, "leads/privacy/due.html", context, status=status)


def _columns(words: StageWords) -> list[spreadsheet.Column]:
    return [
        (_("Lead"), lambda lead: lead.name),
        (_("Company"), lambda lead: lead.company),
        *stage_columns(words, lambda lead: lead.stage),
        (_("Received"), lambda lead: lead.received_at),
        (_("Closed"), lambda lead: lead.closed_at),
        (_("Lead number"), lambda lead: lead.pk),
    ]


def _require_reader(request: PortalRequest) -> None:
    if not request.user.reads_privacy:
        raise Http404


def _require_operations(request: PortalRequest) -> None:
    if request.user.role != Role.OPERATIONS:
        raise Http404
