from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.bulk.prepared import Prepared
from sla.core import terms as core
from sla.core.diff import Change
from sla.core.terms import Terms

# Frozen terms, parsed once per process; a digest names its text.
_PARSED: dict[str, Terms] = {}


class VersionQuerySet(models.QuerySet["Version"]):
    def signed(self) -> "VersionQuerySet":
        return self.filter(state=Version.State.SIGNED)

    def effective(self, at: datetime) -> "VersionQuerySet":
        """Signed versions that began by `at`, the governing one first."""
        return (
            self.signed()
            .filter(effective_from__lte=at)
            .order_by("-effective_from", "-signed_at", "-number")
        )

    def begun(self, at: datetime) -> "models.QuerySet[Version, int]":
        """The agreements, by number, of which a version was in force by `at`."""
        rows = self.signed().filter(effective_from__lte=at).order_by()
        return rows.values_list("agreement_id", flat=True).distinct()

    def in_force(self, agreement_id: int, at: datetime) -> "Version | None":
        """The version that governs a handoff of this agreement first offered at `at`."""
        return _IN_FORCE.first(agreement_id, at)


def _in_force(agreement_id: int, at: datetime) -> VersionQuerySet:
    return Version.objects.filter(agreement_id=agreement_id).effective(at)[:1]


_IN_FORCE = Prepared(_in_force, int, datetime)  # each action asks it, and most pages


class Version(models.Model):
    """One numbered text of an agreement. Its `terms` are what the portal evaluates.

    From `proposed` on the terms do not change: an edit is revision n + 1, and signatures
    of the revision before stay as history and count no more. *In force* and *superseded*
    are derived from signed versions and `effective_from`, never stored.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("proposed")
        SIGNED = "signed", _("signed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    agreement = models.ForeignKey("sla.Agreement", models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    revision = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    terms = models.JSONField()
    digest = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    requested_from = models.DateTimeField(null=True, blank=True)
    # What the backtest said when this revision was proposed; it is attached to what is signed.
    backtest = models.JSONField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    effective_from = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_reason = models.TextField(blank=True)

    objects = VersionQuerySet.as_manager()

    # What others had saved meanwhile, if a save put both together: told once, not stored.
    merged: Sequence[Change] = ()

    class Meta:
        ordering = ["agreement", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"], name="version_number_once_per_agreement"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed")
                | Q(signed_at__isnull=False, effective_from__gte=F("signed_at")),
                name="version_effective_after_second_signature",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(digest=""), name="version_frozen_has_digest"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(ended_reason=""),
                name="version_declined_has_reason",
            ),
        ]
        indexes = [
            # "Which version is in force?" is asked for every offer and page.
            models.Index(
                fields=["agreement", "-effective_from"],
                condition=Q(state="signed"),
                name="version_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}, version {self.number}"

    @property
    def parsed(self) -> Terms:
        """The terms as typed values; a frozen version is parsed once per process."""
        if not self.digest:
            return core.parse(self.terms)
        if self.digest not in _PARSED:
            _PARSED[self.digest] = core.parse(self.terms)
        return _PARSED[self.digest]

    @property
    def needs(self) -> list[str]:
        """Departments whose signature over this revision is still missing."""
        signed = {s.department_id for s in self.signatures.all() if s.revision == self.revision}
        return [key for key in ("marketing", "sales") if key not in signed]
