from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

VALID = timedelta(days=14)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, at: datetime) -> "InvitationQuerySet":
        """Neither used nor expired, of somebody who is still here."""
        return self.filter(used_at=None, expires_at__gt=at, user__is_active=True)


class Invitation(models.Model):
    """A one-time link with which somebody chooses a first password. Only its digest is kept.

    A person has one at a time: a new link replaces the one before.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitation"
    )
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="invitation_expires_after_birth",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.user}"
