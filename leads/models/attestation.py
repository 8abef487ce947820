from django.conf import settings
from django.db import models
from django.db.models import Q


class Attestation(models.Model):
    """A fact that somebody vouches for ("budget confirmed"), until it is withdrawn."""

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="attestations")
    fact = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "fact"],
                condition=Q(withdrawn_at=None),
                name="attestation_once_per_fact",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} of lead {self.lead_id}"
