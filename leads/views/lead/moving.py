"""A move on the journey, forward or back: what each stage asks for, and what is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from leads.actions.journeys import journey, stages
from leads.actions.journeys.facts import facts_of
from leads.actions.sweeping.once_more import once_more
from leads.core.words.stages import StageWords
from leads.desk.words import ruling
from leads.forms.lead import MoveForm
from leads.models import Lead
from leads.views.lead.page import find
from portal import wallclock
from portal.accounts.models import User
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from sla.core.criteria import Evidence, Outcome
from sla.core.terms import Stage, Terms


@dataclass(frozen=True)
class Way:
    """One stage as a target: `way` is here, forward, back or handoff (only by an offer).

    `needs_waiver`: forward although criteria are not met, which this person may waive or
    not; the action says so.
    """

    stage: Stage
    name: str
    way: str
    outcome: Outcome
    unmet: Sequence[Evidence]

    @property
    def needs_waiver(self) -> bool:
        return self.way == "forward" and not self.outcome.met


@require_http_methods(["GET", "POST"])
def move(request: PortalRequest, lead_id: int) -> HttpResponse:
    """Choose a stage and see its evidence; then move, with a reason where criteria lack."""
    lead, at = find(request, lead_id), wallclock.now()
    rules = ruling(at)
    terms = rules.of(lead.agreement_id)
    form = MoveForm(posted(request))
    status, refusal = 200, ""
    if request.method == "POST":
        if form.is_valid():
            try:
                _move(lead, form, request.user)
                return redirect("leads:lead", lead_id=lead.pk)
            except DomainError as error:
                status, refusal = 409, str(error)
                lead = find(request, lead_id)
        else:
            status = 422
    to = request.POST.get("to_stage") or request.GET.get("to", "")
    ways = _ways(lead, terms, rules.words, request.user, at) if terms else []
    chosen = next((w for w in ways if w.stage.key == to and w.way != "here"), None)
    form.fields["waiver_reason"].required = chosen is not None and chosen.needs_waiver
    context = {
        "lead": lead,
        "ways": ways,
        "chosen": chosen,
        "form": form,
        "refusal": refusal,
        "may_move": request.user.department_id is not None and lead.closed_at is None,
    }
    return render(request, "leads/lead/move.html", context, status=status)


def _move(lead: Lead, form: MoveForm, by: User) -> None:
    once_more(
        lambda at: journey.move(lead_id=lead.pk, by=by, at=at, **form.cleaned_data),
        now=wallclock.now,
    )


def _ways(lead: Lead, terms: Terms, words: StageWords, user: User, at: datetime) -> list[Way]:
    """Every stage of the journey with what its criteria see now; facts are read once."""
    facts, here = facts_of(lead, at), stages.standing(lead, terms)
    order = [stage.key for stage in terms.journey]
    ways = []
    for stage in terms.journey:
        outcome = stages.outcome_of(lead, stage, at, facts)
        keys = stages.unmet(outcome)
        unmet = [one for one in outcome.evidence if one.key in keys]
        name = words.spoken(stage.key, user.prefers_legacy)
        ways.append(Way(stage, name, _way(terms, order, here, stage), outcome, unmet))
    return ways


def _way(terms: Terms, order: Sequence[str], here: str, stage: Stage) -> str:
    if stage.key == here:
        return "here"
    if not here:
        return "forward"
    if order.index(stage.key) < order.index(here):
        return "back"
    acts = terms.stage(here).acts
    handed = any(
        kind.to_stage == stage.key
        and kind.giver.department == acts
        and kind.receiver.department == stage.acts
        for kind in terms.handoffs
    )
    return "handoff" if acts != stage.acts and handed else "forward"
