"""Teams as a company begins with: named before, renamed at will, removed while empty."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.actions.saving import save
from leads.actions.setup.who import require_administrator
from leads.errors import SetupRefused
from leads.models import Assignment, Handoff
from portal import ledger
from portal.accounts.models import Team, User
from sla.models import Office
from sla.models.office import KEY

NAMED = (
    ("demand-generation", gettext_lazy("Demand generation"), "marketing"),
    ("content", gettext_lazy("Content"), "marketing"),
    ("field", gettext_lazy("Field marketing"), "marketing"),
    ("inside-sales", gettext_lazy("Inside sales"), "sales"),
    ("outside-sales", gettext_lazy("Outside sales"), "sales"),
)
"""The teams that the agreement's template knows, by key; what they are called is yours."""


@dataclass(frozen=True)
class Wanted:
    """A team as it should be. `key` of "" is a new one; `gone` takes an empty one away."""

    key: str
    name: str
    department: str
    gone: bool = False


def proposed() -> list[Wanted]:
    """The teams that are there; before there are any, those that most companies have."""
    there = Team.objects.filter(archived_at=None).order_by("department", "name")
    found = [Wanted(team.key, team.name, team.department_id) for team in there]
    return found or [Wanted(key, str(name), side) for key, name, side in NAMED]


@ledger.recorded
def keep(*, wanted: Sequence[Wanted], by: User, at: datetime) -> None:
    """Make, rename and remove teams, all of it or nothing.

    A key never changes: the agreement names it. Raises NotYours; SetupRefused for a name
    that is there twice, a team that is not empty, and where a department is left without.
    """
    require_administrator(by)
    stays = [one for one in wanted if not one.gone]
    _require_names(stays)
    there = {team.key: team for team in Team.objects.select_for_update(no_key=True)}
    for one in wanted:
        team = there.get(one.key)
        if one.gone:
            if team is not None and team.archived_at is None:
                _remove(team, by=by, at=at)
        elif team is None or team.archived_at is not None:
            _add(one, team, there, by=by, at=at)
        else:
            _change(team, one, by=by, at=at)


def _change(team: Team, one: Wanted, *, by: User, at: datetime) -> None:
    """Rename a team; one to which nothing ever happened may be of the other department."""
    fields = []
    if team.department_id != one.department:
        if not is_empty(team):
            raise SetupRefused(
                _("%(team)s is not empty: “Joins another team, or goes over” moves it.")
                % {"team": team}
            )
        team.department_id = one.department
        fields.append("department")
    if team.name != one.name:
        team.name = one.name
        fields.append("name")
    if fields:
        _saved(team, *fields, by=by, at=at)


def is_empty(team: Team) -> bool:
    """Whether nobody is in it and nothing was ever given to it."""
    used = Assignment.objects.filter(team=team).exists() or Handoff.objects.filter(
        Q(giver_team=team) | Q(receiver_team=team)
    )
    return not team.members.exists() and not (used if isinstance(used, bool) else used.exists())


def _require_names(stays: Sequence[Wanted]) -> None:
    names = [one.name.casefold() for one in stays]
    twice = next((one.name for one in stays if names.count(one.name.casefold()) > 1), None)
    if twice:
        raise SetupRefused(_("Two teams are called %(name)s.") % {"name": twice})
    if {one.department for one in stays} != {"marketing", "sales"}:
        raise SetupRefused(_("Each department needs a team."))


def _add(
    one: Wanted, before: Team | None, there: dict[str, Team], *, by: User, at: datetime
) -> None:
    if before is not None:
        before.archived_at, before.name = None, one.name
        _saved(before, "archived_at", "name", by=by, at=at)
        return
    key = one.key or key_of(one.name, there)
    team = Team(
        key=key, name=one.name, department_id=one.department,
        calendar=KEY if Office.objects.exists() else "",
    )  # fmt: skip
    there[key] = team
    _saved(team, by=by, at=at)


def key_of(name: str, there: Collection[str]) -> str:
    """A key for a team called `name` that none of those `there` has."""
    base = slugify(name)[:40] or "team"
    return next(
        key for n in range(1, 1000) if (key := base if n == 1 else f"{base}-{n}") not in there
    )


def _remove(team: Team, *, by: User, at: datetime) -> None:
    if not is_empty(team):
        raise SetupRefused(
            _("%(team)s is not empty. Give its people and leads to another team first.")
            % {"team": team}
        )
    team.archived_at = at
    _saved(team, "archived_at", by=by, at=at)


def _saved(team: Team, *fields: str, by: User, at: datetime) -> None:
    save(team, *fields, at=at, by=by)
    ledger.append(
        "configured", at=at, by=by, subject=("team", team.pk), team=team.key,
        department=team.department_id,
        clear={"added": not fields, "fields": sorted(fields), "key": team.key},
    )  # fmt: skip
