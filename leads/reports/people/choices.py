"""The teams that a report may be narrowed to."""

from datetime import datetime

from django.db.models import Q, QuerySet

from portal.accounts.models import Team


def there_since(start: datetime) -> "QuerySet[Team]":
    """Every team, also those that went since `start`: they earned figures after it."""
    return Team.objects.filter(Q(archived_at=None) | Q(archived_at__gte=start))
