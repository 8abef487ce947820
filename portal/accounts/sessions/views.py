"""How one signs in, and where one is signed in now: each of them can be ended."""

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal import wallclock
from portal.accounts.models import SignedIn
from portal.accounts.sessions import actions as sessions
from portal.accounts.sessions.browsers import named
from portal.http import PortalRequest


@never_cache
@require_http_methods(["GET", "POST"])
def sign_ins(request: PortalRequest) -> HttpResponse:
    """One's own ways in and open sessions; a POST, after a fresh proof, ends all but this."""
    if request.method == "POST":
        ended: HttpResponse = _end_others(request)
        return ended
    mine = SignedIn.objects.owned_by(request.user).open(wallclock.hosts())
    rows = [(one, *named(one.browser)) for one in mine]
    context = {
        "rows": rows,
        "here": request.session.session_key,
        "connected": SocialAccount.objects.filter(user=request.user).first(),
        "has_codes": Authenticator.objects.filter(user=request.user, type="totp").exists(),
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "portal/sign_ins.html", context)


@reauthentication_required()  # type: ignore[untyped-decorator]  # allauth has no types
def _end_others(request: PortalRequest) -> HttpResponse:
    key = request.session.session_key or ""
    ended = sessions.end_others(by=request.user, key=key)
    said = ngettext("%(n)d session was ended.", "%(n)d sessions were ended.", ended)
    messages.info(request, said % {"n": ended})
    return redirect("sign-ins")


@require_POST
def end(request: PortalRequest, signed_in_id: int) -> HttpResponse:
    """End one of one's own after a fresh proof; others' are not there."""
    row = get_object_or_404(SignedIn.objects.owned_by(request.user), pk=signed_in_id)
    ended: HttpResponse = _end(request, row)
    return ended


@reauthentication_required()  # type: ignore[untyped-decorator]  # allauth has no types
def _end(request: PortalRequest, row: SignedIn) -> HttpResponse:
    sessions.end(signed_in_id=row.pk, by=request.user)
    messages.info(request, _("Ended. Whoever uses it has to sign in."))
    return redirect("sign-ins")
