from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SweepPass(models.Model):
    """The one row that says when clocks were last checked, and how that went.

    `differences` is what the last audit found; it stands here too, as every page reads
    this row.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    swept_at = models.DateTimeField()
    raised = models.PositiveIntegerField(default=0)
    by = models.CharField(max_length=60, blank=True)
    differences = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "sweep passes"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="sweep_pass_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"swept {self.swept_at:%d %b %H:%M:%S} UTC"


class AuditPass(models.Model):
    """The one row that says when the audit last ran, and what it found.

    `began_at` claims a run, so that of several that are due together one does it. `found`
    names at most some rows of each invariant; `differences` counts all; `digest` (of what
    was found) tells an old finding from a new one.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    began_at = models.DateTimeField()
    audited_at = models.DateTimeField(null=True, blank=True)
    differences = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=list, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "audit passes"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="audit_pass_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"{self.differences} differences, began {self.began_at:%d %b %H:%M} UTC"


class Outage(models.Model):
    """A time in which no sweep ran; steps that fell into it were found late."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        ordering = ["-began_at"]

    def __str__(self) -> str:
        return f"{self.began_at:%d %b %H:%M} to {self.ended_at:%d %b %H:%M} UTC"


class SweepHold(models.Model):
    """A time in which clocks were not checked because the host's time was in doubt.

    `machine` is the one whose clock it was; empty for an absence, which holds all. `shift`
    is how far its wall clock jumped, in microseconds; `seen_at` what it said last.
    """

    class Why(models.TextChoices):
        JUMP = "jump", _("the clock of the host jumped")
        BEHIND = "behind", _("the clock of the host went back")
        AWAY = "away", _("nothing was checked for over a week")
        RESTORED = "restored", _("a backup was restored")

    class Ended(models.TextChoices):
        OPERATOR = "operator", _("an operator confirmed the time")
        MACHINE = "machine", _("another machine's clock agrees")
        CAUGHT_UP = "caught_up", _("the clock caught up")

    why = models.CharField(max_length=10, choices=Why)
    machine = models.CharField(max_length=80, blank=True)
    shift = models.BigIntegerField(default=0)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=10, choices=Ended, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["why", "machine"],
                condition=models.Q(ended_at=None),
                name="sweep_held_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_why_display())

    @property
    def jumped(self) -> timedelta:
        return timedelta(microseconds=self.shift)
