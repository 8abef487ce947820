"""Leads: the list, one lead with its whole life, and a new one typed by hand."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_safe

from leads.actions import intake
from leads.actions.handing import refusals
from leads.actions.owning import routing
from leads.core.handoff import Move
from leads.desk import story as stories
from leads.desk.owed import measured
from leads.desk.rows import gaps, promise
from leads.forms.lead import AskForm, MoveForm, NewLeadForm, OfferForm, TouchForm
from leads.models import Handoff, Lead
from portal import wallclock
from portal.accounts import permissions
from portal.accounts.models import User
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from portal.look.charts.journey import journey
from portal.look.parts import Seat
from sla.core.criteria import nodes
from sla.core.terms import Terms
from sla.models import Agreement, Version

PAGE = 50
OFFERED = (
    Move.ACCEPT,
    Move.RETURN,
    Move.COMPLETE,
    Move.FIXED,
    Move.DECIDE,
    Move.WITHDRAW,
    Move.REASSIGN,
)
"""Moves that the page of a lead offers, to who may make them."""


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """The leads, newest first, paged by key; search reads names, addresses and companies."""
    if not request.user.reads_leads:
        raise Http404
    found: QuerySet[Lead] = Lead.objects.visible_to(request.user).select_related("company")
    at = wallclock.now()
    terms = default_terms(at)
    query, stage = request.GET.get("q", "").strip()[:100], request.GET.get("stage", "")
    if stage:
        found = found.filter(stage=_stage_key(stage, terms))
    if query:
        found = _search(found, query)
    if (version := request.GET.get("version", "")).isdecimal():
        under = Handoff.objects.open().filter(version=int(version[:9]))
        found = found.filter(pk__in=under.values("lead"))
    page = list(
        _after(found, request.GET.get("after", "")).order_by("-received_at", "-pk")[: PAGE + 1]
    )
    more = len(page) > PAGE
    last = page[PAGE - 1] if more else None
    context = {
        "leads": page[:PAGE],
        "names": stories.stage_names(terms, request.user.prefers_legacy),
        "q": query,
        "stage": stage,
        "older": _older(request, last) if last else "",
    }
    return render(request, "leads/leads.html", context)


@require_http_methods(["GET", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Type a lead in; what the portal already knows of the person is found, not doubled."""
    if not request.user.may_act:
        raise PermissionDenied
    at = wallclock.now()
    form = NewLeadForm(default_terms(at), posted(request))
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                received = intake.receive(
                    arrival=form.arrival(str(request.user)), at=at, by=request.user
                )
                return redirect("leads:lead", lead_id=received.lead.pk)
            except DomainError as error:
                status, refusal = 409, str(error)
    context = {"form": form, "refusal": refusal}
    return render(request, "leads/lead_new.html", context, status=status)


@require_safe
def show(request: PortalRequest, lead_id: int) -> HttpResponse:
    """Where does this person stand, who acts? What became part of another leads to that."""
    visible = Lead.objects.visible_to(request.user).select_related("company", "agreement")
    kept = _kept(lead_id) if request.user.reads_leads else lead_id
    if kept != lead_id:
        return redirect("leads:lead", lead_id=kept)
    lead = get_object_or_404(visible, pk=lead_id)
    return page(request, lead)


def _kept(lead_id: int) -> int:
    """The lead that this one became part of, over all merges; itself, if it was not merged."""
    into = Lead.objects.filter(pk=lead_id).values_list("merged_into", flat=True).first()
    return _kept(into) if into else lead_id


