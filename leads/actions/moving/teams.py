"""A team becomes part of another, or goes over to the other department.

The row of the team stays where it was, archived, with all that happened under it: so figures of
the past stay those of their department and team. People go to the other team, or to a new
one of the same name; whoever answers for what the old one left behind is whoever answers for
the team that takes its open work.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.moving import people
from leads.actions.moving.naming import naming
from leads.actions.moving.passing import Work, pass_on
from leads.actions.rehearsal import rehearse
from leads.actions.saving import save
from leads.actions.setup.teams import key_of
from leads.actions.setup.who import require_administrator
from leads.core.sharing import joining
from leads.errors import CannotMove
from portal import ledger
from portal.accounts.models import Department, Team, User


@dataclass(frozen=True, slots=True)
class Joining:
    """The team `team_id` becomes part of the team `work`, of the same department.

    `over`: its people go to the other department instead, as a team of the same name, and
    only what is open goes on in `work`.
    """

    team_id: int
    work: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of it: `people` moved, `leads` with open work, and where the people are."""

    people: int
    leads: int
    team: Team
    pools: tuple[str, ...]


@ledger.recorded
def join(*, wanted: Joining, by: User, at: datetime) -> Joined:
    """Do it, all or nothing. No clock stops or restarts, and no figure of the past changes.

    Where two teams become one, the pools of the joining one, or its rules as a pool, go
    along, so that who had which leads still has them. Raises NotYours; CannotMove while an
    agreement names the team, for the last one of a department, and while somebody who goes
    over answers for another team there.
    """
    return _join(wanted, by=by, at=at)


def preview(*, wanted: Joining, by: User, at: datetime) -> Joined:
    """What `join` would do, by doing it and taking it back. Raises what it raises."""
    return rehearse(lambda: _join(wanted, by=by, at=at), at=at)


def _join(wanted: Joining, *, by: User, at: datetime) -> Joined:
    require_administrator(by)
    rows = Team.objects.select_for_update(no_key=True, of=("self",))
    rows = rows.select_related("department", "manager", "steward").order_by("pk")
    there = {team.pk: team for team in rows.filter(archived_at=None)}
    old = there.get(wanted.team_id)
    work = next((team for team in there.values() if team.key == wanted.work), None)
    if old is None or work is None or work.pk == old.pk:
        raise CannotMove(_("Choose another team."))
    if work.department_id != old.department_id:
        raise CannotMove(_("What is open goes on in a team of the same department."))
    _require_unnamed(old, at)
    members = list(User.objects.select_for_update(no_key=True).filter(team=old).order_by("pk"))
    _require_free(old, members, over=wanted.over)
    to = _over(old, members, by=by, at=at) if wanted.over else work
    pools = () if wanted.over else _share(old, work, by=by, at=at)
    for member in members:
        people.place(member, to, by=by, at=at)
    named = frozenset(one.pk for one in members)
    leads = pass_on(Work(old=old, new=work, stays=not wanted.over, people=named, by=by, at=at))
    _archive(old, work, by=by, at=at)
    return Joined(sum(one.is_active for one in members), leads, to, pools)


def _require_unnamed(old: Team, at: datetime) -> None:
    if versions := naming(old, at):
        raise CannotMove(
            _(
                "%(versions)s names %(team)s. Sign a version that names another team first,"
                " so that nobody’s promise loses its team."
            )
            % {"versions": ", ".join(map(str, versions)), "team": old}
        )


def _require_free(old: Team, members: list[User], *, over: bool) -> None:
    if not over:
        return
    for one in members:
        held = people.answers_for(one, old, leaves_department=True)
        own = {
            _("manages %(team)s") % {"team": old},
            _("is steward of %(team)s") % {"team": old},
        }
        if others := [said for said in held if said not in own]:
            raise CannotMove(
                _("%(who)s %(what)s: name another first.")
                % {"who": one, "what": ", ".join(others)}
            )


def _over(old: Team, members: list[User], *, by: User, at: datetime) -> Team:
    """The team of the same name on the other side, led by who led it if they come along."""
    side = Department.objects.select_related("head").get(pk=old.department.other)
    come = {one.pk for one in members}
    manager = old.manager if old.manager_id in come else side.head
    steward = old.steward if old.steward_id in come else manager
    team = Team(
        key=key_of(f"{old.name} {side.pk}", set(Team.objects.values_list("key", flat=True))),
        name=old.name, department=side, calendar=old.calendar, routing=old.routing,
        manager=manager, steward=steward,
    )  # fmt: skip
    save(team, at=at, by=by)
    _said(team, by=by, at=at, added=True, before=old.key)
    return team


def _share(old: Team, work: Team, *, by: User, at: datetime) -> tuple[str, ...]:
    """Let the rules of both hold in the one that stays; the names of the pools that came."""
    mine = list(
        User.objects.active().filter(team=old).order_by("pk").values_list("pk", flat=True)
    )
    rules, came = joining.joined(work.routing, old.routing, old.name, mine)
    if rules != work.routing:
        before = work.routing
        work.routing = dict(rules)
        save(work, "routing", at=at, by=by)
        ledger.append(
            "routing_changed", at=at, by=by, subject=("team", work.pk), team=work.key,
            department=work.department_id, clear={"joined": old.key, "pools": len(came)},
            committed={"before": before, "after": work.routing},
        )  # fmt: skip
    return came


def _archive(old: Team, work: Team, *, by: User, at: datetime) -> None:
    """What it left behind, late promises above all, is answered for by who takes its work."""
    old.manager, old.steward, old.archived_at = work.manager, work.steward, at
    save(old, "manager", "steward", "archived_at", at=at, by=by)
    _said(old, by=by, at=at, fields=["archived_at", "manager", "steward"], work=work.key)


def _said(team: Team, *, by: User, at: datetime, **clear: object) -> None:
    ledger.append(
        "configured", at=at, by=by, subject=("team", team.pk), team=team.key,
        department=team.department_id, clear={"key": team.key, **clear},
    )  # fmt: skip
