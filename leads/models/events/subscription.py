import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from portal.accounts.models import User


class Subscription(models.Model):
    """A system that is told what happens here, from the ledger, entry by entry.

    `kinds` are ledger kinds; none means all that go out. `after` is the place in the ledger
    up to which everything was written out for it. Where to, with which secrets and how it
    goes there is its endpoint's. `old_until`: till then the replaced secret signs too.
    `personal`: names and addresses of people go along.
    """

    name = models.CharField(max_length=80)
    endpoint = models.OneToOneField(
        "notifications.Endpoint", models.PROTECT, related_name="subscription"
    )
    kinds = models.JSONField(default=list, blank=True)
    personal = models.BooleanField(default=False)
    after = models.PositiveBigIntegerField(default=0)
    old_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def secrets(self, at: datetime) -> tuple[str, ...]:
        """Those that sign at `at`, the newest first. Raises Unreadable."""
        kept = tuple(self.endpoint.secrets)
        return kept if self.overlaps(at) else kept[:1]

    def overlaps(self, at: datetime) -> bool:
        """Whether what was replaced signs beside the new."""
        return self.old_until is not None and at < self.old_until


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    def visible_to(self, user: "User") -> "OutgoingQuerySet":
        return self.all() if user.imports_leads else self.none()

    def due(self, at: datetime) -> "OutgoingQuerySet":
        """Waiting rows that nobody holds a lease on, in the order of the ledger."""
        free = Q(lease_until=None) | Q(lease_until__lte=at)
        return self.filter(free, state=Outgoing.State.PENDING, next_at__lte=at).order_by("seq")


class Outgoing(models.Model):
    """One entry of the ledger on its way to one subscription.

    `key` is the same however often it is sent, so that a receiver takes it once. `answers`
    are the last tries: instant, status, milliseconds, what was said
    (leads.core.events.replies), or why none came.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENT = "sent", _("sent")
        DEAD = "dead", _("given up")

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="outgoing")
    seq = models.PositiveBigIntegerField()
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    lead = models.ForeignKey(
        "leads.Lead", models.PROTECT, null=True, blank=True, related_name="told"
    )
    payload = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    answers = models.JSONField(default=list, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        ordering = ["subscription", "-seq"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "seq"], name="outgoing_once"),
        ]
        indexes = [
            models.Index(
                fields=["subscription", "next_at"],
                condition=Q(state="pending"),
                name="outgoing_waiting",
            ),
            # Few, and counted on the page of those who can send them again.
            models.Index(
                fields=["subscription", "-seq"],
                condition=Q(state="dead"),
                name="outgoing_dead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seq} to subscription {self.subscription_id}"
