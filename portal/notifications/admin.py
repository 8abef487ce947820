"""Endpoints in the admin: set up, tried out with a button, switched off; never deleted."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import wallclock
from portal.accounts.models import User
from portal.adminsite import LedgeredAdmin, administers
from portal.notifications.actions import endpoints
from portal.notifications.forms.endpoint import EndpointForm
from portal.notifications.models import Endpoint
from portal.notifications.models.sealing import Unreadable


@admin.register(Endpoint)
class EndpointAdmin(LedgeredAdmin):
    """Its address and its secrets are written here and shown to nobody."""

    form = EndpointForm  # type: ignore[assignment]  # the stub wants ModelForm[Model]
    change_form_template = "admin/notifications/endpoint/change_form.html"
    list_display = ["name", "kind", "serves", "is_enabled", "sent_at", "last_error"]
    list_filter = ["kind", "is_enabled"]
    search_fields = ["name"]
    readonly_fields = ["host_shown", "sent_at", "failures", "open_until", "last_error"]
    fieldsets = [
        (None, {"fields": ["kind", "name", "host_shown", "address", "secrets"]}),
        (gettext_lazy("For whom"), {"fields": ["department", "team"]}),
        (gettext_lazy("Use"), {"fields": ["is_enabled", "allows_http"]}),
        (
            gettext_lazy("How it goes"),
            {"fields": ["sent_at", "failures", "open_until", "last_error"]},
        ),
    ]

    @admin.display(description=gettext_lazy("for"))
    def serves(self, endpoint: Endpoint) -> str:
        return str(endpoint.team or endpoint.department or _("the whole company"))

    @admin.display(description=gettext_lazy("host"))
    def host_shown(self, endpoint: Endpoint) -> str:
        try:
            return endpoint.host or "—"
        except Unreadable as error:
            return str(error)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.made_secret:
            said = _("The webhook signs with %(secret)s. It is not shown again.")
            messages.warning(request, said % {"secret": form.made_secret})

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """To its own page, where the button stands that tries it out."""
        messages.info(request, _("Now send a test message: its button is on this page."))
        return redirect("admin:notifications_endpoint_change", obj.pk)

    def get_urls(self) -> list[URLPattern]:
        test = self.admin_site.admin_view(self.try_out)
        own = path("<path:object_id>/test/", test, name="notifications_endpoint_test")
        return [own, *super().get_urls()]

    def try_out(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send one message now, and say what came of it."""
        if not administers(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        endpoint = cast(Endpoint | None, self.get_object(request, object_id))
        if endpoint is None:
            raise Http404
        by = cast(User, request.user)
        messages.info(request, endpoints.try_out(endpoint, by=by, at=wallclock.now()))
        return redirect("admin:notifications_endpoint_change", endpoint.pk)
