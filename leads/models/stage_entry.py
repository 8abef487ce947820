from django.conf import settings
from django.db import models
from django.db.models import Q


class StageEntry(models.Model):
    """One move on the journey, with the evidence that was seen. Rows are only added."""

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="stage_entries")
    stage = models.CharField(max_length=60)
    from_stage = models.CharField(max_length=60, blank=True)
    entered_at = models.DateTimeField()
    version = models.ForeignKey(
        "sla.Version", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    handoff = models.ForeignKey(
        "leads.Handoff", models.PROTECT, null=True, blank=True, related_name="stage_entries"
    )
    evidence = models.JSONField(default=list, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    waiver_reason = models.CharField(max_length=300, blank=True)
    imported = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["entered_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(waived_by=None) | ~Q(waiver_reason=""),
                name="stage_entry_waiver_has_reason",
            ),
        ]
        indexes = [
            # Cohorts and volumes count entries of a stage in a period.
            models.Index(fields=["stage", "entered_at"], name="stage_entry_cohort"),
            # Waivers of a period, few among many.
            models.Index(
                fields=["entered_at"],
                condition=models.Q(waived_by__isnull=False),
                name="stage_entry_waived",
            ),
            # Whether a lead came to a stage, and whether it had been there before.
            models.Index(fields=["lead", "stage", "entered_at"], name="stage_entry_of_lead"),
        ]

    def __str__(self) -> str:
        return f"lead {self.lead_id} enters {self.stage}"
