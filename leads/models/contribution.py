from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Contribution(models.Model):
    """Late-stage material that Sales asks of Marketing: asked, delivered, used or not."""

    class Kind(models.TextChoices):
        CASE_STUDY = "case_study", _("case study")
        COMPARISON = "comparison", _("comparison with a competitor")
        REFERENCE = "reference", _("customer reference")
        OTHER = "other", _("something else")

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="contributions")
    version = models.ForeignKey("sla.Version", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    subject = models.CharField(max_length=200)
    competitor = models.CharField(max_length=120, blank=True)
    content = models.ForeignKey(
        "leads.Content", models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="owes"
    )
    delivered_at = models.DateTimeField(null=True, blank=True)
    delivered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    link = models.CharField(max_length=300, blank=True)
    used = models.BooleanField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used=None) | Q(delivered_at__isnull=False),
                name="contribution_used_was_delivered",
            ),
        ]

    def __str__(self) -> str:
        kind = str(self.get_kind_display())
        if self.competitor:
            kind = gettext("comparison with %(competitor)s") % {"competitor": self.competitor}
        return f"{kind}: {self.subject}"

    @property
    def taken(self) -> bool:
        """Whether Sales took it from the library without asking: nobody delivered it."""
        return self.delivered_at is not None and self.delivered_by_id is None
