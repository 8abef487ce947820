"""Where an invitation leads: one question, and one is in."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal import wallclock
from portal.accounts.actions import inviting
from portal.accounts.inviting.forms import WelcomeForm
from portal.http import asked_for_link, secret_of_link


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Choose a password and be signed in; afterwards the link is of no use."""
    at, token = wallclock.now(), secret_of_link(request)
    if not token:
        return asked_for_link(request)
    invitation = inviting.find(token, at)
    if invitation is None:
        return _over(request, used=inviting.was_used(token))
    form = WelcomeForm(invitation.user, request.POST if "password" in request.POST else None)
    if form.is_valid():
        user = inviting.accept(token=token, password=form.cleaned_data["password"], at=at)
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect(settings.LOGIN_REDIRECT_URL)
    status = 422 if form.is_bound else 200
    context = {"form": form, "who": invitation.user, "link": token}
    return render(request, "portal/welcome.html", context, status=status)


def _over(request: HttpRequest, *, used: bool) -> HttpResponse:
    """What to do with a link that is spent; one that ended, was replaced or never was: 404."""
    if used:
        said = {"message": _("This invitation was used. Sign in with your password.")}
        return render(request, "410.html", said, status=410)
    advice = _(
        "An invitation works once and for 14 days, and a newer one makes it void. Ask whoever"
        " sent it for another. If you have a password, sign in with it."
    )
    message = _("This link is not good any more")
    return asked_for_link(request, 404, message=message, advice=advice)
