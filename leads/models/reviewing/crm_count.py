from django.conf import settings
from django.db import models


class CrmCount(models.Model):
    """How many leads a CRM says came in a month, of one source or, without it, of all.

    Evidence: rows are only added. Of one source and month the latest one stands.
    """

    source = models.CharField(max_length=80, blank=True)
    month = models.DateField()
    number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["month", "source"], name="crm_count_of_month")]

    def __str__(self) -> str:
        return f"{self.number} of {self.source or 'all sources'} in {self.month:%Y-%m}"
