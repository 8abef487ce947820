from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.notifications.models.sealing import seal, unseal


class EventSource(models.Model):
    """A system that tells what happened: a CRM, a dialler, a form.

    Its `key` is what `trusted_sources` of an agreement name. `mapping` says what its messages
    mean (leads.core.events.mapping), `system` whose ids of leads they carry. It proves itself
    by a signature under one of `secrets`, or by a token, of which only digests are kept; what
    was replaced goes on counting until `old_until`. `keeper` gives seats away where the
    system says so. `speaks_for_seat`: what names nobody is taken as done by who has the seat.
    `api_token`: a token of the API whose calls are this system's, too. `window_messages` came
    since `window_at`.
    """

    class Kind(models.TextChoices):
        HUBSPOT = "hubspot", "HubSpot"
        SALESFORCE = "salesforce", "Salesforce"
        DIALLER = "dialler", _("Dialler")
        GENERIC = "generic", _("Any other system")

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.GENERIC)
    system = models.CharField(max_length=80)
    mapping = models.JSONField()
    keeper = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    speaks_for_seat = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    sealed_secrets = models.TextField(editable=False)
    sealed_client_secret = models.TextField(blank=True, editable=False)
    token_digest = models.CharField(max_length=64, editable=False)
    old_token_digest = models.CharField(max_length=64, blank=True, editable=False)
    old_until = models.DateTimeField(null=True, blank=True, editable=False)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    api_token = models.OneToOneField(
        "accounts.ApiToken", models.PROTECT, null=True, blank=True, related_name="event_source"
    )
    window_at = models.DateTimeField(null=True, blank=True, editable=False)
    window_messages = models.PositiveIntegerField(default=0, editable=False)
    heard_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def secrets(self, at: datetime) -> list[str]:
        """Those that sign at `at`, the newest first. Raises Unreadable."""
        kept = unseal(self.sealed_secrets).split()
        return kept if self.overlaps(at) else kept[:1]

    def token_digests(self, at: datetime) -> list[str]:
        old = [self.old_token_digest] if self.old_token_digest and self.overlaps(at) else []
        return [self.token_digest, *old]

    def overlaps(self, at: datetime) -> bool:
        """Whether what was replaced counts beside the new."""
        return self.old_until is not None and at < self.old_until

    @property
    def client_secret(self) -> str:
        """What a HubSpot app signs with, if one is to be heard. Raises Unreadable."""
        return unseal(self.sealed_client_secret)

    def keep(self, *, secrets: list[str] | None = None, client_secret: str = "") -> None:
        """Seal new secrets, the newest first; nothing leaves the old ones."""
        if secrets:
            self.sealed_secrets = seal("\n".join(secrets))
        if client_secret:
            self.sealed_client_secret = seal(client_secret)
