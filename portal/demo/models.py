"""A database that says it is simulated, and the link with which an empty portal begins."""

from datetime import timedelta

from django.db import models


class Simulation(models.Model):
    """How far the time of a simulated database is ahead of the host's; one row, or none yet.

    Whether a database is simulated at all is said by the ledger's first entry.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ahead_by = models.DurationField(default=timedelta(0))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="simulation_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(ahead_by__gte=timedelta(0)), name="simulation_never_behind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ahead_by} ahead"


class SetupLink(models.Model):
    """A one-time link that makes the first administrator. Only its digest is stored."""

    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"set-up link of {self.created_at:%d %b %Y}"
