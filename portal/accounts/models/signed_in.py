from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef

from portal.accounts.models.user import User


class SignedInQuerySet(models.QuerySet["SignedIn"]):
    def owned_by(self, user: User) -> "SignedInQuerySet":
        return self.filter(user=user)

    def open(self, at: datetime) -> "SignedInQuerySet":
        """Those whose session is there; `at` is the host's own instant."""
        there = Session.objects.filter(pk=OuterRef("session_key"), expire_date__gt=at)
        return self.filter(Exists(there))


class SignedIn(models.Model):
    """One browser in which somebody is signed in: since when, from where, last seen when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=200, blank=True)

    objects = SignedInQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} since {self.began_at:%d %b %Y %H:%M}"
