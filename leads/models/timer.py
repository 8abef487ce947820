from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TimerQuerySet(models.QuerySet["Timer"]):
    def to_come(self) -> "TimerQuerySet":
        """Neither done nor cancelled."""
        return self.filter(done_at=None, cancelled_at=None)

    def due(self, at: datetime) -> "TimerQuerySet":
        """What the sweep takes, in due order."""
        return self.to_come().filter(at__lte=at).order_by("at", "pk")


class Timer(models.Model):
    """A timed event that is no ladder step: swept the same way, done at most once."""

    class Kind(models.TextChoices):
        PAUSE_ENDS = "pause_ends", _("a pause reaches its cap")
        HANDOFF_EXPIRES = "handoff_expires", _("an offer expires")
        RECYCLE = "recycle", _("a lead comes back from nurture")
        DECIDE = "decide", _("a dispute gets its default")
        OFFER_WAITS = "offer_waits", _("an offer waited until the time was right")
        RELEASE = "release", _("leads of a big batch are released")
        SNOOZE_ENDS = "snooze_ends", _("an alert is told again")

    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="timers")
    handoff = models.ForeignKey(
        "leads.Handoff", models.PROTECT, null=True, blank=True, related_name="timers"
    )
    clock = models.ForeignKey(
        "leads.Clock", models.PROTECT, null=True, blank=True, related_name="timers"
    )
    round = models.PositiveSmallIntegerField(default=1)
    note = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = TimerQuerySet.as_manager()

    class Meta:
        indexes = [
            # The sweep reads what is still to come, soonest first.
            models.Index(
                fields=["at", "id"],
                condition=Q(done_at=None, cancelled_at=None),
                name="timer_to_come",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%d %b %H:%M} UTC"
