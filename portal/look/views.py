"""The doors of the look: the bell's question, and what a reader prefers."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from portal.accounts.actions import preferences
from portal.http import PortalRequest
from portal.look.context import THEME_COOKIE, THEMES

A_YEAR = 365 * 24 * 3600  # seconds


@require_GET
def bell(request: PortalRequest) -> HttpResponse:
    """The bell as it now stands; the header asks for it every half minute."""
    return render(request, "components/bell.html")


@require_POST
def prefer(request: PortalRequest) -> HttpResponse:
    """Keep the chosen appearance in this browser, and the chosen names with the person."""
    names = request.POST.get("names")
    if names in {"ours", "legacy"}:
        preferences.choose_names(user_id=request.user.pk, legacy=names == "legacy")
    response = HttpResponseRedirect(_back(request))
    theme = request.POST.get("theme")
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=A_YEAR, samesite="Lax", secure=request.is_secure()
        )
    elif theme == "system":
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def _back(request: HttpRequest) -> str:
    """Where the reader came from; never another site."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"
