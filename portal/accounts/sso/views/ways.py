"""The way to the identity provider and back."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import Provider
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.errors import SignOnRefused
from portal.accounts.sso.token import TokenRefused
from portal.accounts.sso.views.provider import PROVIDER, CompanyProvider, Relying


@never_cache
@login_not_required
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Go to the provider and sign in there."""
    provider = company(request)
    return going(request, provider, **provider.get_redirect_from_request_kwargs(request))


@never_cache
@login_not_required
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """What the provider answers: somebody is signed in, or a page says why not."""
    provider = company(request)
    if not isinstance(provider, CompanyProvider):
        raise Http404
    try:
        answer: HttpResponse = _Back.of(request).dispatch(request)
    except (TokenRefused, SignOnRefused) as error:
        answer = render_authentication_error(request, provider, exception=error)
    except ImmediateHttpResponse as error:
        answer = error.response
    return answer


def company(request: HttpRequest) -> Provider:
    """The provider that is configured; without one there is nothing at these addresses."""
    try:
        found: Provider = get_adapter().get_provider(request, PROVIDER)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return found


def going(request: HttpRequest, provider: Provider, **kwargs: Any) -> HttpResponse:
    """A page that goes on to the provider by itself. A redirect would not do: to where a
    form may lead, redirects included, the content security policy lets no other site."""
    try:
        away: HttpResponse = provider.redirect(request, **kwargs)
    except (TokenRefused, OAuth2Error) as error:
        refused: HttpResponse = render_authentication_error(request, provider, exception=error)
        return refused
    if "Location" not in away.headers:
        return away
    context = {"provider": provider, "address": away.headers["Location"]}
    return render(request, "socialaccount/going.html", context)


class _Back(OAuth2CallbackView):  # type: ignore[misc]  # allauth has no types
    """allauth's, which remembers the state for who reads the token."""

    @classmethod
    def of(cls, request: HttpRequest) -> "_Back":
        view = cls()
        view.request, view.adapter = request, Relying(request)
        return view

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, response
