from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from portal.accounts.history import KeptHistory


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def covering(self, at: datetime) -> "AbsenceQuerySet":
        """Absences under way at `at`; the end itself is a day back at work."""
        return self.filter(starts_at__lte=at, ends_at__gt=at)


class Absence(models.Model):
    """A time away, with the deputy who is told and may act meanwhile."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deputises",
    )

    objects = AbsenceQuerySet.as_manager()
    history = HistoricalRecords(history_manager=KeptHistory)

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("user")),
                name="absence_deputy_is_another",
            ),
        ]
        indexes = [models.Index(fields=["user", "starts_at"], name="absence_of_user")]

    def __str__(self) -> str:
        return f"{self.user} {self.starts_at:%d %b %Y} to {self.ends_at:%d %b %Y}"
