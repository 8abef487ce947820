"""Old words for stages that are still in use: where, by which team, and when last."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leads.desk.coverage import coverage
from leads.desk.words import stage_words
from leads.models import WordHeard
from portal import wallclock
from portal.http import PortalRequest


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """Teams and systems, never persons: it is about words, not about who says them."""
    if not request.user.reads_leads:
        raise Http404
    words = stage_words(wallclock.now())
    found = coverage(words)
    context = {
        "found": found,
        "stages": [(words.spoken(key), words.label(key)) for key in words.names],
        "places": dict(WordHeard.Place.choices),
    }
    return render(request, "leads/library/words.html", context)
