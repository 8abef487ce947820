from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from leads.models.criteria import condition
from portal.accounts.history import KeptHistory
from sla.core.criteria import Node

if TYPE_CHECKING:
    from portal.accounts.models import User


ERASED = "erased:"
"""Begins the key of an erased person, which all their leads share, so that they still count
once; no address begins so."""


class LeadQuerySet(models.QuerySet["Lead"]):
    def visible_to(self, user: "User") -> "LeadQuerySet":
        """Joint ownership means no walls: whoever reads leads reads every lead."""
        return self.filter(merged_into=None) if user.reads_leads else self.none()

    def open(self) -> "LeadQuerySet":
        return self.filter(closed_at=None, merged_into=None)

    def meeting(self, criteria: Node, at: datetime) -> "LeadQuerySet":
        """Leads that meet `criteria` as of `at`: the same ones as `sla.core.criteria` says."""
        return self.filter(condition(criteria, at))

    def owned_by(self, user: "User") -> "LeadQuerySet":
        return self.filter(assignments__member=user, assignments__until=None)


class Lead(models.Model):
    """One person's interest under one agreement, owned by both departments at every stage.

    `provenance` keeps for each field who set it and when, as evidence shows it:
    {"company.country": {"by": "form", "at": "2026-03-02T09:00:00Z"}}.
    """

    class Closed(models.TextChoices):
        WON = "won", _("won")
        LOST = "lost", _("lost")
        DISQUALIFIED = "disqualified", _("disqualified")
        AT_INTAKE = "at_intake", _("closed at intake")
        ERASED = "erased", _("erased")

    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    email_key = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    phone_key = models.CharField(max_length=20, blank=True)
    job_title = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=80, blank=True)
    company = models.ForeignKey(
        "leads.Company", models.PROTECT, null=True, blank=True, related_name="leads"
    )
    source = models.CharField(max_length=80, blank=True)
    campaign = models.CharField(max_length=200, blank=True)
    segment = models.CharField(max_length=80, blank=True)
    score = models.IntegerField(null=True, blank=True)
    consent = models.BooleanField(null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    provenance = models.JSONField(default=dict, blank=True)
    agreement = models.ForeignKey(
        "sla.Agreement", models.PROTECT, null=True, blank=True, related_name="leads"
    )
    stage = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_as = models.CharField(max_length=14, choices=Closed, blank=True)
    closed_reason = models.CharField(max_length=200, blank=True)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="next_leads"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    imported = models.BooleanField(default=False)
    held = models.BooleanField(default=False)

    objects = LeadQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["provenance", "phone_key"], history_manager=KeptHistory
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email_key", "agreement"],
                condition=Q(closed_at=None, merged_into=None) & ~Q(email_key=""),
                name="lead_one_open_per_person_and_agreement",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(closed_as=""), name="lead_closed_says_how"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="lead_not_merged_into_itself",
            ),
        ]
        indexes = [
            # The list of leads, newest first, all or of one stage.
            models.Index(fields=["-received_at", "-id"], name="lead_newest"),
            models.Index(fields=["stage", "-received_at", "-id"], name="lead_stage_newest"),
            # Identity at intake.
            models.Index(fields=["email_key", "agreement"], name="lead_by_email"),
            # What was merged into a lead. An index of all would be taken for the many that
            # were not.
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="lead_merged",
            ),
            # Suspected doubles: the same number.
            models.Index(fields=["phone_key"], name="lead_by_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_erased(self) -> bool:
        """Whether nothing is known of the person any more; the row is still counted."""
        return self.email_key.startswith(ERASED)


class LeadSource(models.Model):
    """A system's own name for a lead: `(source, external id)` is one lead, for ever."""

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="sources")
    source = models.CharField(max_length=80)
    external_id = models.CharField(max_length=120)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="lead_source_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
