from django.conf import settings
from django.db import models


class IntegrityAnswer(models.Model):
    """What somebody answered to the question that a check asks of a period, from `first`.

    Evidence: rows are only added. `number` of `of` is what the check showed at that instant.
    """

    check_key = models.CharField(max_length=40)
    first = models.DateField()
    length = models.CharField(max_length=10)
    text = models.CharField(max_length=1000)
    number = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    department = models.ForeignKey("accounts.Department", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["check_key", "first"], name="integrity_answer_of")]

    def __str__(self) -> str:
        return f"{self.check_key} of {self.first}"
