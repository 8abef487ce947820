"""The buttons of a handoff that ask nothing: accept, withdraw, undo."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from leads.actions.handing import endings, handoffs
from leads.actions.handing import undo as undoing
from leads.views.handing.card import find, press
from portal.http import PortalRequest


@require_POST
def accept(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """Take the lead on. A late second click is told who was quicker."""
    handoff = find(request, handoff_id)
    return press(
        request,
        handoff,
        lambda at: handoffs.accept(handoff_id=handoff.pk, by=request.user, at=at),
    )


@require_POST
def withdraw(request: PortalRequest, handoff_id: int) -> HttpResponse:
    handoff = find(request, handoff_id)
    return press(
        request,
        handoff,
        lambda at: endings.withdraw(handoff_id=handoff.pk, by=request.user, at=at),
    )


@require_POST
def undo(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """Take one's own last move back, within 30 s; then back to the page it was on."""
    handoff = find(request, handoff_id)
    return press(
        request,
        handoff,
        lambda at: undoing.undo(handoff_id=handoff.pk, by=request.user, at=at),
        to="leads:lead" if request.GET.get("from") == "lead" else "leads:desk",
    )
