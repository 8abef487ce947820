"""My desk: what do I do now? Grouped by how late it is, one primary button a row."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from leads.actions import clocks
from leads.actions.handing import handoffs
from leads.actions.journeys import touches
from leads.actions.sweeping.once_more import once_more
from leads.core.handoff import UNDO_WITHIN
from leads.desk import day as days
from leads.desk import managed, rows
from leads.desk.owed import Owed, numbers, owed, owed_by_the_other_side, time_left
from leads.models import Clock, HandoffMove
from portal import wallclock
from portal.accounts.models import Role, User
from portal.errors import DomainError
from portal.http import PortalRequest
from portal.look.charts.day import Due, day_strip
from portal.look.parts import Band, Link, Undo
from sla.models import Agreement, Version

GROUP_NAMES = {
    "": _("All"),
    "accept": _("Accept"),
    "attempts": _("Attempts"),
    "outcome": _("Outcome"),
    "answers": _("Answers and material"),
}
TOUCHES = ("call", "voicemail", "meeting", "personal_mail")


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    if not request.user.reads_leads:
        raise Http404
    return _render(request, wallclock.now())


@require_POST
def act(request: PortalRequest, clock_id: int) -> HttpResponse:
    """Do what the button of a row says; answer with the desk as it then stands."""
    clock = get_object_or_404(Clock.objects.visible_to(request.user), pk=clock_id)
    what, status, refusal = request.POST.get("do", ""), 200, ""
    try:
        once_more(lambda at: _do(what, clock, request.user, at), now=wallclock.now)
    except DomainError as error:
        status, refusal = 409, str(error)
    if request.htmx:
        return _render(request, wallclock.now(), refusal, status)
    if refusal:
        messages.error(request, refusal)
    return redirect("leads:desk")


def _do(what: str, clock: Clock, by: User, at: datetime) -> None:
    if what in TOUCHES:
        touches.log(lead_id=clock.lead_id, kind=what, by=by, at=at)
    elif what == "accept" and clock.handoff_id:
        handoffs.accept(handoff_id=clock.handoff_id, by=by, at=at)
    elif what == "resume":
        clocks.resume(clock_id=clock.pk, by=by, at=at)
    else:
        raise Http404


def _render(
    request: PortalRequest, at: datetime, refusal: str = "", status: int = 200
) -> HttpResponse:
    user, group = request.user, request.GET.get("show", "")
    zone = ZoneInfo(user.zone)
    version = _version(at)
    calendar = days.calendar_of(user, version)
    hours = days.today(calendar, zone, at) if calendar else []
    due = owed(user, at, group)
    team = managed.trouble(user, at) if not group and user.role == Role.MANAGER else []
    context = {
        "bands": _bands(due, user, hours, at) + _team_band(team, user),
        "to_sign": managed.to_sign(user),
        "due": due,
        "sentence": _sentence(due, hours, user, at),
        "day": _strip(due, hours, at.astimezone(zone)),
        "now": at.astimezone(zone),
        "chips": _chips(user, at, group),
        "undo": _undo(user, at),
        "others": [
            (clock, rows.promise(clock), time_left(clock, at))
            for clock in owed_by_the_other_side(user, at).select_related("version")[:6]
        ]
        if user.department_id
        else [],
        "other_party": user.department.other if user.department else "",
        "refusal": refusal,
    }
    template = "leads/_desk.html" if request.htmx else "leads/desk.html"
    return render(request, template, context, status=status)


def _version(at: datetime) -> Version | None:
    agreement = Agreement.objects.in_order().last()
    return Version.objects.in_force(agreement.pk, at) if agreement else None


def _bands(
    due: Sequence[Owed], user: User, hours: Sequence[days.Span], at: datetime
) -> list[Band]:
    ends = hours[-1][1] if hours else at
    groups: dict[str, list[Owed]] = {"late": [], "risk": [], "today": [], "later": []}
    for one in due:
        today = one.first.due_at <= ends
        quiet = "today" if today else "later"
        groups[one.state if one.state in {"late", "risk"} else quiet].append(one)
    titles = {
        "late": (
            "late",
            _("Late"),
            _("The time ran out. You and those the agreement names know."),
        ),
        "risk": ("risk", _("At risk"), _("Most of the time is used.")),
        "today": ("ok", _("Today"), _("Due before your day ends.")),
        "later": ("ok", _("Later"), _("Tomorrow and after.")),
    }
    return [
        Band(
            key,
            titles[key][0],
            titles[key][1],
            [rows.row(o, user) for o in members],
            titles[key][2],
        )
        for key, members in groups.items()
        if members
    ]


def _team_band(team: Sequence[Owed], user: User) -> list[Band]:
    """What is late or at risk with the manager's people; they act, the manager helps."""
    if not team:
        return []
    note = _("Late or at risk with your people. They act; you can help or give it to another.")
    members = [rows.managed(one, user) for one in team]
    return [Band("team", "ok", _("Your team"), members, note)]


def _sentence(due: Sequence[Owed], hours: Sequence[days.Span], user: User, at: datetime) -> str:
    late = sum(one.state == "late" for one in due)
    risk = sum(one.state == "risk" for one in due)
    parts = []
    if late:
        parts.append(ngettext("%(n)s late", "%(n)s late", late) % {"n": late})
    if risk:
        parts.append(ngettext("%(n)s at risk", "%(n)s at risk", risk) % {"n": risk})
    rest = len(due) - late - risk
    if rest:
        parts.append(_("%(n)s on time") % {"n": rest})
    said = ", ".join(parts) + "." if parts else _("Nothing is owed by you now.")
    if not hours:
        return said
    city = user.zone.rsplit("/", 1)[-1].replace("_", " ")
    ends = _("Your day ends %(time)s, %(city)s.") % {
        "time": f"{hours[-1][1]:%H:%M}",
        "city": city,
    }
    return f"{said} {ends}"


def _strip(due: Sequence[Owed], hours: Sequence[days.Span], now: datetime) -> object:
    marks = [
        Due(
            one.first.due_at.astimezone(now.tzinfo), one.state if one.state != "pause" else "ok"
        )
        for one in due
    ]
    return day_strip(hours, now, marks)


def _chips(user: User, at: datetime, group: str) -> list[Link]:
    found = numbers(user, at)
    return [
        Link(
            str(name),
            f"?show={key}" if key else "?",
            here=key == group,
            count=found[key or "all"],
        )
        for key, name in GROUP_NAMES.items()
        if key == group or not key or found[key]
    ]


def _undo(user: User, at: datetime) -> Undo | None:
    """The person's own last move while it can still be taken back."""
    move = (
        HandoffMove.objects.filter(by=user, undone_at=None, at__gt=at - UNDO_WITHIN, at__lte=at)
        .select_related("handoff__lead")
        .order_by("-at", "-pk")
        .first()
    )
    if move is None or not move.undo:
        return None
    return Undo(
        did=_("%(name)s: %(state)s") % {"name": move.handoff.lead.name, "state": move.to_state},
        went=_("at %(time)s.") % {"time": f"{move.at.astimezone(ZoneInfo(user.zone)):%H:%M}"},
        url=reverse("leads:handoff-undo", args=[move.handoff_id]),
        left=UNDO_WITHIN - (at - move.at),
    )
