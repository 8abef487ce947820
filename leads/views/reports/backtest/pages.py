"""What would this text have cost? Any version against a time of real history."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads.reports.backtest.costing import clause
from leads.reports.backtest.opened import Opened
from leads.reports.backtest.owing import Owed, asks_who_qualifies, owing
from leads.reports.backtest.qualifying import qualifying
from leads.reports.backtest.trial import Outcome, Trial, trial
from leads.reports.backtest.whole import newest
from leads.views.reports.backtest import clauses as costed
from leads.views.reports.backtest import listed, opened, qualified
from leads.views.reports.backtest import volumes as volume
from leads.views.reports.backtest.asked import AskedForm, base_of, both_of, version_of
from leads.views.reports.backtest.drawn import Shown, one, promises
from leads.views.reports.backtest.listing import Listing
from portal import wallclock
from portal.http import PortalRequest
from portal.look.parts import Link
from portal.spreadsheet import Kind, table
from sla.core.terms import TermsError
from sla.models import Version
from sla.views.agreements import may_draft

PAGE = 50
OF_ROWS = ("part", "which", "group", "stage", "clause", "commitment", "first")
Answer = Callable[[Version, Version | None, AskedForm, datetime], dict[str, Any]]


@require_safe
def show(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """Every promise of a version on the handoffs of a time, and one of them in full."""
    version, at = version_of(request, key, number), wallclock.now()
    try:
        form = AskedForm(request.GET.dict(), version.parsed, at)
    except TermsError as error:
        return _page(request, version, {"faults": error.faults[:5]})
    if not form.is_valid():
        return _page(request, version, {"form": form}, status=422)
    answered = _answered(version, form, at, every=not request.htmx)
    said = {"form": form, "may_ask": may_draft(request.user)}
    return _page(request, version, said | answered)


@require_safe
def leads(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """The criteria of every stage on the leads that came in a time."""
    return _other(request, key, number, "leads", _leads)


@require_safe
def clauses(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """What each changed clause would have cost by itself."""
    return _other(request, key, number, "clauses", _clauses)


@require_safe
def volumes(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """What each department would have owed in volume, and delivered."""
    return _other(request, key, number, "volumes", _volumes)


@require_safe
def rows(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """Exactly the rows that a count is of, paged by their key."""
    version, at = version_of(request, key, number), wallclock.now()
    form = _asked(request, version, at)
    if not form.is_valid():
        return _page(request, version, {"form": form}, status=422)
    listing = _listing(version, form, at)
    before = request.GET.get("before", "")[:18]
    said = before.isascii() and before.isdecimal()
    page, more = listing.page(int(before) if said else None, PAGE)
    names = [version.agreement.key, version.number]
    query = form.query(**{name: form.cleaned_data[name] for name in OF_ROWS})
    context = {
        "header": listing.header,
        "rows": listing.shown(page),
        "total": listing.total,
        "about": listing.about,
        "back": f"{reverse(f'leads:{listing.back}', args=names)}?{form.query()}#one",
        "back_words": _("Version %(number)s on past handoffs") % {"number": version.number},
        "files": query,
        "csv": reverse("leads:backtest-csv", args=names),
        "xlsx": reverse("leads:backtest-xlsx", args=names),
        "next": f"?{query}&before={page[-1]}" if more and page else "",
    }
    return render(request, "leads/reports/rows.html", context)


@require_safe
def file(request: PortalRequest, key: str, number: int, kind: Kind) -> HttpResponseBase:
    """The same rows as a file, all of them."""
    version, at = version_of(request, key, number), wallclock.now()
    form = _asked(request, version, at)
    if not form.is_valid():
        return _page(request, version, {"form": form}, status=422)
    listing = _listing(version, form, at)
    name = f"backtest-{version.number}-{listing.name}"
    return table(kind, name, listing.file_header, listing.values())


def _other(
    request: PortalRequest, key: str, number: int, name: str, answer: Answer
) -> HttpResponse:
    """A page beside the promises: of the same version and time."""
    at = wallclock.now()
    version, base = both_of(request, key, number, at)
    try:
        form = AskedForm(request.GET.dict(), version.parsed, at)
    except TermsError as error:
        return _page(request, version, {"faults": error.faults[:5], "tab": name})
    if not form.is_valid():
        return _page(request, version, {"form": form, "tab": name}, status=422)
    since, until = form.span
    said = {"form": form, "since": since, "until": until, "tab": name}
    return _page(request, version, said | answer(version, base, form, at), name=name)


def _leads(
    version: Version, base: Version | None, form: AskedForm, at: datetime
) -> dict[str, Any]:
    found = qualifying(version, base, *form.span)
    shown = Shown(version, form)
    chosen = form.cleaned_data["stage"]
    one = found.of(chosen) if chosen else next(iter(found.stages), None)
    broken = qualified.broken_down(one, shown) if found.read else None
    stages = qualified.stages(found, shown, base)
    return {"base": base, "found": found, "stages": stages, "broken": broken}


def _clauses(
    version: Version, base: Version | None, form: AskedForm, at: datetime
) -> dict[str, Any]:
    found = trial(version, *form.span, at)
    if base is None or not found.handoffs:
        return {"base": base, "trial": found}
    costs = found.costs(base.parsed)
    told = costed.drawn(costs, Shown(version, form), base.parsed, found.terms)
    return {"base": base, "trial": found} | told


def _volumes(
    version: Version, base: Version | None, form: AskedForm, at: datetime
) -> dict[str, Any]:
    found, owed = _owing(version, base, form, at)
    old = base.parsed if base else None
    return {
        "base": base,
        "trial": found,
        "volumes": volume.drawn(owed, Shown(version, form), old),
    }


def _owing(
    version: Version, base: Version | None, form: AskedForm, at: datetime
) -> tuple[Trial, list[Owed]]:
    since, until = form.span
    old = base.parsed if base else None
    asks = asks_who_qualifies(version.parsed, old)
    audience = qualifying(version, base, since, until) if asks else None
    found = trial(version, since, until, at)
    return found, owing(found, version.agreement_id, audience, old, since, until)


def _listing(version: Version, form: AskedForm, at: datetime) -> Listing:
    """The rows that an address names; 404 for what the text does not have."""
    asked = form.cleaned_data
    if asked["part"] == "promises":
        return listed.listing(_outcome(version, form, at), form)
    base = base_of(version, at)
    if asked["part"] == "leads":
        one = qualifying(version, base, *form.span).of(asked["stage"])
        if one is None:
            raise Http404
        return qualified.listing(one, form, base)
    if asked["part"] == "volumes":
        return _volume(version, base, form, at)
    if asked["part"] == "whole":
        return _of_all(version, base, form)
    found = trial(version, *form.span, at)
    cost = clause(found.costs(base.parsed), asked["clause"]) if base else None
    if base is None or cost is None:
        raise Http404
    about = costed.said(asked["clause"], base.parsed, found.terms)
    return costed.listing(cost, asked["which"], found, base.parsed, base.number, about)


def _of_all(version: Version, base: Version | None, form: AskedForm) -> Listing:
    """The rows of a figure that a job counted."""
    job = newest(version, base)
    if job is None or form.owed is None:
        raise Http404
    return opened.listing(Opened(version, base, job, form.owed, form.cleaned_data["which"]))


def _volume(version: Version, base: Version | None, form: AskedForm, at: datetime) -> Listing:
    asked = form.cleaned_data
    for owed in _owing(version, base, form, at)[1]:
        if (owed.commitment.key, owed.period.first) == (asked["commitment"], asked["first"]):
            return volume.listing(owed, asked["which"], at)
    raise Http404


def _asked(request: PortalRequest, version: Version, at: datetime) -> AskedForm:
    try:
        return AskedForm(request.GET.dict(), version.parsed, at)
    except TermsError:
        raise Http404 from None


def _outcome(version: Version, form: AskedForm, at: datetime) -> Outcome:
    if form.owed is None:
        raise Http404
    return trial(version, *form.span, at).of(form.owed, form.tried)


def _answered(version: Version, form: AskedForm, at: datetime, every: bool) -> dict[str, Any]:
    """What the past says. While a target moves, its promise alone, not `every`."""
    since, until = form.span
    found, shown = trial(version, since, until, at), Shown(version, form)
    owed = form.owed
    looked_at = one(found.of(owed, form.tried), shown) if owed and found.handoffs else None
    return {
        "since": since,
        "until": until,
        "trial": found,
        "promises": promises(found, shown) if found.handoffs and every else [],
        "one": looked_at,
        "whole": _whole(version, shown, at) if found.cut and every else None,
    }


def _whole(version: Version, shown: Shown, at: datetime) -> dict[str, Any] | None:
    """What a job found on every handoff of a time, if one did."""
    job = newest(version, base_of(version, at))
    return opened.answer(job, shown) if job else None


def _page(
    request: PortalRequest,
    version: Version,
    context: dict[str, Any],
    status: int = 200,
    name: str = "page",
) -> HttpResponse:
    around: dict[str, Any] = {"version": version, "agreement": version.agreement}
    form, tab = context.get("form"), context.get("tab", "promises")
    query = form.query() if form is not None and form.is_valid() else ""
    around["tabs"] = _tabs(version, query, tab)
    return render(
        request, f"leads/reports/backtest/{name}.html", around | context, status=status
    )


def _tabs(version: Version, query: str, tab: str) -> list[Link]:
    names = [version.agreement.key, version.number]
    pages = (
        ("promises", "leads:backtest", _("Promises")),
        ("leads", "leads:backtest-leads", _("Who qualifies")),
        ("volumes", "leads:backtest-volumes", _("Volumes owed")),
        ("clauses", "leads:backtest-clauses", _("Clause by clause")),
    )
    return [
        Link(words, f"{reverse(name, args=names)}?{query}", here=key == tab)
        for key, name, words in pages
    ]
