"""The set-up page of an empty portal. Its address is the secret."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal import wallclock
from portal.demo import setup
from portal.demo.forms import FirstAdminForm


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def first_admin(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for name, e-mail and password once; afterwards the address does not exist."""
    if not setup.is_open(token):
        raise Http404("no such link")
    form = FirstAdminForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        setup.make_first_admin(token=token, at=wallclock.now(), **form.cleaned_data)
        messages.success(request, _("You can log in now."))
        return redirect("account_login")
    status = 422 if form.is_bound else 200
    return render(request, "portal/first_admin.html", {"form": form}, status=status)
