from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Department(models.Model):
    """One of the two parties of every agreement; the rows are made by a migration."""

    class Key(models.TextChoices):
        MARKETING = "marketing", _("Marketing")
        SALES = "sales", _("Sales")

    key = models.CharField(primary_key=True, max_length=12, choices=Key)
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="heads"
    )

    def __str__(self) -> str:
        return str(self.get_key_display())

    @property
    def other(self) -> str:
        """The key of the other party."""
        return "sales" if self.key == self.Key.MARKETING else "marketing"
