"""The outbox: one row for each thing told to one person through one channel."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def to(self, user_id: int) -> "DeliveryQuerySet":
        return self.filter(recipient_id=user_id)

    def in_app(self) -> "DeliveryQuerySet":
        return self.filter(channel=Delivery.Channel.IN_APP)

    def unread(self) -> "DeliveryQuerySet":
        return self.in_app().filter(read_at=None)

    def pending(self) -> "DeliveryQuerySet":
        return self.filter(state=Delivery.State.PENDING)

    def dead(self) -> "DeliveryQuerySet":
        return self.filter(state=Delivery.State.DEAD)

    def due(self, at: datetime) -> "DeliveryQuerySet":
        """Pending rows that nobody holds a lease on, soonest first."""
        free = Q(lease_until=None) | Q(lease_until__lte=at)
        return self.pending().filter(free, next_at__lte=at).order_by("next_at", "pk")


class Delivery(models.Model):
    """One message to one person through one channel, written in its cause's transaction.

    `about` names the cause ("alert:12", "version:3:proposed"); with recipient and channel
    it is unique (of webhooks, for each endpoint), so the same cause is never written twice.
    In-app rows are born `sent`:
    they cannot fail apart from their cause. Others leave by lease, and repeat with the
    same `key` after a crash. `endpoint` is where Slack, Teams and webhook rows go; several
    people's rows of one cause at a shared endpoint leave as one message.
    """

    class Channel(models.TextChoices):
        IN_APP = "in_app", _("In the portal")
        MAIL = "mail", _("E-mail")
        SLACK = "slack", _("Slack")
        TEAMS = "teams", _("Teams")
        WEBHOOK = "webhook", _("Webhook")

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENT = "sent", _("sent")
        DEAD = "dead", _("given up")
        CANCELLED = "cancelled", _("cancelled")

    class Digest(models.TextChoices):
        NONE = "", _("at once")
        HOURLY = "hourly", _("hourly")
        DAILY = "daily", _("daily")
        WEEKLY = "weekly", _("weekly")
        CATCH_UP = "catch_up", _("after an outage")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = models.CharField(max_length=80)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries"
    )
    channel = models.CharField(max_length=10, choices=Channel)
    endpoint = models.ForeignKey(
        "notifications.Endpoint",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # most rows have none, and the few that wait are found by next_at
    )
    digest = models.CharField(max_length=10, choices=Digest, default=Digest.NONE, blank=True)
    level = models.CharField(max_length=10, default="info")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    link = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    died_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            # Chats and mailboxes once, each system that takes webhooks once.
            models.UniqueConstraint(
                "about",
                "recipient",
                "channel",
                Case(When(channel="webhook", then="endpoint"), default=0),
                name="delivery_once_per_cause",
            ),
        ]
        indexes = [
            # The delivery task reads what waits, soonest first.
            models.Index(
                fields=["next_at"], condition=Q(state="pending"), name="delivery_waiting"
            ),
            # The bell counts and lists one person's unread rows.
            models.Index(
                fields=["recipient", "-created_at"],
                condition=Q(channel="in_app"),
                name="delivery_bell",
            ),
            # Few, and asked for on the pages of those who can send them again.
            models.Index(fields=["-id"], condition=Q(state="dead"), name="delivery_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.title} to {self.recipient_id} by {self.channel}"

    @property
    def reference(self) -> str:
        """What stays the same through repeats: #A-12 for alert 12, else #N- and the row."""
        kind, _colon, number = self.about.partition(":")
        return f"#A-{number}" if kind == "alert" and number.isdecimal() else f"#N-{self.pk}"
