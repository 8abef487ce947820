from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from portal.accounts.models import User

ANSWERED_WITHIN = timedelta(days=30)


class PrivacyRequestQuerySet(models.QuerySet["PrivacyRequest"]):
    def visible_to(self, user: "User") -> "PrivacyRequestQuerySet":
        """Operations, who answer them, and auditors."""
        return self.all() if user.reads_privacy else self.none()

    def open(self) -> "PrivacyRequestQuerySet":
        return self.filter(done_at=None)


class PrivacyRequest(models.Model):
    """What a person asked for, or a rule of retention did: to be told what is known of them,
    or to be erased. It names no one: `leads` are numbers of leads, which stay.

    `counts`: how many rows of each place were erased or told. `reason` says why, in words
    that an erasure searches as well.
    """

    class Kind(models.TextChoices):
        EXPORT = "export", _("export")
        ERASURE = "erasure", _("erasure")

    class Basis(models.TextChoices):
        ASKED = "asked", _("the person asked for it")
        RETENTION = "retention", _("kept as long as a rule says")
        OTHER = "other", _("another reason")

    kind = models.CharField(max_length=10, choices=Kind)
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.ASKED)
    leads: "models.JSONField[list[int], list[int]]" = models.JSONField(default=list)
    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="privacy_requests")
    reason = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    rule = models.ForeignKey(
        "leads.RetentionRule", models.PROTECT, null=True, blank=True, related_name="requests"
    )
    counts: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(
        default=dict, blank=True
    )

    objects = PrivacyRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "kind"],
                condition=Q(done_at=None),
                name="privacy_request_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of lead {self.lead_id}"

    @property
    def due_at(self) -> datetime:
        """When the law wants an answer: within a month."""
        return self.asked_at + ANSWERED_WITHIN

    def is_late(self, at: datetime) -> bool:
        return self.done_at is None and at > self.due_at
