"""What is late or at risk with the people that somebody manages."""

from datetime import datetime

from django.db.models import Q

from leads.desk.owed import Owed, measured, together, with_context
from leads.models import Clock
from leads.models.clock import ClockQuerySet
from portal.accounts.models import User

MOST = 40


def trouble(user: User, at: datetime) -> list[Owed]:
    """Late or at risk with others of the teams that `user` manages, the soonest due first."""
    found = with_context(of_the_teams(user, at).exclude(owner=user)).order_by("due_at", "pk")
    return [measured(members, at) for members in together(found[:MOST])]


def of_the_teams(user: User, at: datetime) -> ClockQuerySet:
    """Clocks of the teams that `user` manages or heads that ran out, or soon will."""
    manages = Q(team__manager=user) | Q(team__department__head=user)
    return Clock.objects.running().filter(manages, Q(due_at__lt=at) | Q(warn_at__lte=at))
