from django.conf import settings
from django.db import models
from django.db.models import Q


class Assignment(models.Model):
    """One department's seat on a lead: a person, or until the first handoff a team's pool."""

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="assignments")
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, related_name="+", db_index=False
    )
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="assignments")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    why = models.JSONField(default=list, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "department"],
                condition=Q(until=None),
                name="assignment_one_current_seat_per_department",
            ),
        ]
        indexes = [
            # "My leads", the load of a person, and whether a lead is one of theirs.
            models.Index(
                fields=["member", "lead"],
                condition=Q(until=None),
                name="assignment_current_member",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department_id} seat of lead {self.lead_id}"
