from django.conf import settings
from django.db import models


class Consent(models.Model):
    """That a person agreed to a purpose, or took it back: rows are only added.

    `said_at` is when they said so, as `source` tells it; `recorded_at` is the server's time.
    The latest row of the purpose "contact" is what `Lead.consent` says.
    """

    CONTACT = "contact"

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=60, default=CONTACT)
    given = models.BooleanField()
    source = models.CharField(max_length=80)
    said_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-said_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "purpose", "given", "source", "said_at"],
                name="consent_said_once",
            ),
        ]

    def __str__(self) -> str:
        return f"lead {self.lead_id} {'agrees to' if self.given else 'refuses'} {self.purpose}"
