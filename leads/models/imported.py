from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One import of one file: every record of it is counted under exactly one outcome.

    `found`: the encoding, the delimiter, and how the dates of each column were read.
    `held_back` are those of the new ones that do not go live: their company is a customer,
    has an open deal, is a competitor or our own. `upload`: the file, if it came by browser.
    """

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField()
    found = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    records = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    held_back = models.PositiveIntegerField(default=0)
    upload = models.ForeignKey(
        "leads.Upload", models.SET_NULL, null=True, blank=True, related_name="runs"
    )
    job = models.ForeignKey(
        "jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finished_at=None)
                | models.Q(
                    records=models.F("new")
                    + models.F("updated")
                    + models.F("duplicate")
                    + models.F("rejected")
                ),
                name="import_accounts_for_every_record",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Claim(models.Model):
    """What an imported file says once happened to a lead. No clock ever read it."""

    class Kind(models.TextChoices):
        OFFERED = "offered", _("offered")
        ACCEPTED = "accepted", _("accepted")
        FIRST_ATTEMPT = "first_attempt", _("first attempt")
        WON = "won", _("won")
        LOST = "lost", _("lost")

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="claims")
    run = models.ForeignKey("leads.ImportRun", models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=14, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["lead", "kind"], name="claim_once_per_lead"),
        ]

    def __str__(self) -> str:
        return f"lead {self.lead_id} {self.kind} at {self.at:%d %b %Y}"
