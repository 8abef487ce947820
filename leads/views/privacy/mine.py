"""What the portal keeps of the person who looks, and who else sees it."""

from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from leads.models import Assignment, Attestation, Clock, HandoffMove, StageEntry, Touch
from portal.accounts.models import Absence, ApiToken, Passkey, SignedIn, User
from portal.http import PortalRequest
from portal.ledger.models import LedgerEntry
from portal.look.models import SavedView
from portal.notifications.models import Delivery
from sla.models import Signature

READERS = _("everybody who reads leads, with your name")
CHANGES = 20


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """One's own records, counted by kind, and the changes of one's account."""
    user = request.user
    places = _places(user)
    counts = User.objects.filter(pk=user.pk).values_list(
        *(_number(rows) for _what, rows, _who in places)
    )[0]
    told = [(what, n, who) for (what, _rows, who), n in zip(places, counts, strict=True)]
    changes = LedgerEntry.objects.filter(subject_type="user", subject_id=user.pk)
    context = {
        "hidden": user.department is not None and not user.department.shows_people,
        "places": [row for row in told if row[1]],
        "nothing": [what for what, n, _who in told if not n],
        "changes": list(changes.order_by("-seq")[:CHANGES]),
    }
    return render(request, "leads/privacy/mine.html", context)


def _places(user: User) -> list[tuple[Promise, "QuerySet[Any]", Promise]]:
    """What there may be: words, its rows, and who sees them."""
    alone = _("you alone")
    return [
        (_("Touches you logged"), Touch.objects.filter(by=user), READERS),
        (_("Moves of handoffs you made"), HandoffMove.objects.filter(by=user), READERS),
        (_("Stages you entered"), StageEntry.objects.filter(by=user), READERS),
        (_("Facts you vouched for"), Attestation.objects.filter(by=user), READERS),
        (_("Seats you have or had"), Assignment.objects.filter(member=user), READERS),
        (
            _("Clocks you answer for or did"),
            Clock.objects.filter(owner=user),
            _("everybody who reads leads, one by one; figures of you: you and your managers"),
        ),
        (
            _("Agreements you signed"),
            Signature.objects.filter(signer=user),
            _("everybody who signs in; they stay, with your name and title of that day"),
        ),
        (
            _("Absences"),
            Absence.objects.filter(user=user),
            _("your team, your managers, and who is told in your place"),
        ),
        (_("Messages to you"), Delivery.objects.filter(recipient=user), alone),
        (_("Browsers you are signed in with"), SignedIn.objects.owned_by(user), alone),
        (_("API tokens"), ApiToken.objects.filter(user=user), alone),
        (_("Passkeys"), Passkey.objects.filter(user=user), alone),
        (
            _("Saved views"),
            SavedView.objects.filter(owner=user),
            _("you alone; your team those that you share"),
        ),
    ]


def _number(rows: "QuerySet[Any]") -> Coalesce:
    grouped = rows.order_by().annotate(_all=Value(1)).values("_all")
    counted = grouped.annotate(_n=Count("pk")).values("_n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
