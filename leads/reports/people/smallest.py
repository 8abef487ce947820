"""No figures of a group so small that they speak of single people."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from leads.errors import GroupTooSmall
from leads.models import Clock
from portal.accounts.models import Team

_PEOPLE = Count("members", filter=Q(members__is_active=True))


def counted(teams: Iterable[int]) -> "QuerySet[Team]":
    """Teams with their department, and how many `people` are active in each."""
    rows = Team.objects.select_related("department").filter(pk__in=list(teams))
    return rows.annotate(people=_PEOPLE)


APART = "\x00apart"
"""The group of every team that is too small to be shown apart; no form takes it for a name."""


def named(teams: Iterable[int]) -> dict[int, str]:
    """Under which name each team is told apart; APART of one that is too small for it."""
    found = counted(teams)
    return {team.pk: APART if is_small(team) else team.name for team in found}


def is_small(team: Team) -> bool:
    """Whether no figures of a `counted` team are shown apart; of one alone, where any are."""
    return _people(team) < team.department.smallest_group


def hides(team: Team) -> bool:
    """Whether nothing is told of single people of a `counted` team."""
    return not team.department.tells_of_each(_people(team))


def _people(team: Team) -> int:
    """How many are in it; of a team that went, how many answered for its promises. Where
    nobody is, nobody's figures are told."""
    people: int = team.people  # type: ignore[attr-defined]  # annotated
    if team.archived_at is not None:
        people = Clock.objects.filter(team=team).values("owner").distinct().count()
    return max(people, 1)


def require_group(team: str) -> None:
    """Raises GroupTooSmall where `team`, a key, has fewer active members than its department
    shows figures of apart. Without a key it is the whole company, which is never too small.
    """
    if not team:
        return
    found = Team.objects.select_related("department").filter(key=team)
    for one in found.annotate(people=_PEOPLE):
        if is_small(one):
            said = _("Your company shows no figures of a team of fewer than %(n)s people.")
            raise GroupTooSmall(said % {"n": one.department.smallest_group})
