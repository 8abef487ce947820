"""Next year's holidays: what the calendars would learn, and one button that drafts it."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal import wallclock
from portal.http import PortalRequest
from sla.actions import drafting
from sla.forms.years import Coming, coming, renewed
from sla.models import Agreement, Version
from sla.views.agreements import may_draft

OPEN = (Version.State.DRAFT, Version.State.PROPOSED, Version.State.SIGNED)


@require_http_methods(["GET", "POST"])
def next_year(request: PortalRequest, key: str) -> HttpResponse:
    """Show the days of the first year that is not known yet; a POST drafts them."""
    if not may_draft(request.user):
        raise Http404
    agreement = get_object_or_404(Agreement, key=key)
    at = wallclock.now()
    version = Version.objects.in_force(agreement.pk, at)
    learned = _first(coming(version.parsed.calendars)) if version is not None else []
    known = _known(agreement, version, learned) if version is not None else None
    found = [one for one in learned if one.days]
    if request.method == "POST" and version is not None and found and known is None:
        draft = drafting.draft(
            agreement_id=agreement.pk,
            terms=renewed(version.terms, found),
            by=request.user,
            at=at,
            reason=_("The holidays of %(year)s") % {"year": found[0].year},
        )
        messages.info(request, _("Drafted. Read the line that changes, and propose it."))
        return redirect("sla:version-propose", key=key, number=draft.number)
    context = {
        "agreement": agreement,
        "version": version,
        "found": found,
        "unknown": [one for one in learned if not one.days],
        "known": known,
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "sla/next_year.html", context, status=status)


def _first(learned: Sequence[Coming]) -> list[Coming]:
    """Those that run out first; the others have time."""
    year = min((one.year for one in learned), default=0)
    return [one for one in learned if one.year == year]


def _known(agreement: Agreement, version: Version, learned: Sequence[Coming]) -> Version | None:
    """A later version that is drafted, proposed or signed and knows those days already."""
    later = agreement.versions.filter(number__gt=version.number, state__in=OPEN)
    for one in later.order_by("-number"):
        calendars = one.parsed.calendars
        ends = [calendars[want.key].valid_through for want in learned if want.key in calendars]
        if ends and all(end is not None and end.year >= learned[0].year for end in ends):
            return one
    return None
