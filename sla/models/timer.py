from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RequestTimerQuerySet(models.QuerySet["RequestTimer"]):
    def to_come(self) -> "RequestTimerQuerySet":
        """Neither done nor cancelled."""
        return self.filter(done_at=None, cancelled_at=None)

    def due(self, at: datetime) -> "RequestTimerQuerySet":
        """What the sweep takes, in due order."""
        return self.to_come().filter(at__lte=at).order_by("at", "pk")


class RequestTimer(models.Model):
    """A timed event of one revision that waits for signatures: swept, done at most once."""

    class Kind(models.TextChoices):
        REMIND = "remind", _("who has not signed is asked again")
        EXPIRE = "expire", _("the request for signatures expires")

    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    version = models.ForeignKey("sla.Version", models.PROTECT, related_name="timers")
    revision = models.PositiveSmallIntegerField()
    done_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = RequestTimerQuerySet.as_manager()

    class Meta:
        indexes = [
            # The sweep reads what is still to come, soonest first.
            models.Index(
                fields=["at", "id"],
                condition=Q(done_at=None, cancelled_at=None),
                name="request_timer_to_come",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version} at {self.at:%d %b %H:%M} UTC"
