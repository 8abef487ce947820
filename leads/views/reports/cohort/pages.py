"""One page: a cohort chosen by the address, its flow, its times, and who did what in which
stage; each number opens exactly its rows."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads.models import Contribution, StageEntry, Touch
from leads.reports.cohort import Journey, cohort
from leads.reports.cohort.reading import ASKED, PARTIES
from leads.reports.people.choices import there_since
from leads.reports.period import Filters
from leads.reports.rollups import journey_of
from leads.views.reports.choosing import (
    filters_of,
    in_force,
    lengths,
    require_reader,
    segments,
    zone_of,
)
from leads.views.reports.cohort.drawn import flow
from leads.views.reports.evidence import file_header, header, shown, values
from portal import wallclock
from portal.http import PortalRequest
from portal.look.parts import Link
from portal.look.words import count
from portal.spreadsheet import Kind, table

PAGE = 50
FOUND: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "entries": (StageEntry, ("lead",)),
    "touches": (Touch, ("lead", "by")),
    "contributions": (Contribution, ("lead", "owner", "asked_by")),
}


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """The cohort of a period, of a team, source or segment if one is chosen."""
    require_reader(request)
    at = wallclock.now()
    version = in_force(at)
    filters = filters_of(request, version, at)
    found = journey_of(version, filters)
    numbers = found.numbers
    context = {
        "cohort": found,
        "filters": filters,
        "here": "cohort",
        "drawing": flow(found),
        "lengths": lengths(filters),
        "earlier": f"?{filters.during(filters.period.before).query}",
        "later": f"?{filters.during(filters.period.next).query}",
        "teams": there_since(filters.period.start).only("key", "name"),
        "segments": segments(version),
        "zone": zone_of(version),
        "stages": [_stage(one, found, numbers) for one in found.stages],
        "moves": _moves(found),
        "after": [(party, _link(f"after:{party}", numbers, filters)) for party in PARTIES],
        "before": [(party, _link(f"touched:{party}:", numbers, filters)) for party in PARTIES],
        "query": filters.query,
    }
    return render(request, "leads/reports/cohort/page.html", context)


@require_safe
def rows(request: PortalRequest) -> HttpResponse:
    """Exactly the rows that a figure of the cohort counts, paged by key."""
    require_reader(request)
    at = wallclock.now()
    filters, noun, found = _asked(request)
    after = request.GET.get("after", "")
    some = found.order_by("pk")
    if after.isascii() and after.isdecimal():
        some = some.filter(pk__gt=int(after[:18]))
    page = list(some[: PAGE + 1])
    query = f"{filters.query}&{urlencode({'figure': request.GET['figure']})}"
    context = {
        "filters": filters,
        "header": header(noun),
        "rows": [shown(noun, one, at) for one in page[:PAGE]],
        "total": found.count(),
        "files": query,
        "csv": reverse("leads:cohort-rows-csv"),
        "xlsx": reverse("leads:cohort-rows-xlsx"),
        "back": f"{reverse('leads:cohort')}?{filters.query}",
        "back_words": _("Journey of a cohort"),
        "next": f"?{query}&after={page[PAGE - 1].pk}" if len(page) > PAGE else "",
    }
    return render(request, "leads/reports/rows.html", context)


@require_safe
def file(request: PortalRequest, kind: Kind) -> HttpResponseBase:
    """The rows of a figure as a file."""
    require_reader(request)
    at = wallclock.now()
    _filters, noun, found = _asked(request)

    def each() -> Iterator[list[Any]]:
        for one in found.order_by("pk").iterator(chunk_size=2_000):
            yield values(noun, one, at)

    return table(kind, f"cohort-{noun}", file_header(noun), each())


@require_safe
def figures(request: PortalRequest, kind: Kind) -> HttpResponseBase:
    """The tables of the page in one: a line for each stage, then one for each move."""
    require_reader(request)
    at = wallclock.now()
    version = in_force(at)
    filters = filters_of(request, version, at)
    found = journey_of(version, filters)
    told = [
        _("Stage or move"), _("Entries"), _("Went on from it"), _("Still there"),
        _("Days: a quarter"), _("Days: half"), _("Days: three quarters"),
        _("Touches of Marketing"), _("Touches of Sales"), _("Material asked"), _("delivered"),
        _("used"),
    ]  # fmt: skip
    numbers = found.numbers
    lines: list[list[Any]] = []
    for stage in found.stages:
        key = stage.key
        names = [f"entered:{key}", f"left:{key}", f"still:{key}"]
        more = [f"touched:{party}:{key}" for party in PARTIES]
        more += [f"material:{which}:{key}" for which in ASKED]
        days = found.days.get(key, (None, None, None))
        lines.append([
            stage.name, *(numbers.get(one, 0) for one in names),
            *(None if one is None else round(one, 2) for one in days),
            *(numbers.get(one, 0) for one in more),
        ])  # fmt: skip
    lines += [[f"{before} → {after}", n, *[None] * 10] for (before, after), n in found.in_order]
    return table(kind, f"cohort-{filters.period.first}", told, lines)


def _asked(request: PortalRequest) -> tuple[Filters, str, Any]:
    at = wallclock.now()
    version = in_force(at)
    filters = filters_of(request, version, at)
    known = cohort(version, filters).figures()
    figure = known.get(request.GET.get("figure", ""))
    if figure is None:
        raise Http404
    model, beside = FOUND[figure[0]]
    found = model._default_manager.filter(pk__in=figure[1]).select_related(*beside)
    return filters, figure[0], found


def _link(key: str, numbers: Mapping[str, int], filters: Filters) -> Link:
    number = numbers.get(key, 0)
    address = f"{reverse('leads:cohort-rows')}?{filters.query}&{urlencode({'figure': key})}"
    return Link(count(number), address if number else "")


def _stage(stage: Any, found: Journey, numbers: Mapping[str, int]) -> dict[str, Any]:
    key, filters = stage.key, found.filters
    days = found.days.get(key)
    return {
        "name": stage.name,
        "acts": stage.acts,
        "entered": _link(f"entered:{key}", numbers, filters),
        "left": _link(f"left:{key}", numbers, filters),
        "still": _link(f"still:{key}", numbers, filters),
        "days": [number_format(one, 1) for one in days] if days else None,
        "touches": [_link(f"touched:{party}:{key}", numbers, filters) for party in PARTIES],
        "material": [_link(f"material:{which}:{key}", numbers, filters) for which in ASKED],
    }


def _moves(found: Journey) -> list[dict[str, Any]]:
    names = {stage.key: stage.name for stage in found.stages}
    numbers = {f"move:{a}:{b}": n for (a, b), n in found.moves.items()}
    return [
        {
            "before": names.get(before, before),
            "after": names.get(after, after),
            "back": found.is_back((before, after)),
            "number": _link(f"move:{before}:{after}", numbers, found.filters),
        }
        for (before, after), _n in found.in_order
    ]
