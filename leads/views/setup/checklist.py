"""What is left to do until the first clock runs."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leads.actions.setup.steps import DONE, LATER, is_begun, steps
from leads.views.setup.doors import setters_only
from portal import wallclock
from portal.http import PortalRequest


@require_safe
@setters_only
def show(request: PortalRequest) -> HttpResponse:
    """Each step with what is there, and where it is done; the next one stands out."""
    found = steps(request.user, wallclock.now())
    todo = [step for step in found if step.state not in {DONE, LATER} and step.url]
    first = next((step for step in todo if step.state == "open"), None)
    context = {
        "steps": found,
        "next": first.key if first else "",
        "done": sum(step.state == DONE for step in found),
        "begun": is_begun(),
    }
    return render(request, "leads/setup/index.html", context)
