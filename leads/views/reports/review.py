"""The weekly review: questions to go through in order, and what was decided about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from leads.actions.reviewing import notes
from leads.errors import NotYours
from leads.forms.reviewing.said import NoteForm
from leads.models import Clock, ReviewNote
from leads.reports.coverage import glance
from leads.reports.period import Filters
from leads.reports.review import Review
from leads.reports.review import review as read
from leads.reports.review.reading import Broken
from leads.reports.rollups import sums_of_review
from leads.reports.scorecard.returns import Returned
from leads.views.reports.choosing import in_force, require_reader, zone_of
from leads.views.reports.columns import stood_of, volume_of
from leads.views.reports.coverage.drawn import said
from leads.views.reports.tables import address
from portal import wallclock
from portal.http import PortalRequest
from portal.look.parts import Link
from portal.look.words import count, percent
from sla.models import Version

SHOWN = 8  # rows of a list; the rest is behind a link or on the desk


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """The week before this one, or the one that the address names; the same for both."""
    require_reader(request)
    return _page(request, NoteForm(), 200)


@require_POST
def note(request: PortalRequest) -> HttpResponse:
    """Keep what was decided about one question."""
    require_reader(request)
    at, form = wallclock.now(), NoteForm(request.POST)
    filters = _week(request, in_force(at), at)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        notes.note(week=filters.period.first, by=request.user, at=at, **form.cleaned_data)
    except NotYours as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, 409)
    on = filters.period.first.isoformat()
    return redirect(f"{reverse('leads:review')}?on={on}#{form.cleaned_data['about']}")


def _week(request: PortalRequest, version: Version | None, at: datetime) -> Filters:
    """The last whole week unless a day of another is given."""
    zone = zone_of(version)
    given = Filters.from_query({"period": "week", "on": request.GET.get("on", "")}, at, zone)
    return given if "on" in request.GET else given.during(given.period.before)


def _page(request: PortalRequest, form: NoteForm, status: int) -> HttpResponse:
    at = wallclock.now()
    version = in_force(at)
    filters = _week(request, version, at)
    sums = sums_of_review(version, filters)
    seen = read(version, filters, at, sums)
    names = {one.key: one.name for one in version.parsed.obligations} if version else {}
    period = filters.period
    context = {
        "here": "scorecard",
        "seen": seen,
        "filters": filters,
        "on": period.first.isoformat(),
        "earlier": f"?on={period.before.first}",
        "later": f"?on={period.next.first}" if period.end <= at else "",
        "kept": _kept(seen),
        "covered": said(glance(filters, sums)[0]),
        "questions": [(key, label, seen.notes.get(key, ())) for key, label in ABOUT],
        "broken": [_broken(one, filters, names) for one in seen.broken],
        "talk": [_clock(one, names, one.away) for one in seen.talk],
        "soon": [_clock(one, names, one.absent) for one in seen.open.soon[:SHOWN]],
        "soon_all": len(seen.open.soon),
        "decide": _decide(seen, names),
        "paces": _paces(seen),
        "returned": _returned(seen),
        "form": form,
        "failed": form.data.get("about", "") if form.is_bound else "",
        "may_note": notes.may_note(request.user),
    }
    return render(request, "leads/reports/review.html", context, status=status)


ABOUT = ReviewNote.About.choices


def _kept(seen: Review) -> list[tuple[str, str, str]]:
    """Each department with its share, and of how many."""
    return [
        (side, percent(met / due) if due else "–", count(due))
        for side, (met, due) in seen.kept.items()
    ]


def _broken(one: Broken, filters: Filters, names: dict[str, str]) -> dict[str, Any]:
    tally = one.tally
    causes = (
        (ngettext("%(n)s owner was away", "%(n)s owners were away", one.away), one.away),
        (ngettext("%(n)s had no owner", "%(n)s had no owner", one.unowned), one.unowned),
        (ngettext("%(n)s was never done", "%(n)s were never done", one.never), one.never),
        (
            ngettext("%(n)s was done too late", "%(n)s were done too late", one.behind),
            one.behind,
        ),
    )
    figure = f"clocks:{tally.party}:{tally.obligation}"
    return {
        "department": tally.party,
        "name": names.get(tally.obligation, tally.obligation),
        "late": Link(count(tally.late), address(f"{figure}.late", filters)),
        "due": Link(count(tally.due), address(f"{figure}.due", filters)),
        "why": ", ".join(said % {"n": count(number)} for said, number in causes if number),
    }


def _clock(clock: Clock, names: dict[str, str], away: bool) -> dict[str, Any]:
    return {
        "clock": clock,
        "name": names.get(clock.obligation, clock.obligation),
        "url": reverse("leads:clock", args=[clock.pk]),
        "who": str(clock.owner or clock.team),
        "away": away,
        "open": clock.stopped_at is None,
    }


def _decide(seen: Review, names: dict[str, str]) -> list[dict[str, Any]]:
    """What waits for somebody's word, with the way there."""
    counts = seen.paces.counts
    found = [
        _waits(
            _("Disputes"), _("Does the lead count? Both managers decide."),
            seen.open.disputes, names,
        ),
        _waits(
            _("Nobody owns these"), _("A clock runs and no person has it."),
            seen.open.unowned, names,
        ),
        {
            "title": _("Waivers"),
            "text": _("Let pass in this week with unmet criteria."),
            "number": counts["waived"],
            "url": address("waived:", seen.filters),
        },
        {
            "title": _("Proposals"),
            "text": _("Versions that wait for signatures."),
            "number": counts["proposed"],
            "url": reverse("sla:agreement-list"),
        },
    ]  # fmt: skip
    return [one for one in found if one["number"]]


def _waits(
    title: str, text: str, clocks: Sequence[Any], names: dict[str, str]
) -> dict[str, Any]:
    return {
        "title": title,
        "text": text,
        "number": len(clocks),
        "rows": [_clock(one, names, one.absent) for one in clocks[:SHOWN]],
    }


def _paces(seen: Review) -> list[dict[str, Any]]:
    filters, behind = seen.filters, seen.paces.behind
    shown = [
        (one.commitment, volume_of(one, filters, behind.get(one.commitment.key)))
        for one in seen.paces.volumes
    ] + [
        (one.commitment, stood_of(one, filters, behind.get(one.commitment.key)))
        for one in seen.paces.stood
    ]
    return [{"department": commitment.department, "promise": one} for commitment, one in shown]


def _returned(seen: Review) -> list[dict[str, Any]]:
    reasons = seen.version.parsed.return_reasons if seen.version else ()
    names = {reason.key: reason.name for reason in reasons}
    return [
        {
            "name": names.get(one.key, one.key),
            "number": Link(count(one.number), _of_reason(one, seen)),
            "most_from": f"{one.most_from[1]}: {one.most_from[0] or _('unknown')}"
            if one.most_from
            else "",
        }
        for one in seen.returned
    ]


def _of_reason(one: Returned, seen: Review) -> str:
    return address(f"returns:reason:{one.key}", seen.filters)
