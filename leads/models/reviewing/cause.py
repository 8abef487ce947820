from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BreachCause(models.Model):
    """Why a clock was late, as one department says it, and the other agrees or not.

    Evidence: a row is written once; later it is agreed to by somebody of the other
    department, or replaced by the next one. One row of a clock stands.
    """

    class Cause(models.TextChoices):
        CAPACITY = "capacity", _("capacity")
        ROUTING = "routing", _("routing")
        DATA = "data", _("data")
        DEFINITION = "definition", _("definition")
        ABSENCE = "absence", _("absence")
        OUTSIDE = "outside", _("outside both departments")

    clock = models.ForeignKey("leads.Clock", models.PROTECT, related_name="causes")
    cause = models.CharField(max_length=10, choices=Cause)
    text = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    department = models.ForeignKey("accounts.Department", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(replaced_at=None), name="breach_cause_one_stands"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None, agreed_at=None)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="breach_cause_agreed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(replaced_at=None),
                name="breach_cause_agreed_stays",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cause}, clock {self.clock_id}"