def page(
    request: PortalRequest, lead: Lead, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The page of a lead as it now stands; a refusal stands on top of it."""
    at, user = wallclock.now(), request.user
    story = stories.read(lead)
    version = routing.version_for(lead, at)
    terms = version.parsed if version else None
    legacy = user.prefers_legacy
    open_clocks = [clock for clock in story.clocks if clock.stopped_at is None]
    late = sorted((c for c in open_clocks if c.is_breached(at)), key=lambda c: c.due_at)
    handoffs = list(
        lead.handoffs.select_related(
            "giver_team__department", "receiver_team__department", "receiver"
        )
    )
    context: dict[str, Any] = {
        "lead": lead,
        "stage": stories.stage_names(terms, legacy).get(lead.stage, lead.stage),
        "drawing": journey(stories.drawing(story, terms, legacy, ZoneInfo(user.zone), at)),
        "lines": stories.lines(story, terms, legacy),
        "seats": [
            _seat(story, department, handoffs, lead, terms)
            for department in ("marketing", "sales")
        ],
        "clocks": [
            (clock, promise(clock), measured([clock], at).state) for clock in story.clocks
        ],
        "alarm": (late[0], promise(late[0]), measured([late[0]], at).left) if late else None,
        **_handed(handoffs, story, user, at),
        "evidence": _evidence(handoffs, story),
        "contributions": lead.contributions.select_related("owner", "asked_by"),
        "attested": lead.attestations.filter(withdrawn_at=None).select_related("by"),
        "facts": _attestable(terms),
        "refusal": refusal,
        "at": at,
        **_forms(user, lead, terms, legacy, handoffs),
    }
    return render(request, "leads/lead.html", context, status=status)


def _handed(
    handoffs: list[Handoff], story: stories.Story, user: User, at: datetime
) -> dict[str, Any]:
    """The open handoff, which of its moves this person may make, and what it lacks."""
    handoff = next((h for h in handoffs if h.is_open), None)
    if handoff is None:
        return {"handoff": None, "may": {}, "lacking": None}
    owed = next(
        (c for c in story.clocks if c.kind == "complete_package" and c.stopped_at is None), None
    )
    names = owed.handoff.gaps if owed and owed.handoff else []
    return {
        "handoff": handoff,
        "may": {move.value: refusals.may(handoff, move, user, at) for move in OFFERED},
        "lacking": (owed, ", ".join(gaps(names, story.lead))) if owed else None,
        "may_complete": permissions.may_act_for(user, handoff.giver_id, handoff.giver_team, at),
    }


def default_terms(at: datetime) -> Terms | None:
    agreement = Agreement.objects.in_order().last()
    version = Version.objects.in_force(agreement.pk, at) if agreement else None
    return version.parsed if version else None


def _stage_key(word: str, terms: Terms | None) -> str:
    """A stage by its key, its name or its old label, as people type it."""
    for stage in terms.journey if terms else ():
        if word.casefold() in {
            stage.key.casefold(),
            stage.name.casefold(),
            (stage.legacy or stage.key).casefold(),
        }:
            return stage.key
    return word


def _search(found: QuerySet[Lead], query: str) -> QuerySet[Lead]:
    return found.filter(
        Q(name__icontains=query)
        | Q(email_key__startswith=query.lower())
        | Q(company__name__icontains=query)
    )


def _after(found: QuerySet[Lead], cursor: str) -> QuerySet[Lead]:
    """The rows that come after the one that the cursor names; a strange cursor: all."""
    if not cursor.isdecimal():
        return found
    last = Lead.objects.filter(pk=int(cursor[:18])).values("received_at", "pk").first()
    if last is None:
        return found
    received = last["received_at"]
    return found.filter(
        Q(received_at__lt=received) | Q(received_at=received, pk__lt=last["pk"])
    )


def _older(request: PortalRequest, last: Lead) -> str:
    query = request.GET.copy()
    query["after"] = str(last.pk)
    return f"?{query.urlencode()}"


def _seat(
    story: stories.Story,
    department: str,
    handoffs: list[Handoff],
    lead: Lead,
    terms: Terms | None,
) -> Seat:
    seat = story.seat(department)
    if seat is None:
        return Seat("–", department)
    why = _why(list(seat.why), str(seat.member or ""))
    acts = acting_department(handoffs, lead, terms) == department
    return Seat(str(seat.member or seat.team), department, seat.since, why, acts)


def _why(lines: list[str], name: str) -> str:
    """What routing said of who has the seat, else its rule."""
    own = next((line.partition(": ")[2] for line in lines if line.startswith(f"{name}: ")), "")
    said = own or (lines[0] if lines else "")
    return said[:1].upper() + said[1:]


def acting_department(handoffs: list[Handoff], lead: Lead, terms: Terms | None) -> str:
    """Who acts now: the side that an open handoff waits for, else the stage's."""
    for handoff in handoffs:
        if handoff.is_open:
            waits = handoff.giver_team if handoff.state == "returned" else handoff.receiver_team
            return waits.department_id
    stages = {stage.key: stage for stage in terms.journey} if terms else {}
    return stages[lead.stage].acts if lead.stage in stages else ""


def _evidence(handoffs: list[Handoff], story: stories.Story) -> tuple[str, list[Any], Any]:
    """The evidence of the newest offer, else of the newest stage entry that has some."""
    for handoff in sorted(handoffs, key=lambda h: h.offered_at, reverse=True):
        if handoff.evidence:
            return "offer", _readable(handoff.evidence), handoff.offered_at
    for entry in reversed(story.entries):
        if entry.evidence:
            return "entry", _readable(entry.evidence), entry.entered_at
    return "", [], None


def _readable(evidence: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Frozen evidence with its instants as instants again."""
    return [
        row | {"set_at": parse_datetime(row["set_at"]) if row.get("set_at") else None}
        for row in evidence
    ]


def _attestable(terms: Terms | None) -> list[str]:
    """Facts that the criteria of the stages ask somebody to vouch for."""
    trees = [stage.criteria for stage in terms.journey if stage.criteria] if terms else []
    leaves = (leaf for tree in trees for leaf in nodes.leaves(tree))
    return sorted({leaf.fact for leaf in leaves if isinstance(leaf, nodes.Attested)})


def _forms(
    user: User, lead: Lead, terms: Terms | None, legacy: bool, handoffs: list[Handoff]
) -> dict[str, Any]:
    """The forms that this person may use on this lead; none for who only reads."""
    if lead.closed_at is not None or user.department_id is None:
        return {}
    open_kinds = {h.kind for h in handoffs if h.is_open}
    kinds = [
        (h.key, h.name)
        for h in (terms.handoffs if terms else ())
        if h.giver.department == user.department_id and h.key not in open_kinds
    ]
    return {
        "touch_form": TouchForm(),
        "move_form": MoveForm(terms, legacy, initial={"to_stage": lead.stage})
        if terms
        else None,
        "offer_form": OfferForm(kinds) if kinds else None,
        "ask_form": AskForm() if user.department_id == "sales" and terms else None,
    }
