"""Messages that were given up: why, and a button that sends one again."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal import spreadsheet, wallclock
from portal.http import PortalRequest
from portal.notifications.actions import undelivered
from portal.notifications.errors import NotDead
from portal.notifications.models import Delivery

PAGE = 50


@require_safe
def index(request: PortalRequest) -> HttpResponseBase:
    """Newest first, paged by key. What they were about is shown to who may read leads."""
    if not undelivered.may_see(request.user):
        raise Http404
    rows = Delivery.objects.dead().select_related("recipient", "endpoint").order_by("-pk")
    if kind := spreadsheet.asked(request):
        columns = _columns(titles=request.user.reads_leads)
        return spreadsheet.listed(kind, "undelivered", columns, rows)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal():
        rows = rows.filter(pk__lt=int(before[:18]))
    page = list(rows[: PAGE + 1])
    context = {
        "rows": page[:PAGE],
        "shows_titles": request.user.reads_leads,
        "older": f"?before={page[PAGE - 1].pk}" if len(page) > PAGE else "",
    }
    return render(request, "portal/notifications/undelivered.html", context)


@require_POST
def again(request: PortalRequest, delivery_id: int) -> HttpResponse:
    """A new attempt with the same key."""
    if not undelivered.may_see(request.user):
        raise Http404
    row = get_object_or_404(Delivery.objects.exclude(died_at=None), pk=delivery_id)
    try:
        undelivered.send_again(delivery_id=row.pk, by=request.user, at=wallclock.now())
    except NotDead as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It leaves with the next delivery, within seconds."))
    return redirect("undelivered")


def _columns(*, titles: bool) -> list[spreadsheet.Column]:
    """With `titles` what the messages were about, for who may read it on the page."""
    about: list[spreadsheet.Column] = [(_("Message"), lambda row: row.title)] if titles else []
    return [
        (_("Reference"), lambda row: row.reference),
        *about,
        (_("For whom"), lambda row: row.recipient),
        (_("Way"), Delivery.get_channel_display),
        (_("Endpoint"), lambda row: row.endpoint and row.endpoint.name),
        (_("Given up"), lambda row: row.died_at),
        (_("Why"), lambda row: row.last_error),
    ]
