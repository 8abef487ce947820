"""Jobs: one row for each piece of long work, which says how far it is and who holds it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from portal.accounts.models import User


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: "User") -> "JobQuerySet":
        """Who asked for the work sees it, and nobody else."""
        return self.filter(by=user) if user.is_active else self.none()

    def open(self) -> "JobQuerySet":
        return self.filter(state=Job.State.OPEN)

    def due(self, at: datetime) -> "JobQuerySet":
        """Open jobs that nobody holds a lease on, those that waited longest first."""
        free = Q(lease_until=None) | Q(lease_until__lte=at)
        return self.open().filter(free).order_by("touched_at", "pk")


class Job(models.Model):
    """A piece of long work, done in steps by whoever holds its lease.

    `kind` names the function that does a step (settings.JOBS). `arguments` is what it is
    told, `cursor` of `total` how far it is, `counts` what it counted so far and `result`
    what came of it: small JSON values, and nothing about a person. `attempts` counts the
    times it was taken up since it last moved, so that work which kills its worker ends.
    """

    class State(models.TextChoices):
        OPEN = "open", _("under way")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="jobs"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    cursor = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    error = models.CharField(max_length=500, blank=True)
    back = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="job_ended_says_when",
            ),
        ]
        indexes = [
            # The runner asks what is due.
            models.Index(fields=["touched_at"], condition=Q(state="open"), name="job_open"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == Job.State.OPEN

    @property
    def share(self) -> float | None:
        """How much is done, from 0 to 1; None while nobody knows how much there is."""
        return min(self.cursor / self.total, 1.0) if self.total else None
