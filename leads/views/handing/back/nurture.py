"""Who is in nurture, with whom, and until when."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads.core.words.stages import StageWords
from leads.desk.words import stage_columns, stage_words
from leads.models import Assignment, Timer
from leads.reports.returning import nurture
from leads.reports.returning.nurture import Timers
from leads.views.lead.finding import number
from portal import spreadsheet, wallclock
from portal.http import PortalRequest
from portal.look.parts import Link

MOST = 50


@require_safe
def show(request: PortalRequest) -> HttpResponseBase:
    """Who is back and waits for a look, newest first; then who comes back, soonest first."""
    user, at = request.user, wallclock.now()
    if not user.reads_leads:
        raise Http404
    mine = request.GET.get("whose") != "all" and user.department_id is not None
    lists = [nurture.back(at), nurture.to_come(at)]
    if mine:
        lists = [nurture.of_member(one, user.pk) for one in lists]
    if kind := spreadsheet.asked(request):
        return spreadsheet.listed(kind, "nurture", _columns(stage_words(at)), _rows(lists))
    back, more_back = _page(lists[0], number(request.GET.get("back", "")), newest_first=True)
    to_come, more_to_come = _page(lists[1], number(request.GET.get("come", "")))
    seats = _seats([*back, *to_come])
    context = {
        "back": [(timer, seats.get(timer.lead_id)) for timer in back],
        "to_come": [(timer, seats.get(timer.lead_id)) for timer in to_come],
        "more_back": _address(request, back=more_back),
        "more_to_come": _address(request, come=more_to_come),
        "views": [
            Link(_("Mine"), "?whose=mine", here=mine),
            Link(_("Everybody’s"), "?whose=all", here=not mine),
        ]
        if user.department_id
        else [],
    }
    return render(request, "leads/handing/nurture.html", context)


def _columns(words: StageWords) -> list[spreadsheet.Column]:
    return [
        (_("List"), lambda row: row[0]),
        (_("Lead"), lambda row: row[1].lead.name),
        (_("Company"), lambda row: row[1].lead.company),
        *stage_columns(words, lambda row: row[1].lead.stage),
        (_("When"), lambda row: row[1].at),
        (_("To whom"), lambda row: row[2] and (row[2].member or row[2].team)),
        (_("Why it waits"), lambda row: row[1].why),
        (_("Lead number"), lambda row: row[1].lead_id),
    ]


def _rows(lists: Sequence[Timers]) -> Iterator[tuple[str, Timer, Any]]:
    """Who is back, then who comes back, each with the seat in Marketing."""
    for name, timers in zip((_("Back"), _("Comes back")), lists, strict=True):
        for some in spreadsheet.together(timers):
            seats = _seats(some)
            yield from ((name, timer, seats.get(timer.lead_id)) for timer in some)


def _page(
    rows: Timers, after: int | None, newest_first: bool = False
) -> tuple[list[Timer], int | None]:
    """The rows that follow the timer `after`, and after which of them there are more."""
    if after is not None:
        place = get_object_or_404(Timer, pk=after)
        before = Q(at__lt=place.at) | Q(at=place.at, pk__lt=place.pk)
        beyond = Q(at__gt=place.at) | Q(at=place.at, pk__gt=place.pk)
        rows = rows.filter(before if newest_first else beyond)
    found = list(rows[: MOST + 1])
    return found[:MOST], found[MOST - 1].pk if len(found) > MOST else None


def _address(request: PortalRequest, **more: int | None) -> str:
    """Where the rows after these are; "" where there are none."""
    query = request.GET.copy()
    for name, after in more.items():
        if after is None:
            return ""
        query[name] = str(after)
    return f"?{query.urlencode()}"


def _seats(timers: list[Timer]) -> dict[int, Any]:
    """Marketing's seat of each lead."""
    rows = Assignment.objects.filter(
        lead__in=[timer.lead_id for timer in timers], department="marketing", until=None
    )
    return {row.lead_id: row for row in rows.select_related("member", "team")}
