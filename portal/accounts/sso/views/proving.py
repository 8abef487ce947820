"""Proving at the identity provider that it is still the same person who sits here."""

import logging
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.actions.directory import identity_of
from portal.accounts.errors import SignOnRefused
from portal.accounts.sso.fresh import comes_by_company_alone
from portal.accounts.sso.views.ways import company, going
from portal.http import PortalRequest

logger = logging.getLogger(__name__)


@never_cache
@require_http_methods(["GET", "POST"])
def prove(request: PortalRequest) -> HttpResponse:
    """What is asked for, and a button that goes to the provider. Only for who can prove
    nothing here: a password or a code is not got around by it."""
    provider = company(request)
    if not comes_by_company_alone(request.user):
        raise Http404
    after = get_next_redirect_url(request) or ""
    if request.method == "GET":
        context = {"company": provider.name, "next": after}
        return render(request, "socialaccount/prove.html", context)
    return going(
        request, provider, process="login", errand="portal.accounts.sso.views.proving.proved",
        next_url=after, scope=["openid"], by=request.user.pk,
    )  # fmt: skip


def proved(request: PortalRequest, answer: Any) -> HttpResponse:
    """The provider sends somebody back, who signed in there anew: on to the page asked for.

    `answer` is a verified login of the last five minutes. What was posted before is not done
    by itself: it may have been somebody else who sent it. Raises SignOnRefused.
    """
    if request.user.pk != answer.state["by"]:
        raise SignOnRefused(_("You were signed out meanwhile. Sign in, then confirm again."))
    identity = identity_of(answer.claims["iss"], answer.claims["sub"])
    if identity is None or identity.user_id != request.user.pk:
        raise SignOnRefused(
            _(
                "Somebody else signed in at your company, or your account is not connected to"
                " it yet. Sign out, sign in with your company once, then confirm again."
            )
        )
    record_authentication(request, request.user, "socialaccount", reauthenticated=True)
    logger.info("proved again", extra={"person": request.user.pk, "way": "company"})
    if request.session.pop(STATE_SESSION_KEY, None):
        messages.info(request, f"{_('This was not done yet')}: {_('Send it again')}")
    return redirect(answer.state.get("next") or "sign-ins")
