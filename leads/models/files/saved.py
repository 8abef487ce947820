from django.conf import settings
from django.db import models


class SavedMapping(models.Model):
    """A mapping under a name, for the next file of the same kind."""

    name = models.CharField(max_length=80, unique=True)
    mapping = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
