"""Our answers to django-allauth's questions about sign-ins that others vouch for."""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import (
    DefaultSocialAccountAdapter,
    _build_apps_from_settings,
)
from allauth.socialaccount.providers.base.constants import AuthError
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from portal import wallclock
from portal.accounts.actions import directory
from portal.accounts.errors import SignOnRefused
from portal.accounts.sso.claims import arrival_of
from portal.accounts.sso.token import TokenRefused

logger = logging.getLogger(__name__)


class CompanyAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The provider comes from the environment alone; nobody signs up by it."""

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[Any]:
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def get_requests_session(self) -> Any:
        """How the provider is called: where it sends us on to, nobody goes. Code, secret and
        token are for the addresses that it publishes."""
        session = super().get_requests_session()
        session.get_redirect_target = lambda response: None
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Whose account is opened; refused by SignOnRefused, before anything is changed."""
        errand = sociallogin.state.get("errand")
        if errand:
            raise ImmediateHttpResponse(import_string(errand)(request, sociallogin))
        app = sociallogin.provider.app
        arrival = arrival_of(sociallogin.claims, app.settings)
        identity = directory.sign_on(arrival=arrival, at=wallclock.now())
        sociallogin.account, sociallogin.user = identity, identity.user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """A page that says why nobody was signed in, and what to do."""
        detail = exception.why if isinstance(exception, TokenRefused) else ""
        logger.warning("sign-in at the provider refused: %s", detail or error)
        context = {
            "provider": provider,
            "said": _said(error, exception, str(provider)),
            "detail": detail,
            "next": (extra_context or {}).get("state", {}).get("next", ""),
        }
        page = render(request, "socialaccount/refused.html", context, status=403)
        raise ImmediateHttpResponse(page)


def _said(error: Any, exception: Exception | None, name: str) -> str:
    if isinstance(exception, SignOnRefused):
        return str(exception)
    if error == AuthError.CANCELLED:
        return _("You stopped the sign-in at %(name)s.") % {"name": name}
    if isinstance(exception, TokenRefused) and not exception.later:
        return _(
            "What %(name)s sent cannot be trusted. Give your IT department the line below."
        ) % {"name": name}
    if exception is None or isinstance(exception, TokenRefused):
        return _(
            "The answer of %(name)s is too old, or was meant for another page. Sign in again."
        ) % {"name": name}
    return _(
        "%(name)s did not answer as it should. Try again in a minute, or use your password."
    ) % {"name": name}
