"""No figures of a group so small that they speak of single people."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from leads.errors import GroupTooSmall
from portal.accounts.models import Team


def require_group(team: str) -> None:
    """Raises GroupTooSmall where `team`, a key, has fewer active members than its department
    shows figures of apart. Without a key it is the whole company, which is never too small.
    """
    if not team:
        return
    people = Count("members", filter=Q(members__is_active=True))
    found = Team.objects.filter(key=team).annotate(people=people)
    for number, smallest in found.values_list("people", "department__smallest_group"):
        if number < smallest:
            said = _("Your company shows no figures of a team of fewer than %(n)s people.")
            raise GroupTooSmall(said % {"n": smallest})
