"""Questions about the figures, seen alike by both departments, and what was answered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from leads.actions.reviewing import answers
from leads.errors import NotYours
from leads.forms.reviewing.said import AnswerForm
from leads.models import IntegrityAnswer
from leads.reports.integrity import Asked, Check, Scope, look
from leads.reports.integrity.checks import BY_KEY, ONE_SIDED_PERCENT
from leads.reports.integrity.reading import Looked
from leads.reports.integrity.terms import criteria
from leads.reports.period import Filters
from leads.reports.rollups import sums_of_integrity
from leads.views.reports.choosing import (
    filters_of,
    in_force,
    lengths,
    require_reader,
)
from leads.views.reports.evidence import file_header, header, shown, values
from portal import wallclock
from portal.http import PortalRequest
from portal.look.charts.series import Weeks, weeks
from portal.look.words import count, percent
from portal.spreadsheet import Kind, table
from sla.models import Version

PAGE = 50


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """Every check of a period: its question, its figure over time, its rows, its answers."""
    require_reader(request)
    return _page(request, AnswerForm(), 200)


@require_POST
def answer(request: PortalRequest) -> HttpResponse:
    """Say something to a question; it stays."""
    require_reader(request)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    at = wallclock.now()
    version = in_force(at)
    filters = filters_of(request, version, at)
    try:
        answers.answer(
            check=form.cleaned_data["check"], period=filters.period,
            text=form.cleaned_data["text"], version=version, by=request.user, at=at,
        )  # fmt: skip
    except NotYours as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, 409)
    return redirect(
        f"{reverse('leads:integrity')}?{filters.query}#{form.cleaned_data['check']}"
    )


@require_safe
def rows(request: PortalRequest) -> HttpResponse:
    """Exactly the rows that a check counts in its period, paged by key."""
    require_reader(request)
    at = wallclock.now()
    check, filters, found = _rows(request, at)
    total, after = found.count(), request.GET.get("after", "")
    if after.isascii() and after.isdecimal():
        found = found.filter(pk__gt=int(after[:18]))
    page = list(found[: PAGE + 1])
    address = f"{filters.query}&check={check.key}"
    context = {
        "here": "scorecard",
        "about": check.definition,
        "back": f"{reverse('leads:integrity')}?{filters.query}#{check.key}",
        "back_words": _("Integrity"),
        "header": header(check.noun),
        "rows": [shown(check.noun, one, at) for one in page[:PAGE]],
        "total": total,
        "next": f"?{address}&after={page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "files": address,
        "csv": reverse("leads:integrity-rows-csv"),
        "xlsx": reverse("leads:integrity-rows-xlsx"),
    }
    return render(request, "leads/reports/rows.html", context)


@require_safe
def file(request: PortalRequest, kind: Kind) -> HttpResponseBase:
    """The same rows as a file, all of them."""
    require_reader(request)
    at = wallclock.now()
    check, _filters, found = _rows(request, at)
    each = (
        values(check.noun, one, at) for one in found.order_by("pk").iterator(chunk_size=2_000)
    )
    return table(kind, f"integrity-{check.key}", file_header(check.noun), each)


def _rows(request: PortalRequest, at: datetime) -> tuple[Check, Filters, QuerySet[Any]]:
    """What a check counts in the period that an address names; 404 for another check."""
    check = BY_KEY.get(request.GET.get("check", ""))
    if check is None:
        raise Http404
    version = in_force(at)
    filters = filters_of(request, version, at)
    found = check.rows(Scope.of(filters.period, at, version)).order_by("pk")
    return check, filters, found.select_related(*RELATED[check.noun])


RELATED: dict[str, tuple[str, ...]] = {
    "clocks": ("lead", "owner", "team"),
    "touches": ("lead", "by"),
    "moves": ("handoff__lead", "by"),
    "handoffs": ("lead", "receiver", "receiver_team"),
    "entries": ("lead",),
    "pauses": ("clock__lead", "by"),
}


def _page(request: PortalRequest, form: AnswerForm, status: int) -> HttpResponse:
    at = wallclock.now()
    version = in_force(at)
    filters = filters_of(request, version, at)
    sums = sums_of_integrity(version, filters)
    looked = look(filters.period, at, version, sums)
    said = _answers(filters)
    context = {
        "here": "scorecard",
        "filters": filters,
        "lengths": lengths(filters),
        "earlier": f"?{filters.during(filters.period.before).query}",
        "later": f"?{filters.during(filters.period.next).query}",
        "query": filters.query,
        "checks": [_shown(one, looked, filters, said) for one in looked.asked],
        "asking": sum(one.asks for one in looked.asked),
        "terms": _terms(version, at),
        "form": form,
        "failed": form.data.get("check", "") if form.is_bound else "",
        "may_answer": answers.may_answer(request.user),
    }
    return render(request, "leads/reports/integrity.html", context, status=status)


def _answers(filters: Filters) -> Mapping[str, Sequence[IntegrityAnswer]]:
    found: dict[str, list[IntegrityAnswer]] = defaultdict(list)
    rows = IntegrityAnswer.objects.filter(
        first=filters.period.first, length=filters.period.length
    )
    for one in rows.select_related("by"):
        found[one.check_key].append(one)
    return found


def _shown(
    asked: Asked,
    looked: Looked,
    filters: Filters,
    said: Mapping[str, Sequence[IntegrityAnswer]],
) -> dict[str, Any]:
    check = asked.check
    few, most = check.quiet
    names = [date_format(week.first, "j M") for week in looked.weeks]
    return {
        "key": check.key,
        "question": check.question,
        "definition": check.definition,
        "number": count(asked.number),
        "of": count(asked.of),
        "share": percent(asked.number / asked.of) if asked.of else "–",
        "asks": asked.asks,
        "quiet": _quiet(few, most),
        "rows": ngettext("%(n)s row", "%(n)s rows", asked.number) % {"n": count(asked.number)},
        "url": f"{reverse('leads:integrity-rows')}?{filters.query}&check={check.key}",
        "drawing": weeks(
            Weeks(asked.weeks, names[0], names[-1], str(check.question), most / 100)
        ),
        "weeks": [(name, *pair) for name, pair in zip(names, asked.weeks, strict=True)],
        "answers": said.get(check.key, ()),
    }


def _quiet(few: int, most: int) -> str:
    if few <= 1 and not most:
        return _("Quiet at none.")
    return _("Quiet under %(few)s, and up to %(percent)s %% of them.") % {
        "few": few,
        "percent": most,
    }


def _terms(version: Version | None, at: datetime) -> dict[str, Any]:
    """The question about the agreement itself, which has no period."""
    found = criteria(version.parsed) if version else []
    alone = [one for one in found if one.only]
    return {
        "number": len(alone),
        "of": len(found),
        "rows": alone,
        "asks": bool(alone) and len(alone) * 100 > ONE_SIDED_PERCENT * len(found),
        "percent": ONE_SIDED_PERCENT,
        "version": version,
    }
