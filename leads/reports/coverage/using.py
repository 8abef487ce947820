"""Who does not use the portal, team by team; names only for who answers for the team."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from leads.models import Touch
from leads.reports.coverage.counting import PORTAL, Known, Part, teams
from leads.reports.people.choices import there_since
from leads.reports.period import Filters
from portal.accounts.models import Team, User


@dataclass
class Using:
    """One team: its leads, and how its people take part.

    `never` never signed in; `elsewhere` are those whose touches of the period all came from
    another system. `is_small`: of a group of this size nothing is told of people; `named`:
    whether this reader may see who they are.
    """

    team: Team
    part: Part
    people: int
    never: list[User] = field(default_factory=list)
    elsewhere: list[User] = field(default_factory=list)
    is_small: bool = False
    named: bool = False


def using(filters: Filters, reader: User, sums: Known | None = None) -> Sequence[Using]:
    """Every team that was there, in the order of its name. Three queries, or two with
    `sums`."""
    parts = {one.key: one for one in teams(filters, sums)}
    since = filters.period.of("month").start
    found = there_since(since).select_related("department")
    if filters.team:
        found = found.filter(key=filters.team)
    people = _people(filters)
    return [_of(team, parts, people, reader) for team in found.order_by("name")]


def _people(filters: Filters) -> list[User]:
    """Active members, each with whether they did anything here, and anything elsewhere."""
    period = filters.period
    did = Touch.objects.filter(
        by=OuterRef("pk"), imported=False, undone_at=None,
        recorded_at__gte=period.start, recorded_at__lt=period.end,
    )  # fmt: skip
    active = User.objects.active().exclude(team=None).order_by("name")
    return list(
        active.annotate(
            here=Exists(did.filter(source=PORTAL)),
            away=Exists(did.filter(~Q(source=PORTAL))),
        )
    )


def _of(team: Team, parts: dict[str, Part], people: Sequence[User], reader: User) -> Using:
    mine = [one for one in people if one.team_id == team.pk]
    home = team.department
    told = home.tells_of_each(len(mine))
    return Using(
        team=team,
        part=parts.get(team.key, Part(team.key, 0, 0, 0)),
        people=len(mine),
        never=[one for one in mine if one.last_login is None],
        elsewhere=[one for one in mine if _only_elsewhere(one)],
        is_small=not told,
        named=told and reader.pk in {team.manager_id, home.head_id},
    )


def _only_elsewhere(one: User) -> bool:
    return bool(getattr(one, "away", False) and not getattr(one, "here", False))
