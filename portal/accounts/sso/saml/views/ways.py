"""The provider's answer comes in, by a form of another site, and is finished on our own.

A browser sends no cookie with another site's form: so the answer is checked and kept at the
door, and the browser comes back for it with its session. Only what the provider signed for
this portal is kept, and once: a stranger fills nothing.
"""

from typing import Any
from urllib.parse import urlencode

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.helpers import complete_social_login, render_authentication_error
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal import wallclock
from portal.accounts.errors import SignOnRefused
from portal.accounts.sso.saml.assertion import verified
from portal.accounts.sso.saml.keeping import KEPT_FOR, keep, once, taken
from portal.accounts.sso.saml.metadata import own
from portal.accounts.sso.saml.views.provider import SamlCompany
from portal.accounts.sso.token import Claims, TokenRefused, authenticated_at
from portal.accounts.sso.views.ways import company
from portal.http import from_other_sites

WHY = "company-refused"


@never_cache
@login_not_required
@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    """What the provider must know of the portal."""
    provider = _company(request)
    said = own(entity=provider.entity, here=provider.here)
    return HttpResponse(said, content_type="application/samlmetadata+xml")


@never_cache
@from_other_sites
@csrf_exempt
@login_not_required
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """The provider's form: what it signed is kept for two minutes, for who began it."""
    provider = _company(request)
    try:
        claims = verified(request.POST.get("SAMLResponse", ""), provider.expected())
        once(claims, wallclock.now())
    except TokenRefused as error:
        said = signing.dumps({"why": error.why, "later": error.later}, salt=WHY)
        return redirect(f"{reverse('company-finish')}?{urlencode({'refused': said})}")
    return redirect(f"{reverse('company-finish')}?{urlencode({'answer': keep(claims)})}")


@never_cache
@login_not_required
@require_safe
def finish(request: HttpRequest) -> HttpResponse:
    """The browser that began it comes for the answer: somebody is signed in, or a page says
    why not."""
    provider = _company(request)
    try:
        answer: HttpResponse = _completed(request, provider)
    except (TokenRefused, SignOnRefused) as error:
        answer = render_authentication_error(request, provider, exception=error)
    except ImmediateHttpResponse as error:
        answer = error.response
    return answer


def _company(request: HttpRequest) -> SamlCompany:
    found = company(request)
    if not isinstance(found, SamlCompany):
        raise Http404
    return found


def _completed(request: HttpRequest, provider: SamlCompany) -> Any:
    claims = _kept(request)
    try:
        state = provider.unstash_redirect_state(request, claims["nonce"])
    except PermissionDenied:
        raise TokenRefused("InResponseTo is of another login", later=True) from None
    claims = {**claims, "nonce": claims["nonce"].removeprefix("_")}
    if state.get("errand"):
        authenticated_at(claims, wallclock.now())
    login = provider.sociallogin_from_response(request, claims)
    login.state, login.claims = state, claims
    return complete_social_login(request, login)


def _kept(request: HttpRequest) -> Claims:
    """The claims that were kept at the door, taken away. Raises TokenRefused."""
    said = request.GET.get("refused")
    if said:
        try:
            told = signing.loads(said, salt=WHY, max_age=KEPT_FOR)
        except signing.BadSignature:
            raise TokenRefused("this address is too old", later=True) from None
        raise TokenRefused(told["why"], later=told["later"])
    return taken(request.GET.get("answer", ""))
