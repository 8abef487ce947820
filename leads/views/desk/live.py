"""What changed since the desk was drawn; the page asks every few seconds."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leads.desk.mine import filters
from leads.desk.mine.news import news, read
from leads.desk.owed import owed
from leads.desk.words import stage_words
from portal import wallclock
from portal.http import PortalRequest


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """New rows are announced and not put in; of the others the time goes on in place."""
    if not request.user.reads_leads:
        raise Http404
    at = wallclock.now()
    asked = filters.read(request.GET)
    now, _after = owed(request.user, at, asked, stage_words(at), request.GET.get("after", ""))
    context = {
        "news": news(request.user, read(request.GET.get("shown", "")), now, at),
        "query": asked.query(),
    }
    return render(request, "leads/desk/_news.html", context)
