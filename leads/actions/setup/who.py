"""Who sets a company up: an administrator says who there is; operations bring leads in."""

from django.utils.translation import gettext as _

from leads.errors import NotYours
from portal.accounts.models import Role, User
from sla.models import Agreement, Version


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


def proposed() -> Version | None:
    """The proposal that waits for signatures, of the default agreement."""
    default = Agreement.objects.in_order().last()
    if default is None:
        return None
    rows = default.versions.filter(state=Version.State.PROPOSED)
    return rows.select_related("agreement").order_by("-number").first()


def asked_to_sign(user: User) -> Version | None:
    """The first text of a company, while it waits for this person's signature."""
    if user.department_id is None or not User.objects.signatories().filter(pk=user.pk).exists():
        return None
    version = proposed()
    return version if version and user.department_id in version.needs else None
