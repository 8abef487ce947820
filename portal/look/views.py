"""The doors of the look: the bell's question, and what a reader prefers."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from portal.accounts.actions import preferences
from portal.http import PortalRequest
from portal.look.context import KEYS_COOKIE, THEME_COOKIE, THEMES, kept_as, own_address

A_YEAR = 365 * 24 * 3600  # seconds


@require_GET
def bell(request: PortalRequest) -> HttpResponse:
    """The bell as it now stands; the header asks for it every half minute."""
    return render(request, "components/bell.html")


@require_POST
def prefer(request: PortalRequest) -> HttpResponse:
    """Keep the chosen appearance in this browser; names and language with the person."""
    names = request.POST.get("names")
    if names in {"ours", "legacy"}:
        preferences.choose_names(user_id=request.user.pk, legacy=names == "legacy")
    language = request.POST.get("language")
    if language in {"", *dict(settings.LANGUAGES)}:
        preferences.choose_language(user_id=request.user.pk, language=language or "")
    response = HttpResponseRedirect(own_address(request, request.POST.get("next")))
    for cookie, allowed in ((THEME_COOKIE, (*THEMES, "system")), (KEYS_COOKIE, ("on", "off"))):
        chosen = request.POST.get(cookie, "")
        if chosen in allowed:
            response.set_cookie(
                kept_as(cookie), chosen, max_age=A_YEAR, samesite="Lax", httponly=True,
                secure=request.is_secure(),
            )  # fmt: skip
    return response
