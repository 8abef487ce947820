"""How people come in: links for who signs, and invitations for all the others."""

from datetime import datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from leads.actions.setup import live as living
from leads.actions.setup import who
from leads.views.setup.doors import setters_only
from portal import spreadsheet, wallclock
from portal.accounts.actions import inviting
from portal.accounts.models import Invitation, User
from portal.accounts.models.invitation import VALID
from portal.http import PortalRequest

COLUMNS: list[spreadsheet.Column] = [
    (_("Name"), lambda row: row[0].name),
    (_("E-mail"), lambda row: row[0].email),
    (_("Team"), lambda row: row[0].team),
    (_("Link made"), lambda row: row[1] and row[1].created_at),
    (_("Mailed"), lambda row: row[1] and row[1].mailed_at),
    (_("Ends"), lambda row: row[1] and row[1].expires_at),
]


@never_cache
@require_http_methods(["GET", "POST"])
@setters_only
def invitations(request: PortalRequest) -> HttpResponseBase:
    """Who has a way in and who not; a link is shown once, in the answer to its button."""
    if kind := spreadsheet.asked(request):
        return spreadsheet.listed(kind, "invitations", COLUMNS, _rows())
    at = wallclock.now()
    made: list[inviting.Made] = []
    shown: list[inviting.Made] = []
    if request.method == "POST":
        made = inviting.invite(people=_wanted(request, at), by=request.user, at=at)
        by_mail = request.POST.get("do") == "mail" and inviting.mail_is_set()
        shown = inviting.send(made, at=at) if by_mail else made
    context = {
        "made": shown,
        "mailed": len(made) - len(shown),
        "mail": inviting.mail_is_set(),
        "rows": _rows(),
        "without": len(living.uninvited(at)),
        "at": at,
        "days": VALID.days,
    }
    return render(request, "leads/setup/invitations.html", context)


@require_http_methods(["GET"])
@setters_only
def signing(request: PortalRequest) -> HttpResponse:
    """Who may sign the proposal, whether they can come in, and the page that they need."""
    version = who.proposed()
    if version is None:
        raise Http404
    page = reverse("sla:version-sign", args=[version.agreement.key, version.number])
    people = User.objects.signatories().select_related("department", "invitation")
    context = {
        "version": version,
        "address": request.build_absolute_uri(page),
        "needs": version.needs,
        "people": [(one, can_come(one)) for one in people.order_by("department", "name")],
    }
    return render(request, "leads/setup/signing.html", context)


def can_come(user: User) -> bool:
    """Whether somebody has a password, or was in by another way."""
    return user.has_usable_password() or user.last_login is not None


def _rows() -> list[tuple[User, Invitation | None]]:
    people = inviting.waiting().select_related("team", "department", "invitation")
    return [(one, getattr(one, "invitation", None)) for one in people.order_by("name")]


def _wanted(request: PortalRequest, at: datetime) -> list[User]:
    """One person, or everybody without a link that still works."""
    who = request.POST.get("who", "")[:9]
    if who == "all":
        return living.uninvited(at)
    return list(inviting.waiting().filter(pk=int(who) if who.isdecimal() else 0))
