"""Old words for stages that are still in use: where, by which team, and when last."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads.desk.coverage import Coverage, Label, Use, coverage
from leads.desk.words import stage_words
from leads.models import WordHeard
from portal import spreadsheet, wallclock
from portal.http import PortalRequest


@require_safe
def show(request: PortalRequest) -> HttpResponseBase:
    """Teams and systems, never persons: it is about words, not about who says them."""
    if not request.user.reads_leads:
        raise Http404
    words = stage_words(wallclock.now())
    found = coverage(words)
    places = dict(WordHeard.Place.choices)
    if kind := spreadsheet.asked(request):
        return spreadsheet.listed(kind, "old-words", _columns(places), _uses(found))
    context = {
        "found": found,
        "stages": [(words.spoken(key), words.label(key)) for key in words.names],
        "places": places,
    }
    return render(request, "leads/library/words.html", context)


def _columns(places: Mapping[str, Any]) -> list[spreadsheet.Column]:
    return [
        (_("Old label"), lambda row: row[0].word),
        (_("Means"), lambda row: row[0].name),
        (_("Used where"), lambda row: row[1] and places.get(row[1].place, row[1].place)),
        (_("By"), lambda row: row[1] and row[1].who),
        (_("How often"), lambda row: row[1].times if row[1] else 0),
        (_("Last"), lambda row: row[1] and row[1].last_at),
    ]


def _uses(found: Coverage) -> Iterator[tuple[Label, Use | None]]:
    """Each use in a line; a label that nobody uses in one without a use."""
    for label in (*found.used, *found.idle, *found.unknown):
        yield from ((label, use) for use in label.uses or (None,))
