"""My desk: what do I do now? Grouped by how late it is, one primary button a row."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leads.actions import clocks, contributions
from leads.actions.handing import handoffs
from leads.actions.handing import undo as undoing
from leads.actions.journeys import taking_back, touches
from leads.actions.sweeping.once_more import once_more
from leads.core.words.stages import StageWords
from leads.demo.trying import tries
from leads.desk import day as days
from leads.desk import rows
from leads.desk.mine import bands, filters
from leads.desk.mine.asked import Asked
from leads.desk.mine.asked import asked as asked_of
from leads.desk.mine.filters import Filter
from leads.desk.mine.hints import Hints, hints
from leads.desk.mine.undoable import undoable
from leads.desk.owed import (
    Numbers,
    Owed,
    mine,
    numbers,
    owed,
    owed_by_the_other_side,
    time_left,
)
from leads.desk.team.trouble import trouble
from leads.desk.words import ruling
from leads.models import Clock, Contribution, Handoff, Lead, Touch
from portal import wallclock
from portal.accounts.models import Role, User
from portal.errors import DomainError
from portal.http import PortalRequest
from portal.look.charts.day import Due, day_strip
from portal.look.models import SavedView
from portal.look.parts import Link

PAGE = "desk"
TOUCHES = ("call", "voicemail", "meeting", "personal_mail")
DENSE, MANY = 12, 40
"""Rows from which the choice of a compact desk is offered, and from which it is made."""


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """The desk as the address asks for it; as the reader's own view, if it asks nothing."""
    if not request.user.reads_leads:
        raise Http404
    return desk(request, wallclock.now())


@require_POST
def act(request: PortalRequest, clock_id: int) -> HttpResponse:
    """Do what the button of a row says; answer with the desk as it then stands."""
    clock = get_object_or_404(Clock.objects.visible_to(request.user), pk=clock_id)
    what = request.POST.get("do", "")
    return answer(request, lambda at: _do(what, clock, request.user, at))


@require_POST
def take_back(request: PortalRequest, handoff_id: int) -> HttpResponse:
    """Take back one's own last move, within 30 s, without leaving the desk."""
    handoff = get_object_or_404(Handoff.objects.visible_to(request.user), pk=handoff_id)
    return answer(
        request, lambda at: undoing.undo(handoff_id=handoff.pk, by=request.user, at=at)
    )


@require_POST
def take_touch_back(request: PortalRequest, touch_id: int) -> HttpResponse:
    """Take back a touch that one has just logged, within 30 s."""
    visible = Lead.objects.visible_to(request.user)
    touch = get_object_or_404(Touch.objects.filter(lead__in=visible), pk=touch_id)
    return answer(
        request,
        lambda at: taking_back.take_back(touch_id=touch.pk, by=request.user, at=at),
    )


@require_POST
def used(request: PortalRequest, contribution_id: int) -> HttpResponse:
    """Say of delivered material whether it was used, without leaving the desk."""
    visible = Lead.objects.visible_to(request.user)
    one = get_object_or_404(Contribution.objects.filter(lead__in=visible), pk=contribution_id)
    yes = request.POST.get("used") == "yes"
    return answer(
        request,
        lambda at: contributions.mark_used(
            contribution_id=one.pk, by=request.user, at=at, used=yes
        ),
    )


def answer(request: PortalRequest, action: Callable[[datetime], Any]) -> HttpResponse:
    """Do it, and show the desk with the filters it was done on; a refusal is 409 in place."""
    status, refusal = 200, ""
    try:
        once_more(action, now=wallclock.now)
    except DomainError as error:
        status, refusal = 409, str(error)
    if request.htmx:
        return desk(request, wallclock.now(), refusal, status)
    if refusal:
        messages.error(request, refusal)
    return redirect(reverse("leads:desk") + filters.read(request.GET).query())


def _do(what: str, clock: Clock, by: User, at: datetime) -> None:
    if what in TOUCHES:
        touches.log(lead_id=clock.lead_id, kind=what, by=by, at=at)
    elif what == "accept" and clock.handoff_id:
        handoffs.accept(handoff_id=clock.handoff_id, by=by, at=at)
    elif what == "resume":
        clocks.resume(clock_id=clock.pk, by=by, at=at)
    else:
        raise Http404


