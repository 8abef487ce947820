from datetime import datetime, timedelta
from hashlib import sha256

from django.db import models

from portal.accounts.models.token import ApiToken

KEPT_FOR = timedelta(hours=24)


class KeptAnswerQuerySet(models.QuerySet["KeptAnswer"]):
    def of(self, token: ApiToken, key: str) -> "KeptAnswerQuerySet":
        return self.filter(token=token, key=key_of(key))

    def fresh(self, at: datetime) -> "KeptAnswerQuerySet":
        """Those that are still said again at `at`."""
        return self.filter(at__gt=at - KEPT_FOR)

    def stale(self, at: datetime) -> "KeptAnswerQuerySet":
        return self.filter(at__lte=at - KEPT_FOR)

    def about(self, lead_id: int) -> "KeptAnswerQuerySet":
        """Answers that may hold what is known of a lead."""
        return self.filter(lead_id=lead_id)


class KeptAnswer(models.Model):
    """What a call with an `Idempotency-Key` was answered, so that a repeat does nothing.

    `key` and `asked` are SHA-256 digests: of the key, and of method, address and body.
    `lead_id` is opaque, as in the ledger: whose data the body may hold.
    """

    token = models.ForeignKey("accounts.ApiToken", models.PROTECT, related_name="answers")
    key = models.CharField(max_length=64)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    location = models.CharField(max_length=200, blank=True)
    lead_id = models.PositiveBigIntegerField(null=True, blank=True, db_index=True)
    at = models.DateTimeField()

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="answer_once_per_key"),
        ]
        indexes = [
            # What is old enough is thrown away.
            models.Index(fields=["at"], name="answer_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.status} kept for {self.key[:8]}"


def key_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()
