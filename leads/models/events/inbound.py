from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from portal.accounts.models import User


class Inbound(models.Model):
    """One message of a source, kept once for its id: whatever comes again changes nothing.

    `raw` is what was posted, until it is split into items, which hold their parts of it.
    """

    source = models.ForeignKey("leads.EventSource", models.PROTECT, related_name="inbound")
    message_id = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    proof = models.CharField(max_length=12)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    raw = models.TextField(blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "message_id"], name="inbound_once"),
        ]
        indexes = [
            # What came before the process that took it in died.
            models.Index(fields=["id"], condition=Q(count=None), name="inbound_unsplit"),
            # The page of a source, newest first.
            models.Index(fields=["source", "-id"], name="inbound_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} of source {self.source_id}"


class InboundItemQuerySet(models.QuerySet["InboundItem"]):
    def visible_to(self, user: "User") -> "InboundItemQuerySet":
        """Operations, who bring leads in; they may hold anything about a person."""
        return self.all() if user.imports_leads else self.none()

    def quarantined(self) -> "InboundItemQuerySet":
        return self.filter(state=InboundItem.State.QUARANTINED)

    def waiting(self) -> "InboundItemQuerySet":
        return self.filter(state=InboundItem.State.WAITING)


class InboundItem(models.Model):
    """One event of a message, and what became of it.

    `key` is the source's own id of the event: what was done under it is not done again.
    `path` names the field because of which it could not be understood. `payload` is None
    once nobody needs it, or its person was erased.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        DONE = "done", _("done")
        KNOWN = "known", _("known already")
        IGNORED = "ignored", _("not meant for us")
        QUARANTINED = "quarantined", _("in quarantine")
        DROPPED = "dropped", _("set aside")

    inbound = models.ForeignKey(Inbound, models.PROTECT, related_name="items")
    source = models.ForeignKey("leads.EventSource", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    payload = models.JSONField(null=True)
    whole = models.BooleanField(default=False)
    key = models.CharField(max_length=200, blank=True)
    event = models.CharField(max_length=20, blank=True)
    rule = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    path = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    lead = models.ForeignKey(
        "leads.Lead", models.PROTECT, null=True, blank=True, related_name="heard"
    )
    result = models.JSONField(default=dict, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    tries = models.PositiveSmallIntegerField(default=0)

    objects = InboundItemQuerySet.as_manager()

    class Meta:
        ordering = ["inbound", "number"]
        constraints = [
            models.UniqueConstraint(fields=["inbound", "number"], name="inbound_item_once"),
            models.UniqueConstraint(
                fields=["source", "key"],
                condition=Q(state="done") & ~Q(key=""),
                name="inbound_event_done_once",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="waiting"), name="inbound_waiting"),
            models.Index(fields=["source", "-id"], name="inbound_item_newest"),
            models.Index(
                fields=["source", "-id"],
                condition=Q(state="quarantined"),
                name="inbound_quarantine",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inbound_id}.{self.number} {self.state}"
