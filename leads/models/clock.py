from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from portal.accounts.models import User


class ClockQuerySet(models.QuerySet["Clock"]):
    def visible_to(self, user: "User") -> "ClockQuerySet":
        return self.all() if user.reads_leads else self.none()

    def running(self) -> "ClockQuerySet":
        """Neither stopped nor paused."""
        return self.filter(stopped_at=None, paused_at=None)

    def unstopped(self) -> "ClockQuerySet":
        return self.filter(stopped_at=None)

    def due_for_a_step(self, at: datetime) -> "ClockQuerySet":
        """What the sweep takes, in due order."""
        return self.filter(next_step_at__lte=at).order_by("next_step_at", "pk")

    def overdue(self, at: datetime) -> "ClockQuerySet":
        """Running clocks whose due instant lies before `at`; due now is on time."""
        return self.running().filter(due_at__lt=at)

    def owed_by(self, user: "User") -> "ClockQuerySet":
        return self.unstopped().filter(owner=user)


class Clock(models.Model):
    """One promise about one subject in one round, with all its instants fixed at the start.

    Subject: a handoff, or a contribution request. `target` and `paused` are working time in
    integer microseconds on `calendar` (a key of the version's terms). `steps` is the ladder:
    [{"key", "at", "whom", "channels", "digest"}], instants in UTC; `next_step_at` is the
    first step not yet raised, empty when stopped, paused or past the last step.
    """

    class Outcome(models.TextChoices):
        RUNNING = "", _("running")
        MET = "met", _("met")
        LATE = "late", _("late")
        RETURNED = "returned", _("returned")
        CANCELLED = "cancelled", _("cancelled")
        EXCUSED = "excused", _("excused")

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="clocks")
    handoff = models.ForeignKey(
        "leads.Handoff", models.PROTECT, null=True, blank=True, related_name="clocks"
    )
    contribution = models.ForeignKey(
        "leads.Contribution", models.PROTECT, null=True, blank=True, related_name="clocks"
    )
    obligation = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    round = models.PositiveSmallIntegerField(default=1)
    version = models.ForeignKey("sla.Version", models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, related_name="+", db_index=False
    )
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="clocks")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="clocks"
    )
    owner_since = models.DateTimeField()
    segment = models.CharField(max_length=80, blank=True)
    calendar = models.CharField(max_length=60)
    target = models.BigIntegerField()
    attempts_needed = models.PositiveSmallIntegerField(default=0)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True, blank=True)
    steps = models.JSONField(default=list)
    next_step = models.PositiveSmallIntegerField(default=0)
    next_step_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused = models.BigIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    sweep_error = models.CharField(max_length=300, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handoff", "obligation", "round"],
                condition=Q(handoff__isnull=False) & ~Q(outcome="cancelled"),
                name="clock_once_per_obligation_and_round",
            ),
            models.UniqueConstraint(
                fields=["contribution", "obligation", "round"],
                condition=Q(contribution__isnull=False) & ~Q(outcome="cancelled"),
                name="clock_once_per_contribution",
            ),
            models.CheckConstraint(
                condition=Q(handoff__isnull=False, contribution=None)
                | Q(handoff=None, contribution__isnull=False),
                name="clock_has_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("started_at")), name="clock_due_after_start"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None, outcome="")
                | (Q(stopped_at__isnull=False) & ~Q(outcome="")),
                name="clock_stopped_says_how",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(next_step_at=None, paused_at=None),
                name="clock_stopped_has_no_step",
            ),
        ]
        indexes = [
            # The sweep reads only clocks with a step to come, soonest first.
            models.Index(
                fields=["next_step_at", "id"],
                condition=Q(next_step_at__isnull=False),
                name="clock_next_step",
            ),
            # A desk reads one person's open clocks, soonest first.
            models.Index(
                fields=["owner", "due_at"],
                condition=Q(stopped_at=None),
                name="clock_open_owner",
            ),
            # What is open, whoever owes it: late, or due soon.
            models.Index(
                fields=["due_at"], condition=Q(stopped_at=None), name="clock_open_due"
            ),
            # The scorecard counts clocks due in a period, and those of one promise.
            models.Index(fields=["version", "obligation", "due_at"], name="clock_of_promise"),
            models.Index(fields=["due_at", "kind"], name="clock_due_in_period"),
        ]

    def __str__(self) -> str:
        return f"{self.obligation} by {self.due_at:%d %b %H:%M} UTC"

    def is_breached(self, at: datetime) -> bool:
        """Whether the promise was kept late, or is late as of `at`; equal is on time."""
        if self.paused_at is not None:
            return False
        return self.due_at < (self.stopped_at or at)

    @property
    def target_time(self) -> timedelta:
        return timedelta(microseconds=self.target)


class ClockPause(models.Model):
    """One pause of a clock, with its listed reason; a running pause has no end yet."""

    clock = models.ForeignKey("leads.Clock", models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=60)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    paused_at = models.DateTimeField()
    ends_by = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["paused_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(resumed_at=None), name="pause_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason}, clock {self.clock_id}"
