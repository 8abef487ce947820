"""Two ways in that a company in production does not have: set-up link, and demo people."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal import ledger, wallclock
from portal.accounts.models import User
from portal.demo import setup
from portal.demo.forms import FirstAdminForm
from portal.http import asked_for_link, secret_of_link


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def first_admin(request: HttpRequest) -> HttpResponse:
    """Ask for name, e-mail and password once; afterwards the link is of no use."""
    token = secret_of_link(request)
    if not token:
        return asked_for_link(request)
    if setup.was_used(token):
        said = {"message": _("This link has made its account")}
        return render(request, "410.html", said, status=410)
    if not setup.is_open(token):
        advice = _(
            "Until somebody has an account each start prints a new link, and the one before is"
            " void: take the newest from the terminal. Afterwards one signs in."
        )
        message = _("This link is not good any more")
        return asked_for_link(request, 404, message=message, advice=advice)
    form = FirstAdminForm(request.POST if "password" in request.POST else None)
    if form.is_valid():
        admin = setup.make_first_admin(token=token, at=wallclock.now(), **form.cleaned_data)
        login(request, admin, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect("leads:setup")
    status = 422 if form.is_bound else 200
    context = {"form": form, "link": token}
    return render(request, "portal/first_admin.html", context, status=status)


@login_not_required
@never_cache
@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Be somebody of the demo company, by e-mail. Exists on a simulated database only."""
    if not (settings.SIMULATION_ALLOWED and ledger.is_simulated()):
        raise Http404("no demo here")
    somebody = get_object_or_404(User.objects.active(), email=request.POST.get("as", ""))
    login(request, somebody, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(settings.LOGIN_REDIRECT_URL)
