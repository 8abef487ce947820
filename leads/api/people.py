"""Who can be named in a call: people and teams, by their numbers."""

from collections.abc import Sequence

from ninja import Router, Schema

from leads.api.ground import READING, After, Limit, Words, reads
from portal.accounts.api import TokenRequest
from portal.accounts.models import Team, User
from portal.rest import page

router = Router(tags=["people"])


class PersonOut(Schema):
    """Somebody of the company. `team` is a key; empty without one."""

    id: int
    name: str
    department: str | None
    team: str | None

    @classmethod
    def of(cls, user: User | None) -> "PersonOut | None":
        if user is None:
            return None
        team = user.team.key if user.team is not None else None
        return cls(id=user.pk, name=user.name, department=user.department_id, team=team)


class PersonPage(Schema):
    items: Sequence[PersonOut]
    next: str | None


class TeamOut(Schema):
    key: str
    name: str
    department: str
    manager: PersonOut | None
    steward: PersonOut | None


class TeamList(Schema):
    items: Sequence[TeamOut]


@router.get("/people", auth=reads, response={200: PersonPage, **READING})
def people(
    request: TokenRequest, team: Words = "", after: After = None, limit: Limit = 50
) -> PersonPage:
    """Active people of both departments, those of one `team` if its key is given."""
    found = User.objects.active().exclude(department=None).select_related("team")
    if team:
        found = found.filter(team__key=team)
    rows, following = page(request, found, by="pk", after=after, limit=limit)
    shown = [one for row in rows if (one := PersonOut.of(row)) is not None]
    return PersonPage(items=shown, next=following)


@router.get("/teams", auth=reads, response={200: TeamList, **READING})
def teams(request: TokenRequest) -> TeamList:
    """The teams of both departments, with who answers for each."""
    found = Team.objects.filter(archived_at=None).select_related(
        "manager__team", "steward__team"
    )
    return TeamList(items=[_team(team) for team in found])


def _team(team: Team) -> TeamOut:
    return TeamOut(
        key=team.key,
        name=team.name,
        department=team.department_id,
        manager=PersonOut.of(team.manager),
        steward=PersonOut.of(team.steward),
    )
