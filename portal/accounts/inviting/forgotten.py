"""Where the link of a forgotten password leads. allauth's own holds the key in its address:
ours behind a `#`, and from here on allauth's page goes on as ever."""

from allauth.account.forms import UserTokenForm
from allauth.account.views import INTERNAL_RESET_SESSION_KEY
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.http import asked_for_link, secret_of_link

KEPT = "set-password"  # what allauth writes into an address instead of the key


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Take `PERSON-KEY` of the mail into the session, if it is good."""
    secret = secret_of_link(request)
    if not secret:
        return asked_for_link(request)
    person, _dash, key = secret.partition("-")
    if not UserTokenForm(data={"uidb36": person, "key": key}).is_valid():
        message, advice = _("This link is used up"), _("It works once and for one hour only.")
        return asked_for_link(request, 404, message=message, advice=advice)
    request.session[INTERNAL_RESET_SESSION_KEY] = key
    return redirect("account_reset_password_from_key", uidb36=person, key=KEPT)
