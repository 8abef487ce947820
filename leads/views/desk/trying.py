"""The panel of a newcomer to the demo is put away."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from leads.demo.trying import tries
from portal.http import PortalRequest


@require_POST
def hide(request: PortalRequest) -> HttpResponse:
    """In this browser, for good. Exists in a simulated company only."""
    if not settings.SIMULATION_ALLOWED:
        raise Http404("no demo here")
    tries.note(request, tries.tried(request) | {tries.HIDDEN})
    return redirect("leads:desk")
