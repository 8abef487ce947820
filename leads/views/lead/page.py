"""One lead with its whole life: where does this person stand, who acts?"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads.actions.intake.known import MOST_SHARED, suspected
from leads.desk.mine.undoable import of_lead
from leads.desk.owed import measured
from leads.desk.rows import promise
from leads.desk.story import drawing, reading, telling
from leads.desk.words import ruling
from leads.errors import LeadIsClosed
from leads.models import Lead
from leads.views.lead import beside
from portal import wallclock
from portal.http import PortalRequest
from portal.look.charts.journey import journey, upright


@require_safe
def show(request: PortalRequest, lead_id: int) -> HttpResponse:
    """The lead; what became part of another leads to that."""
    lead = find(request, lead_id, merged=True)
    if lead.merged_into_id is not None:
        return redirect("leads:lead", lead_id=remaining(lead))
    return page(request, lead)


def find(request: PortalRequest, lead_id: int, merged: bool = False) -> Lead:
    """The lead for who reads leads, with the number of its `colleagues` and `alike`.

    One that became part of another is found if `merged` is asked for, and refused otherwise."""
    if not request.user.reads_leads:
        raise Http404
    lead = beside.counted(Lead.objects.filter(pk=lead_id)).first()
    if lead is None:
        raise Http404
    if lead.merged_into_id is not None and not merged:
        raise LeadIsClosed(_("This lead became part of another one."))
    known: Any = lead
    if known.alike >= MOST_SHARED:  # perhaps a number that anybody has
        known.alike = len(suspected(lead))
    return lead


def remaining(lead: Lead) -> int:
    """The lead that this one became part of, over all merges."""
    while lead.merged_into is not None:
        lead = lead.merged_into
    return lead.pk


def page(
    request: PortalRequest, lead: Lead, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The page of a lead as it now stands; a refusal stands on top of it."""
    at, user = wallclock.now(), request.user
    rules = ruling(at)
    story, terms = reading.read(lead), rules.of(lead.agreement_id)
    names = rules.words.glossary(user.prefers_legacy)
    drawn = drawing.drawing(story, terms, names, ZoneInfo(user.zone), at)
    context: dict[str, Any] = {
        "lead": lead,
        "stage": names.get(lead.stage, lead.stage),
        "drawing": journey(drawn),
        "upright": upright(drawn),
        "chapters": telling.chapters(story, terms, names),
        "story": story,
        "seats": [beside.seat(story, side, terms) for side in ("marketing", "sales")],
        "clocks": beside.clocks(story, at),
        "alarm": _alarm(story, at),
        **beside.handed(story, user, at),
        "evidence": beside.evidence(story, terms, names),
        "asks_use": beside.asks_use(story, user),
        **beside.facts(story, terms, user),
        "refusal": refusal,
        "undo": of_lead(story.moves, user, at),
        "at": at,
        **beside.forms(story, terms, user),
    }
    return render(request, "leads/lead/lead.html", context, status=status)


def _alarm(story: reading.Story, at: datetime) -> tuple[Any, str, Any] | None:
    """The promise that ran out first and still runs: the one late thing of the page."""
    late = [c for c in story.clocks if c.stopped_at is None and c.is_breached(at)]
    if not late:
        return None
    first = min(late, key=lambda clock: clock.due_at)
    return first, promise(first), measured([first], at).left
