from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

UNDO = timedelta(days=1)


class Merge(models.Model):
    """That one lead became part of another, with what is needed to take it back for a day.

    `before`: what the lead that remains knew of each field that it learned, by its name.
    `seats`: the seats of the other one that ended.
    """

    gone = models.ForeignKey("leads.Lead", models.PROTECT, related_name="merges")
    kept = models.ForeignKey("leads.Lead", models.PROTECT, related_name="absorbed")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    before: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        default=dict, blank=True
    )
    seats: "models.JSONField[list[int], list[int]]" = models.JSONField(default=list, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at=None), name="merge_stands_once"
            ),
        ]

    def __str__(self) -> str:
        return f"lead {self.gone_id} into lead {self.kept_id}"

    def may_be_undone(self, at: datetime) -> bool:
        return self.undone_at is None and at - self.at <= UNDO
