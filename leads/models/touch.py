from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TouchQuerySet(models.QuerySet["Touch"]):
    def named(self, source: str, external_id: str) -> "TouchQuerySet":
        """What a source calls by this name of its own, which is not empty: one at most."""
        # The index holds named touches alone, and SQLite takes it only for a question that
        # says so in the very words of its condition.
        said = models.Func(
            models.F("external_id"),
            template="NOT (%(expressions)s = '')",
            output_field=models.BooleanField(),
        )
        return self.filter(said, source=source, external_id=external_id)


class Touch(models.Model):
    """What happened between a department and the lead, at any stage.

    `occurred_at` counts; it is the server's time unless a trusted source said otherwise
    within its lag. A time that somebody merely claims stays in `claimed_at`, unused.
    """

    class Direction(models.TextChoices):
        INBOUND = "inbound", _("from the lead")
        OUTBOUND = "outbound", _("to the lead")
        TWO_WAY = "two_way", _("both ways")

    lead = models.ForeignKey(
        "leads.Lead", models.PROTECT, related_name="touches", db_index=False
    )
    handoff = models.ForeignKey(
        "leads.Handoff", models.PROTECT, null=True, blank=True, related_name="touches"
    )
    # No index of its own: half of all touches are a department's, and a planner without
    # statistics takes it for as good as the lead's.
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20)
    direction = models.CharField(max_length=10, choices=Direction)
    is_attempt = models.BooleanField(default=False)
    is_contact = models.BooleanField(default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    source = models.CharField(max_length=80, default="portal")
    external_id = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    trusted = models.BooleanField(default=False)
    imported = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = TouchQuerySet.as_manager()

    class Meta:
        ordering = ["occurred_at", "pk"]
        indexes = [
            # Criteria over touches, and the lead's own timeline.
            models.Index(fields=["lead", "kind", "occurred_at"], name="touch_of_lead"),
            # What somebody has just logged, and may take back.
            models.Index(fields=["by", "recorded_at"], name="touch_by_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~models.Q(external_id=""),
                name="touch_once_per_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} with lead {self.lead_id}"


class Meeting(models.Model):
    """A meeting that the lead booked with `host`. Booking it was an attempt, and cost the
    host `turn`; who does not come gives it back."""

    touch = models.OneToOneField("leads.Touch", models.PROTECT, related_name="meeting")
    host = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField()
    turn = models.ForeignKey(
        "leads.Turn", models.PROTECT, null=True, blank=True, related_name="+"
    )
    missed_at = models.DateTimeField(null=True, blank=True)
    missed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["starts_at", "pk"]

    def __str__(self) -> str:
        return f"meeting {self.pk} with {self.host_id}"
