"""Who sets a company up: an administrator says who there is; operations bring leads in."""

from django.utils.translation import gettext as _

from leads.errors import NotYours
from portal.accounts.models import Role, User


def configures(user: User) -> bool:
    """Whether this person administers the portal: company, teams and people."""
    return bool(
        user.is_active and user.is_staff and (user.is_superuser or user.role == Role.ADMIN)
    )


def sets_up(user: User) -> bool:
    """Whether the first steps are for this person at all."""
    return configures(user) or (user.is_active and user.role == Role.OPERATIONS)


def require_administrator(by: User) -> None:
    if not configures(by):
        raise NotYours(_("Company, teams and people are set up by an administrator."))
