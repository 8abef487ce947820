"""Every address of the portal."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.http import require_safe

from portal import api, roof
from portal.home import home
from portal.metrics import metrics
from portal.style import style

# The admin logs in where everybody does, second factor included.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # documented by allauth

roof.bind_all()

handler400 = "portal.faults.unreadable"
handler500 = "portal.faults.server_error"


@login_not_required
def gone(request: HttpRequest) -> HttpResponse:
    """What a library brings along and this portal does not have."""
    raise Http404


@login_not_required
@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for an icon when what they show names none: a file, plain text."""
    return redirect(static("portal/concord.svg"))


urlpatterns: list[URLPattern | URLResolver] = [
    # A person's address is the account's own, which an administrator changes.
    path("accounts/email/", gone),
    re_path(r"^accounts/confirm-email/", gone),
    # An account is connected by signing in with it, and shown with one's sessions.
    re_path(r"^accounts/(?:3rdparty|social)/", gone),
    # The key of a forgotten password is in no address: portal.accounts.inviting.forgotten.
    re_path(r"^accounts/password/reset/key/[0-9A-Za-z]+-(?!set-password/$).+/$", gone),
    path("accounts/", include("portal.accounts.passkeys.urls")),
    path("accounts/", include("portal.accounts.codes.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz/", include("portal.health")),
    path("metrics", metrics, name="metrics"),
    path("", home, name="home"),
    path("favicon.ico", icon, name="icon"),
    path("style/", style, name="style"),
    path("api/v1/", include(api.addresses())),
    path("scim/v2/", include("portal.accounts.scim.urls")),
    path("agreements/", include("sla.urls")),
    path("", include("leads.urls")),
    path("", include("portal.accounts.urls")),
    path("", include("portal.notifications.urls")),
    path("", include("portal.jobs.urls")),
    path("", include("portal.ledger.pages.urls")),
    path("", include("portal.demo.urls")),
    path("", include("portal.look.urls")),
]
