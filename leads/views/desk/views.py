"""The views of the desk that a person keeps: theirs alone, or shared with their team."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leads.core import text
from leads.desk.mine import filters
from leads.views.desk.page import PAGE
from portal import wallclock
from portal.errors import DomainError
from portal.http import PortalRequest
from portal.look.models import SavedView
from portal.look.saved import actions


@require_http_methods(["GET", "POST"])
def index(request: PortalRequest) -> HttpResponse:
    """GET: one's views, to be shared, opened first or dropped. POST: keep one more."""
    if not request.user.reads_leads:
        raise Http404
    if request.method == "POST":
        return _keep(request)
    views = SavedView.objects.for_reader(request.user, PAGE)
    context = {
        "own": [view for view in views if view.owner_id == request.user.pk],
        "shared": [view for view in views if view.owner_id != request.user.pk],
    }
    return render(request, "leads/desk/views.html", context)


def _keep(request: PortalRequest) -> HttpResponse:
    asked = filters.read(filters.parsed(request.POST.get("query", "")))
    try:
        actions.keep(
            page=PAGE,
            name=text.line(request.POST.get("name", ""), 60),
            query=asked.query().removeprefix("?"),
            by=request.user,
            at=wallclock.now(),
            shared=bool(request.POST.get("shared")),
            default=bool(request.POST.get("default")),
        )
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(reverse("leads:desk") + asked.query())


@require_POST
def change(request: PortalRequest, view_id: int) -> HttpResponse:
    """Share a view of one's own, let the desk open with it, or drop it; others': 404."""
    own = SavedView.objects.of(request.user, PAGE)
    view = get_object_or_404(own, pk=view_id)
    act = {"share": actions.share, "open": actions.open_with, "drop": actions.drop}
    do = request.POST.get("do", "")
    if do not in act:
        raise Http404
    try:
        act[do](view_id=view.pk, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    if do == "drop":
        messages.success(request, _("“%(view)s” is kept no longer.") % {"view": view})
    return redirect("leads:desk-views")
