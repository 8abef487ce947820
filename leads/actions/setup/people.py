"""People pasted from a sheet: looked at row by row, then made in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leads.actions.saving import save
from leads.actions.setup.who import require_administrator
from leads.core.setup import sheet
from leads.core.setup.sheet import Row
from portal import ledger
from portal.accounts.models import Role, Team, User
from sla.models import Office

PLACELESS = {Role.OPERATIONS: ("operations", "ops"), Role.AUDITOR: ("auditor", "auditors")}
"""Roles without a team, by what stands in the column of the team."""


@dataclass(frozen=True)
class Preview:
    """What would come of a pasted sheet."""

    new: list[Row]
    there: list[Row]
    wrong: list[Row]

    @property
    def rows(self) -> list[Row]:
        return sorted([*self.new, *self.there, *self.wrong], key=lambda row: row.line)


def places() -> dict[str, str]:
    """What may stand in the column of the team: names and keys, and roles without one."""
    teams = Team.objects.filter(archived_at=None)
    found = {word: role.value for role, words in PLACELESS.items() for word in words}
    found |= {str(role.label).casefold(): role.value for role in PLACELESS}
    for team in teams:
        found |= {team.key: team.key, team.name.casefold(): team.key}
    return found


def preview(text: str) -> Preview:
    """The pasted rows against the people and teams of now; nothing is written."""
    rows = sheet.read(text, places())
    there = {
        email.lower(): active
        for email, active in User.objects.filter(
            email__in=[row.email for row in rows]
        ).values_list("email", "is_active")
    }
    led = set(Team.objects.exclude(manager=None).values_list("key", flat=True))
    checked = [_checked(row, there, led) for row in rows]
    return Preview(
        new=[row for row in checked if not row.faults and row.email not in there],
        there=[row for row in checked if not row.faults and row.email in there],
        wrong=[row for row in checked if row.faults],
    )


def _checked(row: Row, there: dict[str, bool], led: set[str]) -> Row:
    if there.get(row.email) is False:
        return row.wrong("email", "left")
    if row.manager and row.email not in there:
        if row.place in set(PLACELESS):
            return row.wrong("manager", "placeless")
        if row.place in led:
            return row.wrong("manager", "second")
    return row


@ledger.recorded
def hire(*, text: str, by: User, at: datetime) -> Preview:
    """Make an account for each new row; nobody is told, and nobody can sign in yet.

    Rows that are wrong and people who are there already are left as they are; what is
    returned says which. A manager answers for the team and takes no turns. Raises NotYours.
    """
    require_administrator(by)
    seen = preview(text)
    teams = {team.key: team for team in Team.objects.select_for_update(no_key=True)}
    office = Office.objects.first()
    zone = office.zone if office else "UTC"
    made = [(row, _person(row, teams, zone, at)) for row in seen.new]
    for row, person in made:
        if row.manager:
            _let_manage(teams[row.place], person, by=by, at=at)
        _record(person, by=by, at=at)
    return seen


def _person(row: Row, teams: dict[str, Team], zone: str, at: datetime) -> User:
    team = teams.get(row.place)
    role = Role.MANAGER if row.manager else Role.MEMBER
    return User.objects.create_user(
        row.email, None, name=row.name, team=team,
        department_id=team.department_id if team else None,
        role=role if team else row.place, zone=zone, joined_at=at,
        weight=0 if row.manager else 1,
    )  # fmt: skip


def _let_manage(team: Team, person: User, *, by: User, at: datetime) -> None:
    team.manager, team.steward = person, team.steward or person
    save(team, "manager", "steward", at=at, by=by)


def _record(person: User, *, by: User, at: datetime) -> None:
    ledger.append(
        "account_changed", at=at, by=by, subject=("user", person.pk),
        department=person.department_id or "", team=person.team.key if person.team else "",
        clear={"role": person.role, "added": True},
        committed={"name": person.name, "email": person.email},
    )  # fmt: skip


def left_over(rows: Sequence[Row]) -> str:
    """Rows as a text that can be mended and pasted again."""
    return "\n".join("\t".join(row.cells) for row in rows)
