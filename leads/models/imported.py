from django.conf import settings
from django.db import models


class ImportRun(models.Model):
    """One import of one file: every record of it is counted under exactly one outcome."""

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    records = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finished_at=None)
                | models.Q(
                    records=models.F("new")
                    + models.F("updated")
                    + models.F("duplicate")
                    + models.F("rejected")
                ),
                name="import_accounts_for_every_record",
            ),
        ]

    def __str__(self) -> str:
        return self.name
