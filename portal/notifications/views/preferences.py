"""How I am told: one's own choices, and one's own connection to Slack."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal import wallclock
from portal.http import PortalRequest, posted
from portal.notifications.actions import endpoints, preferences
from portal.notifications.errors import CannotConnect
from portal.notifications.forms.preferences import PreferenceForm
from portal.notifications.models import Connection, Preference


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest) -> HttpResponse:
    """Always the reader's own; there is no address for anybody else's."""
    user = request.user
    kept = Preference.objects.filter(user=user).first()
    connection = Connection.objects.filter(user=user, endpoint__is_enabled=True).first()
    form = PreferenceForm(posted(request), preference=kept, has_slack=connection is not None)
    if form.is_bound and form.is_valid():
        preferences.choose(
            user=user, choices=form.choices(), quiet=form.quiet(), at=wallclock.now()
        )
        messages.success(request, _("Kept. It holds for what is told from now on."))
        return redirect("my-notifications")
    context = {
        "form": form,
        "connection": connection,
        "workspace": endpoints.connectable(user),
    }
    status = 422 if form.is_bound else 200
    return render(request, "portal/notifications/preferences.html", context, status=status)


@require_POST
def slack(request: PortalRequest) -> HttpResponse:
    """Connect to Slack, or leave it; Slack is asked at once and its answer told."""
    at = wallclock.now()
    if request.POST.get("do") == "disconnect":
        endpoints.disconnect(user=request.user, at=at)
        messages.success(request, _("Slack is disconnected."))
        return redirect("my-notifications")
    try:
        endpoints.connect(user=request.user, at=at)
    except CannotConnect as refusal:
        messages.error(request, _("Not connected. %(why)s") % {"why": refusal})
    else:
        messages.success(request, _("Connected. Messages for you alone come there too."))
    return redirect("my-notifications")
