from django.conf import settings
from django.db import models


class Alert(models.Model):
    """The one record that a clock reached a step of its ladder.

    `due_at` is the step's true instant; `raised_at` when the sweep got there. Steps found
    more than a few minutes late, after an outage, say so.
    """

    clock = models.ForeignKey("leads.Clock", models.PROTECT, related_name="alerts")
    step = models.CharField(max_length=40)
    level = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    found_late = models.BooleanField(default=False)
    met_by_evidence_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    snoozed_until = models.DateTimeField(null=True, blank=True)
    snoozed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "step"], name="alert_once_per_step"),
        ]

    def __str__(self) -> str:
        return f"{self.step} of clock {self.clock_id}"
