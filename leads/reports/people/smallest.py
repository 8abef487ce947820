"""No figures of a group so small that they speak of single people."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from leads.errors import GroupTooSmall
from portal.accounts.models import Team

_PEOPLE = Count("members", filter=Q(members__is_active=True))


def counted(teams: Iterable[int]) -> "QuerySet[Team]":
    """Teams with their department, and how many `people` are active in each."""
    rows = Team.objects.select_related("department").filter(pk__in=list(teams))
    return rows.annotate(people=_PEOPLE)


def is_small(team: Team) -> bool:
    """Whether no figures of a `counted` team are shown apart."""
    people: int = team.people  # type: ignore[attr-defined]  # annotated
    return people < team.department.smallest_group


def hides(team: Team) -> bool:
    """Whether nothing is told of single people of a `counted` team."""
    return not team.department.tells_of_each(team.people)  # type: ignore[attr-defined]


def require_group(team: str) -> None:
    """Raises GroupTooSmall where `team`, a key, has fewer active members than its department
    shows figures of apart. Without a key it is the whole company, which is never too small.
    """
    if not team:
        return
    found = Team.objects.filter(key=team).annotate(people=_PEOPLE)
    for number, smallest in found.values_list("people", "department__smallest_group"):
        if number < smallest:
            said = _("Your company shows no figures of a team of fewer than %(n)s people.")
            raise GroupTooSmall(said % {"n": smallest})
