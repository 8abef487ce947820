"""How a team shares out its leads: looked at by who reads leads, changed by who steers it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from leads.actions.owning import pools, rules
from leads.core.sharing.dryrun import Shared, spread
from leads.core.sharing.rules import faults
from leads.forms.rules import RulesForm, pool_forms
from leads.models import Lead
from portal import spreadsheet, wallclock
from portal.accounts import permissions
from portal.accounts.models import Team, User
from portal.errors import DomainError
from portal.http import PortalRequest, posted

TEAMS: list[spreadsheet.Column] = [
    (gettext_lazy("Team"), lambda team: team.name),
    (gettext_lazy("Department"), lambda team: team.department),
    (gettext_lazy("Manager"), lambda team: team.manager),
    (gettext_lazy("Steward"), lambda team: team.steward),
    (gettext_lazy("Key"), lambda team: team.key),
]


@require_safe
def index(request: PortalRequest) -> HttpResponseBase:
    """The teams of both departments, how each shares out, and who may change it."""
    if not request.user.reads_leads:
        raise Http404
    teams = _teams().order_by("department", "pk")
    if kind := spreadsheet.asked(request):
        return spreadsheet.listed(kind, "teams", TEAMS, teams)
    shown = [
        (team, pools.rules_of(team), permissions.may_steer(request.user, team))
        for team in teams
    ]
    return render(request, "leads/owning/teams.html", {"teams": shown})


@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, key: str) -> HttpResponse:
    """The rules of one team: tried on a lead and on last month's, and only then saved."""
    if not request.user.reads_leads:
        raise Http404
    team, at = get_object_or_404(_teams(), key=key), wallclock.now()
    people = list(User.objects.active().filter(team=team).order_by("name"))
    may = permissions.may_steer(request.user, team)
    form, lines = (
        RulesForm(team, people, posted(request)),
        pool_forms(team, people, posted(request)),
    )
    shown: dict[str, Any] = {"seen": rules.digest(team.routing, rules.weights_of(team))}
    status = 200
    if request.method == "POST":
        if not may:
            messages.error(
                request, _("The manager, the steward, the head or operations change it.")
            )
            return redirect("leads:team-rules", key=team.key)
        valid = [form.is_valid(), lines.is_valid()]
        shown["seen"] = request.POST.get("seen", "")
        status, said = _answer(request, team, form, lines, at) if all(valid) else (422, {})
        if status == 302:
            messages.info(request, _("Saved, and in the ledger. They hold from now on."))
            return redirect("leads:team-rules", key=team.key)
        shown |= said
    context = {
        "team": team, "form": form, "lines": lines, "may": may, "load": _load(people, at),
        "may_move": request.user.imports_leads,
        "each": may and team.department.tells_of_each(len(people)), **shown,
    }  # fmt: skip
    return render(request, "leads/owning/rules.html", context, status=status)


def _answer(
    request: PortalRequest, team: Team, form: RulesForm, lines: Any, at: datetime
) -> tuple[int, dict[str, Any]]:
    """Try the rules, or save those that were tried: the status, and what the page shows."""
    kept = [one.written() for one in lines.forms if one.has_changed() or one.initial]
    written = form.written([one for one in kept if one is not None])
    weights = form.weights()
    if wrong := faults(written, [one.pk for one in form.members]):
        return 422, {"refusal": " ".join(wrong)}
    if request.POST.get("do") == "save":
        try:
            rules.save_rules(
                team_id=team.pk, written=written, weights=weights, by=request.user, at=at,
                tried=request.POST.get("tried", ""), seen=request.POST.get("seen", ""),
            )  # fmt: skip
            return 302, {}
        except DomainError as error:
            return 409, {"refusal": str(error)}
    return 200, _tried(request, team, form, written, weights, at)


def _tried(
    request: PortalRequest,
    team: Team,
    form: RulesForm,
    written: Mapping[str, Any],
    weights: Mapping[int, int],
    at: datetime,
) -> dict[str, Any]:
    month = rules.try_on_a_month(team, written, weights, at)
    number = form.cleaned_data["lead"].strip()
    lead = None
    if number.isdecimal():
        visible = Lead.objects.visible_to(request.user).select_related("company", "agreement")
        lead = visible.filter(pk=int(number[:18])).first()
    return {
        "tried": rules.digest(written, weights),
        "month": _month(month, form.members),
        "shared": month,
        # As values: a template that asks a Counter for a name gets the count of that name.
        "pools": list(month.pools.items()),
        "leads": month.would.total(),
        "spread": spread(month.would),
        "before": spread(month.got),
        "lead": lead,
        "lead_unknown": bool(number) and lead is None,
        "choice": rules.try_on_one(team, written, weights, lead, at) if lead else None,
        "choice_now": rules.try_on_one(team, team.routing, rules.weights_of(team), lead, at)
        if lead
        else None,
        "moved": _moved(month, form.members),
    }


def _month(month: Shared, members: Any) -> list[tuple[str, int, int]]:
    """Each member with how many they got and would have got; the steward last."""
    names = {one.pk: str(one) for one in members}
    others = sorted({*month.got, *month.would} - set(names) - {None}, key=str)
    rows = [(name, month.got[pk], month.would[pk]) for pk, name in names.items()]
    gone = sum(month.got[pk] for pk in others)
    rows += [(_("Who is not in the team any more"), gone, 0)] if gone else []
    if month.got[None] or month.would[None]:
        rows.append((_("The steward, as nobody could"), month.got[None], month.would[None]))
    return rows


def _moved(month: Shared, members: Any) -> list[tuple[Lead, str, str]]:
    """The first leads that somebody else would have got."""
    names = {one.pk: str(one) for one in members}
    first = month.moved[:8]
    leads = Lead.objects.in_bulk([pk for pk, _got, _would in first])
    steward = _("the steward")
    return [
        (leads[pk], names.get(got or 0, steward if got is None else _("somebody else")),
         names.get(would or 0, steward))
        for pk, got, would in first
    ]  # fmt: skip


def _load(people: list[User], at: datetime) -> dict[int, dict[str, Any]]:
    """How each member stands now: open handoffs, and until when they are away."""
    if not people or people[0].team is None:
        return {}
    now = {one.member_id: one for one in pools.candidates(people[0].team, None, at)}
    return {
        one.pk: {"open": now[one.pk].open, "away": now[one.pk].away_until} for one in people
        if one.pk in now
    }  # fmt: skip


def _teams() -> Any:
    return Team.objects.filter(archived_at=None).select_related(
        "department", "manager", "steward", "department__head"
    )
