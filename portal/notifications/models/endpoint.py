"""Where messages go outside, beside the mailboxes of people; an administrator says so."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.notifications.models.sealing import seal, unseal

TRIPS_AT = 5  # failures in a row
STAYS_OPEN = timedelta(seconds=60)
IN_FLIGHT = 2


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def enabled(self) -> "EndpointQuerySet":
        return self.filter(is_enabled=True)

    def answering(self, at: datetime) -> "EndpointQuerySet":
        """Enabled ones that may be called at `at`."""
        return self.enabled().filter(Q(open_until=None) | Q(open_until__lte=at))


class Endpoint(models.Model):
    """A Slack workspace or channel, a Teams channel, or a system that takes webhooks.

    It serves a team, a department, or with neither the whole company. Its address and its
    secrets are sealed and can be replaced, but not read, in the admin. After five failures
    in a row nothing is sent for a minute, then one message is tried (`failures`,
    `open_until`).
    """

    class Kind(models.TextChoices):
        SLACK_BOT = "slack_bot", _("Slack, direct messages (bot token)")
        SLACK = "slack", _("Slack, a channel (incoming webhook)")
        TEAMS = "teams", _("Teams, a channel (workflow webhook)")
        WEBHOOK = "webhook", _("Webhook (Standard Webhooks)")
        EVENTS = "events", _("Events of a subscription")

    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=80, unique=True)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+"
    )
    sealed_address = models.TextField(blank=True, editable=False)
    sealed_secrets = models.TextField(blank=True, editable=False)
    allows_http = models.BooleanField(_("plain http is allowed"), default=False)
    is_enabled = models.BooleanField(_("in use"), default=True)
    failures = models.PositiveIntegerField(default=0, editable=False)
    open_until = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("last sent"), null=True, blank=True, editable=False)
    last_error = models.CharField(max_length=300, blank=True, editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(team=None) | Q(department=None), name="endpoint_serves_one_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_kind_display()})"

    @property
    def channel(self) -> str:
        """The kind of channel by which an agreement names it."""
        return "slack" if self.kind == self.Kind.SLACK_BOT else self.kind

    @property
    def is_personal(self) -> bool:
        """Whether each person gets their own message, and only who asked for it."""
        return self.kind == self.Kind.SLACK_BOT

    @property
    def address(self) -> str:
        """Raises Unreadable."""
        return unseal(self.sealed_address)

    @property
    def secrets(self) -> list[str]:
        """The newest first; all of them sign. Raises Unreadable."""
        return unseal(self.sealed_secrets).split()

    @property
    def host(self) -> str:
        """What may be shown of the address."""
        return urlsplit(self.address).netloc.rpartition("@")[2]

    def keep(self, *, address: str = "", secrets: str = "") -> None:
        """Seal a new address or new secrets, one a line; nothing leaves the old ones."""
        if address:
            self.sealed_address = seal(address)
        if secrets:
            self.sealed_secrets = seal("\n".join(secrets.split()))

    def serves(self, user: User) -> bool:
        if self.team_id is not None:
            return user.team_id == self.team_id
        return self.department_id is None or user.department_id == self.department_id

    @property
    def narrowness(self) -> int:
        """A team's endpoint is nearer to its people than their department's."""
        return 2 if self.team_id is not None else int(self.department_id is not None)

    def is_open(self, at: datetime) -> bool:
        """Whether it is left alone after failures."""
        return self.open_until is not None and at < self.open_until

    def note_sent(self, *, at: datetime) -> None:
        Endpoint.objects.filter(pk=self.pk).update(
            failures=0, open_until=None, sent_at=at, last_error=""
        )

    def note_failure(self, *, at: datetime, reason: str, wait: timedelta | None) -> None:
        """Count it; the fifth in a row, or a wait that was asked for, opens the circuit."""
        row = Endpoint.objects.filter(pk=self.pk)
        row.update(failures=F("failures") + 1, last_error=reason[:300])
        if wait is not None:
            row.update(open_until=at + wait)
        row.filter(failures__gte=TRIPS_AT).filter(
            Q(open_until=None) | Q(open_until__lt=at + STAYS_OPEN)
        ).update(open_until=at + STAYS_OPEN)


class Connection(models.Model):
    """A person who wants direct messages, and who they are at the other end."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="connections"
    )
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="connections")
    account = models.CharField(max_length=80)
    connected_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "endpoint"], name="connection_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.endpoint}"
