from django.conf import settings
from django.db import models


class VersionSave(models.Model):
    """One save of a draft: who, when, and the whole terms as they then stood."""

    version = models.ForeignKey("sla.Version", models.PROTECT, related_name="saves")
    revision = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    saved_at = models.DateTimeField()
    terms = models.JSONField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="save_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version}, save {self.number}"
