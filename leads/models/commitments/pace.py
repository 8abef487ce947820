from datetime import datetime

from django.db import models
from django.db.models import F, Q


class PaceQuerySet(models.QuerySet["Pace"]):
    def to_come(self) -> "PaceQuerySet":
        """Periods that will be looked at again."""
        return self.filter(at__isnull=False)

    def due(self, at: datetime) -> "PaceQuerySet":
        """What the sweep takes, in due order."""
        return self.filter(at__lte=at).order_by("at", "pk")


class Pace(models.Model):
    """One period of one commitment of an agreement, [begins_at, ends_at), watched for its
    pace. `at` is when it is looked at next; empty when it is over.

    The version in force when the period began says what was agreed; it is not kept here, as
    nothing can change which one that was.
    """

    agreement = models.ForeignKey("sla.Agreement", models.PROTECT, related_name="+")
    commitment = models.CharField(max_length=60)
    period = models.CharField(max_length=10)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = PaceQuerySet.as_manager()

    class Meta:
        ordering = ["-begins_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "commitment", "begins_at"], name="pace_once_a_period"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")), name="pace_ends_after_it_begins"
            ),
        ]
        indexes = [
            # The sweep reads what is still to be looked at, soonest first.
            models.Index(
                fields=["at", "id"], condition=Q(at__isnull=False), name="pace_to_come"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment}, {self.period} from {self.begins_at:%d %b %Y}"


class PaceAlert(models.Model):
    """The one record that a commitment fell behind in a period, with what was seen then.

    `due_at` is the look that found it, `raised_at` when the sweep got there. For a share
    `done` were kept of `wanted` due and `agreed` is the percentage; else `done` of the
    `wanted` that the pace asked for, of `agreed` in all.
    """

    BEHIND = "behind"

    pace = models.ForeignKey(Pace, models.PROTECT, related_name="alerts")
    step = models.CharField(max_length=40, default=BEHIND)
    version = models.ForeignKey("sla.Version", models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    found_late = models.BooleanField(default=False)
    done = models.PositiveIntegerField()
    wanted = models.PositiveIntegerField()
    agreed = models.PositiveIntegerField()

    class Meta:
        ordering = ["-due_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["pace", "step"], name="pace_alert_once_per_step"),
        ]

    def __str__(self) -> str:
        return f"{self.pace}: {self.done} of {self.wanted}"
