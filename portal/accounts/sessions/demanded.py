"""A second factor of whom the company demands one, before the first page."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

EVERYBODY = "everybody"
SHOWN = "second_factor_there"  # in a session: looked up once
OPEN = ("accounts/", "language/", "healthz", "static/", "help/")


class SecondFactor:
    """Leads who must have one-time codes, and has none, to where they are turned on.

    `SECOND_FACTOR_OF` says of whom: `everybody`, or roles. Who came by the company's provider
    is asked for it there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Any, *args: Any
    ) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_OF or not _is_owed(request):
            return None
        where = reverse("mfa_activate_totp")
        if getattr(request, "htmx", False):
            return HttpResponse(status=401, headers={"HX-Redirect": where})
        return redirect(where)


def _is_owed(request: HttpRequest) -> bool:
    match, user = request.resolver_match, request.user
    if match is None or match.route.startswith(OPEN) or not user.is_authenticated:
        return False
    if not is_demanded(str(getattr(user, "role", ""))) or request.session.get(SHOWN):
        return False
    ways = {one["method"] for one in get_authentication_records(request, user)}
    if "socialaccount" in ways or _has_codes(user):
        request.session[SHOWN] = True
        return False
    return True


def is_demanded(role: str) -> bool:
    """Whether who has this role must have a second factor."""
    return bool({EVERYBODY, role} & settings.SECOND_FACTOR_OF)


def _has_codes(user: Any) -> bool:
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    return bool(codes.exists())
