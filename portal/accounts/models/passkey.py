from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q


class PasskeyQuerySet(models.QuerySet["Passkey"]):
    def usable(self) -> "PasskeyQuerySet":
        """Those that were not revoked."""
        return self.filter(revoked_at=None)


class Passkey(models.Model):
    """A key that never leaves its owner's device, with which they sign agreements.

    `credential_id` is base64url; `public_key` is the COSE key that the device gave. Its
    entry in the ledger holds `key_digest`, so that a key that was put in later, or by
    somebody else, shows. A revoked one stays: old signatures are checked with it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_id = models.CharField(max_length=1400, unique=True)
    public_key = models.BinaryField(max_length=2000)
    key_digest = models.CharField(max_length=64)
    sign_count = models.PositiveBigIntegerField(default=0)
    enrolled_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = PasskeyQuerySet.as_manager()

    class Meta:
        ordering = ["-enrolled_at"]

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def open(self, at: datetime) -> "ChallengeQuerySet":
        """Neither answered nor expired."""
        return self.filter(used_at=None, expires_at__gt=at)


class Challenge(models.Model):
    """What a device is asked to sign, once and soon: SHA-256 of `inputs`.

    `inputs` is canonical JSON that says what the answer is for. The digest is the key, in
    base64url, as the device gives it back.
    """

    class Purpose(models.TextChoices):
        ENROL = "enrol"
        SIGN = "sign"

    digest = models.CharField(primary_key=True, max_length=43)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=8, choices=Purpose)
    inputs = models.TextField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        indexes = [
            # Old ones of a person are cleared away when a new one is made.
            models.Index(
                fields=["user"], condition=Q(used_at=None), name="challenge_open_of_user"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.digest[:8]}"
