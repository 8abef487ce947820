from django.conf import settings
from django.db import models


class DirectoryPerson(models.Model):
    """What the company's directory calls somebody. `removed_at`: it has no such person."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="directory"
    )
    external_id = models.CharField(max_length=200, null=True, blank=True, unique=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user} in the directory"


class DirectoryGroup(models.Model):
    """A group of the company's directory, and who is in it; `GroupPlace` says what it gives."""

    name = models.CharField(max_length=200, unique=True)
    external_id = models.CharField(max_length=200, null=True, blank=True, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="directory_groups")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