def desk(
    request: PortalRequest, at: datetime, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The whole page, or for htmx the desk in it."""
    user = request.user
    views = list(SavedView.objects.for_reader(user, PAGE))
    asked = asked_for(request, views)
    query, rules = asked.query(), ruling(at)
    spoken = rules.words
    found = numbers(filters.read({"q": asked.q}).narrow(mine(user, at), spoken), at)
    due, after = owed(user, at, asked, spoken, request.GET.get("after", ""))
    hours = _hours(user, rules.default, at)
    compact = _is_compact(asked, len(due))
    rare = hints(user, at)
    more = _more(user, rare, at) if not asked.narrows else []
    now = at.astimezone(ZoneInfo(user.zone))
    context = {
        "asked": asked,
        "query": query,
        "bands": bands.bands(due, hours, at, query) + _team(user, asked, at),
        "more_asked": more,
        "sentence": _sentence(user, found, asked, spoken, hours, len(more)),
        "day": day_strip(hours, now, [_mark(one, now) for one in due]),
        "now": now,
        "chips": _chips(found, asked, spoken),
        "views": _views(views, asked, user),
        "choices": _choices(found, spoken, user),
        "rows": len(due),
        "compact": compact,
        "density_url": asked.query(density=filters.ROOMY if compact else filters.COMPACT),
        "dense": len(due) >= DENSE or asked.density,
        "older": f"{query}&after={after}" if after else "",
        "shown": ",".join(str(one.first.pk) for one in due),
        "undo": undoable(rare, at, query),
        "others": _others(user, at),
        "other_party": _other(user),
        "tries": tries.of(request, at),
        "refusal": refusal,
    }
    template = "leads/desk/_desk.html" if request.htmx else "leads/desk/desk.html"
    return render(request, template, context, status=status)


def _is_compact(asked: Filter, rows: int) -> bool:
    """One line a row: where it was asked for, and where so many rows stand otherwise."""
    return asked.density == filters.COMPACT or (not asked.density and rows >= MANY)


def _more(user: User, rare: Hints, at: datetime) -> list[Asked]:
    return asked_of(user, texts=rare.texts, waivers=rare.waivers, material=rare.material, at=at)


def asked_for(request: PortalRequest, views: Sequence[SavedView]) -> Filter:
    """What the address asks for; where it says nothing, the view that opens first."""
    if request.GET:
        return filters.read(request.GET)
    first = next((v for v in views if v.is_default and v.owner_id == request.user.pk), None)
    return filters.read(filters.parsed(first.query) if first else {})


def _hours(user: User, terms: Any, at: datetime) -> list[days.Span]:
    calendar = days.calendar_of(user, terms)
    return days.today(calendar, ZoneInfo(user.zone), at) if calendar else []


def _team(user: User, asked: Filter, at: datetime) -> list[Any]:
    manages = user.role == Role.MANAGER and not asked.narrows
    return bands.team_band(trouble(user, at)) if manages else []


def _sentence(
    user: User, found: Numbers, asked: Filter, spoken: StageWords,
    hours: Sequence[days.Span], more: int,
) -> str:  # fmt: skip
    late, risk = (found.of(asked, spoken, state=state) for state in ("late", "risk"))
    rest = sum(found.of(asked, spoken, state=state) for state in ("ok", "pause"))
    said = bands.counted(late, risk, rest, more)
    return f"{said} {bands.day_ends(user, hours)}".strip()


def _mark(one: Owed, now: datetime) -> Due:
    state = one.state if one.state != "pause" else "ok"
    return Due(one.first.due_at.astimezone(now.tzinfo), state)


def _chips(found: Numbers, asked: Filter, spoken: StageWords) -> list[Link]:
    """One for each kind that there is, with its number under the other filters."""
    names = {
        "": _("All"),
        "accept": _("Accept"),
        "attempts": _("Attempts"),
        "outcome": _("Outcome"),
        "answers": _("Answers"),
        "packages": _("Packages"),
        "disputes": _("Disputes"),
        "material": _("Material"),
    }
    return [
        Link(name, asked.query(kind=kind), here=kind == asked.kind, count=number)
        for kind, name in names.items()
        if (number := found.of(asked, spoken, kind=kind)) or kind in ("", asked.kind)
    ]


def _views(views: Sequence[SavedView], asked: Filter, user: User) -> list[Link]:
    """The saved views as links; a shared one says whose it is."""
    now = asked.query()
    return [
        Link(
            view.name if view.owner_id == user.pk else f"{view.name} ({view.owner})",
            f"?{view.query}",
            here=f"?{view.query}" == now,
            icon="users" if view.team_id else "",
        )
        for view in views
    ]


def _choices(found: Numbers, spoken: StageWords, user: User) -> dict[str, dict[str, str]]:
    """What the finer filters offer: values and their words."""
    legacy = user.prefers_legacy
    return {
        "stage": {key: spoken.spoken(key, legacy) for key in found.known("stage")},
        "team": found.teams if len(found.teams) > 1 else {},
        "source": {key: key.replace("_", " ") for key in found.known("source")},
        "segment": {key: key.replace("_", " ").capitalize() for key in found.known("segment")},
    }


def _others(user: User, at: datetime) -> list[tuple[Clock, str, Any]]:
    """What the other side owes on the reader's leads, the soonest due first."""
    if user.department_id is None:
        return []
    found = owed_by_the_other_side(user, at).select_related("version")[:6]
    return [(clock, rows.promise(clock), time_left(clock, at)) for clock in found]


def _other(user: User) -> str:
    return {"sales": "marketing", "marketing": "sales"}.get(user.department_id or "", "")
