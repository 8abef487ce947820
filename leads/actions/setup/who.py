"""Who sets a company up: an administrator says who there is; operations bring leads in. And
which text they are at."""

from datetime import datetime

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


def furthest(agreement: Agreement | None, at: datetime) -> Version | None:
    """The version in force, else the one that is furthest on its way."""
    if agreement is None:
        return None
    rows = list(agreement.versions.select_related("agreement").order_by("number"))
    begun = [row for row in rows if row.effective_from and row.effective_from <= at]
    in_force = max(begun, key=lambda row: (row.effective_from, row.signed_at), default=None)
    order = [Version.State.SIGNED, Version.State.PROPOSED, Version.State.DRAFT]
    under_way = [row for state in order for row in rows if row.state == state]
    return in_force or (under_way[0] if under_way else None)
