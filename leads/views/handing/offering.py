"""An offer by hand: what it lacks is seen while it is written."""

from copy import copy
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leads.actions import composing
from leads.actions.handing import handoffs
from leads.actions.handing.rounds import labels
from leads.actions.journeys.facts import facts_of
from leads.actions.owning import routing
from leads.actions.sweeping.once_more import once_more
from leads.forms.compose import ComposeForm
from leads.models import Lead
from leads.views.handing.waivers.requests import AskForm
from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from portal.ledger import known
from portal.look.parts import Link
from sla.core.criteria import Attested, FieldIs, TouchedWithin
from sla.core.terms import Terms

PAGE = "leads/handing/offer.html"


@require_http_methods(["GET", "POST"])
def offer(request: PortalRequest, lead_id: int) -> HttpResponse:
    """Write an offer: package and criteria are checked as one types, and once more on send."""
    lead, at = get_object_or_404(_leads(request), pk=lead_id), wallclock.now()
    with known.reading():
        form = _form(request, lead, at)
        if form is None:
            return _nothing(request, lead, at)
        if request.method == "GET" or "look" in request.POST.getlist("do"):
            return _page(request, lead, form, at)
    if not form.is_valid():
        return _page(request, lead, form, at, status=422)
    try:
        once_more(lambda now: _offer(lead, form, request, now), now=wallclock.now)
    except DomainError as error:
        return _page(request, lead, form, at, refusal=str(error), status=409)
    return redirect("leads:lead", lead_id=lead.pk)


def _offer(lead: Lead, form: ComposeForm, request: PortalRequest, at: datetime) -> None:
    composing.offer(
        lead_id=lead.pk,
        kind=form.cleaned_data["kind"],
        by=request.user,
        at=at,
        waiver_reason=form.cleaned_data["waiver_reason"],
        values=form.values(),
    )


def _leads(request: PortalRequest) -> Any:
    return Lead.objects.visible_to(request.user).select_related("company", "agreement")


def _kinds(terms: Terms, lead: Lead, department: str | None) -> list[tuple[str, str]]:
    """The handoffs of the terms: those from the lead's stage first, then of one's own side."""

    def rank(one: Any) -> tuple[bool, bool]:
        ours = department in (one.giver.department, one.receiver.department)
        return one.from_stage != lead.stage, not ours

    return [(one.key, one.name) for one in sorted(terms.handoffs, key=rank)]


def _form(request: PortalRequest, lead: Lead, at: datetime) -> ComposeForm | None:
    """What may be handed over, and the blanks it asks for; None if there is no handoff."""
    version = routing.version_for(lead, at)
    kinds = _kinds(version.parsed, lead, request.user.department_id) if version else []
    if version is None or not kinds:
        return None
    wanted = request.POST.get("kind") or request.GET.get("kind", "")
    kind = wanted if wanted in dict(kinds) else kinds[0][0]
    facts = facts_of(lead, at)
    agreed = handoffs.agreed_of(version, kind)
    blanks = composing.asked(lead, version, agreed, at, facts)
    form = ComposeForm(kinds, blanks, posted(request), initial={"kind": kind})
    form.facts = facts
    return form


def _nothing(request: PortalRequest, lead: Lead, at: datetime) -> HttpResponse:
    """No version in force: nothing can be promised, and the page says who changes that."""
    try:
        handoffs.version_of(lead, at)
        refusal = _("The agreement knows no handoff.")
    except DomainError as error:
        refusal = str(error)
    status = 409 if request.method == "POST" else 200
    return render(request, PAGE, {"lead": lead, "refusal": refusal}, status=status)


def _page(
    request: PortalRequest,
    lead: Lead,
    form: ComposeForm,
    at: datetime,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    form.is_valid()
    typed = form.values()
    kind = getattr(form, "cleaned_data", {}).get("kind") or form["kind"].initial
    trial = copy(lead)  # what is typed is set on it, and on a company of its own
    trial.company = copy(lead.company)
    draft = composing.look(trial, kind, by=request.user, at=at, values=typed, facts=form.facts)
    context = {
        "lead": lead,
        "form": form,
        "draft": draft,
        "kind": kind,
        "chips": [
            Link(str(name), f"?kind={key}", here=key == kind) for key, name in form.kinds
        ],
        "missing": [
            (label, f"#id_{name}" if name in form.fields else "")
            for name, label in zip(
                draft.offered.missing, labels(draft.offered.missing), strict=True
            )
        ],
        "package": _package(draft, typed),
        "criteria": _criteria(draft, form, lead),
        "refusal": refusal,
        "asked": lead.waiver_requests.filter(handoff_kind=kind)
        .select_related("asked_by", "answered_by")
        .first(),
        "waive_form": AskForm(initial={"kind": kind}),
    }
    looks = request.method == "POST" and "look" in request.POST.getlist("do")
    live = bool(request.htmx) and looks
    return render(
        request, "leads/handing/_check.html" if live else PAGE, context, status=status
    )


def _package(draft: composing.Draft, typed: dict[str, Any]) -> list[dict[str, Any]]:
    """Each part that the receiver was promised, with what is known of it."""
    names = draft.kind.package
    lead = draft.handoff.lead
    rows = []
    for name, label in zip(names, labels(names), strict=True):
        rows.append(
            {
                "name": name,
                "label": label.removeprefix("the "),
                "value": _value(lead, name),
                "typed": name in typed,
                "missing": name in draft.offered.missing,
            }
        )
    return rows


def _value(lead: Lead, name: str) -> Any:
    owner, _dot, field = name.partition(".")
    if owner == "attributes":
        return lead.attributes.get(field)
    return getattr(lead if owner == "lead" else lead.company, field, None)


def _criteria(draft: composing.Draft, form: ComposeForm, lead: Lead) -> list[dict[str, Any]]:
    """The evidence as it stands, and where one mends what is missing."""
    return [
        {
            "seen": one,
            "unmet": one.key in draft.offered.unmet,
            **_mended_at(one.key, draft, form, lead),
        }
        for one in draft.offered.outcome.evidence
    ]


def _mended_at(
    key: str, draft: composing.Draft, form: ComposeForm, lead: Lead
) -> dict[str, str]:
    leaf, page = draft.leaf_of.get(key), reverse("leads:lead", args=[lead.pk])
    if isinstance(leaf, FieldIs) and leaf.field in form.fields:
        return {"url": f"#id_{leaf.field}", "link": _("Fill it in")}
    if isinstance(leaf, Attested):
        return {"url": f"{page}#act", "link": _("Vouch for it")}
    if isinstance(leaf, TouchedWithin):
        return {"url": f"{page}#act", "link": _("Log what happened")}
    return {"url": page, "link": _("See the lead")}
