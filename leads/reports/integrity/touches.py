"""Questions about touches: calls that were none, and times that somebody only claims."""

from datetime import timedelta

from django.db.models import F, QuerySet

from leads.models import Touch
from leads.reports.integrity.scope import Scope

BACK = timedelta(minutes=15)


def calls(scope: Scope) -> QuerySet[Touch]:
    """Calls made, of which the system that made them says how long they were."""
    return _by_people(scope).filter(kind="call", is_attempt=True, seconds__isnull=False)


def zero_length(scope: Scope) -> QuerySet[Touch]:
    return calls(scope).filter(seconds=0)


def outbound(scope: Scope) -> QuerySet[Touch]:
    return _by_people(scope).exclude(direction=Touch.Direction.INBOUND)


def back_dated(scope: Scope) -> QuerySet[Touch]:
    """Recorded with a claim of having happened more than a quarter of an hour before."""
    return outbound(scope).filter(trusted=False, claimed_at__lt=F("recorded_at") - BACK)


def _by_people(scope: Scope) -> QuerySet[Touch]:
    return Touch.objects.filter(
        by__isnull=False, imported=False, undone_at=None, **scope.within("recorded_at")
    )
