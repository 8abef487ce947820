"""Somebody changes teams: their open work goes along, or on in the team they leave."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from leads.actions.moving.passing import Work, pass_on
from leads.actions.owning import leaving
from leads.actions.rehearsal import rehearse
from leads.actions.setup.who import configures
from leads.errors import CannotMove
from portal import ledger
from portal.accounts.models import Department, Role, Team, User


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody goes to the team `to`; `takes`: their open work goes with them."""

    user_id: int
    to: str
    takes: bool


@ledger.recorded
def move(*, change: Change, by: User, at: datetime) -> int:
    """Let somebody be in another team from `at` on; return how many leads that concerns.

    Past figures stay with the team that it was. Within the department open work may go along;
    into the other one it never does. Who changes sides may not sign any more. Raises
    CannotMove for who may not do it, for the same team, and while somebody answers for the
    team that they leave.
    """
    return _move(change, by=by, at=at)


def preview(*, change: Change, by: User, at: datetime) -> int:
    """What `move` would do, by doing it and taking it back. Raises what it raises."""
    return rehearse(lambda: _move(change, by=by, at=at), at=at)


def may_move(by: User, who: User) -> bool:
    """Administrators and operations; of a signatory administrators alone, as the right to
    sign may end with it. Nobody moves themselves."""
    if by.pk == who.pk or not by.is_active or not who.is_active or who.team is None:
        return False
    return configures(by) or (by.role == Role.OPERATIONS and not who.is_signatory)


def answers_for(who: User, team: Team, *, leaves_department: bool) -> list[str]:
    """What somebody else must take over before `who` leaves `team`, in words."""
    departments = Department.objects.filter(head=who) if leaves_department else ()
    found = [_("heads %(department)s") % {"department": one} for one in departments]
    teams = Team.objects.filter(archived_at=None)
    teams = teams.filter(department=team.department_id) if leaves_department else teams.filter(
        pk=team.pk
    )  # fmt: skip
    found += [_("manages %(team)s") % {"team": one} for one in teams.filter(manager=who)]
    return found + [
        _("is steward of %(team)s") % {"team": one} for one in teams.filter(steward=who)
    ]


def place(who: User, team: Team, *, by: User, at: datetime) -> None:
    """Write down where somebody, whose row is locked, belongs from now on: an inner step."""
    changed: dict[str, Any] = {"team_id": team.pk}
    if who.department_id != team.department_id:
        changed |= {"department_id": team.department_id, "is_signatory": False}
    fields = [name for name, said in changed.items() if getattr(who, name) != said]
    for name in fields:
        setattr(who, name, changed[name])
    who.save(update_fields=[name.removesuffix("_id") for name in fields])
    ledger.append(
        "account_changed", at=at, by=by, subject=("user", who.pk), team=team.key,
        department=team.department_id,
        clear={"fields": sorted(name.removesuffix("_id") for name in fields)},
    )  # fmt: skip


def moved(*, who: User, before: Team, by: User | None, at: datetime) -> int:
    """Their open work follows who is in another team than `before` already: along within the
    department, else to others of the old team. An inner step, for the admin and directories.
    """
    now = who.team
    if now is not None and now.department_id == before.department_id:
        return pass_on(Work(old=before, new=now, whose=who, stays=True, by=by, at=at))
    return leaving.hand_on(leaving.Left(who, before, by, at, moved=True))


def _move(change: Change, *, by: User, at: datetime) -> int:
    rows = User.objects.select_for_update(no_key=True, of=("self",))
    who = rows.select_related("team__department").get(pk=change.user_id)
    to = Team.objects.select_related("department").filter(key=change.to).first()
    old = who.team
    if old is None or not may_move(by, who):
        raise CannotMove(_("An administrator does this, or operations."))
    if to is None or to.archived_at is not None or to.pk == old.pk:
        raise CannotMove(_("Choose another team."))
    _require_free(who, old, over=to.department_id != old.department_id)
    place(who, to, by=by, at=at)
    who.team = to
    if change.takes and to.department_id == old.department_id:
        return pass_on(Work(old=old, new=to, whose=who, stays=True, by=by, at=at))
    return leaving.hand_on(leaving.Left(who, old, by, at, moved=True))


def _require_free(who: User, old: Team, *, over: bool) -> None:
    if held := answers_for(who, old, leaves_department=over):
        raise CannotMove(
            _("%(who)s %(what)s: name another first.") % {"who": who, "what": ", ".join(held)}
        )
