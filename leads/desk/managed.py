"""What a manager answers for besides their own: the team’s trouble, and what is unsigned."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from leads.desk.owed import Owed, measured, together, with_context
from leads.models import Clock
from portal.accounts.models import User
from sla.models import Version

MOST = 40


def trouble(user: User, at: datetime) -> list[Owed]:
    """Late or at risk with others of the teams that `user` manages, the soonest due first."""
    manages = Q(team__manager=user) | Q(team__department__head=user)
    found = Clock.objects.running().filter(manages, Q(due_at__lt=at) | Q(warn_at__lte=at))
    found = with_context(found.exclude(owner=user)).order_by("due_at", "pk")
    return [measured(members, at) for members in together(found[:MOST])]


def to_sign(user: User) -> Sequence[Version]:
    """Proposed versions that miss the signature of the department for which `user` signs."""
    if not user.is_signatory or user.department_id is None:
        return []
    proposed = Version.objects.filter(state=Version.State.PROPOSED)
    rows = proposed.select_related("agreement", "proposed_by").prefetch_related("signatures")
    return [
        version
        for version in rows.order_by("proposed_at")
        if user.department_id in version.needs
        and user.pk not in {one.signer_id for one in version.signatures.all()}
    ]
