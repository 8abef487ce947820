from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from portal.accounts.models import User


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: "User") -> "UploadQuerySet":
        """Operations see what operations brought."""
        return self.all() if user.imports_leads else self.none()

    def there(self) -> "UploadQuerySet":
        """Those whose file is still kept."""
        return self.filter(removed_at=None)


class Upload(models.Model):
    """A file that somebody brought, kept for some days under a name that nobody knows.

    `found` tells what the file is: encoding, delimiter, header, records, what each column
    holds, and which cells look damaged. `mapping` is how it will be read, `rehearsal` what
    would come of it. `found` and `rehearsal` quote the file, and go with it.
    """

    name = models.CharField(max_length=200)
    key = models.CharField(max_length=32, unique=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    found = models.JSONField(default=dict, blank=True)
    mapping = models.JSONField(null=True, blank=True)
    rehearsal = models.JSONField(default=dict, blank=True)
    job = models.ForeignKey(
        "jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["uploaded_at"],
                condition=models.Q(removed_at=None),
                name="upload_kept",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return Path(settings.FILES_DIR) / f"{self.key}.csv"
