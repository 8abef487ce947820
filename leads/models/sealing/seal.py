from typing import TYPE_CHECKING

from django.db import models

from portal.ledger.models.guard import Guarded

if TYPE_CHECKING:
    from portal.accounts.models import User

SEALS = Guarded("leads_seal", "seal", "id", "a seal is never changed or deleted")


class SealQuerySet(models.QuerySet["Seal"]):
    def visible_to(self, user: "User") -> "SealQuerySet":
        return self.all() if user.reads_leads else self.none()

    def light(self) -> "SealQuerySet":
        """Without the texts, for lists."""
        return self.defer("document", "evidence")


class Seal(models.Model):
    """The figures of one closed period, as they stood at `sealed_at`. Evidence.

    `document` is canonical JSON (RFC 8785) of every figure with its n and definition;
    `digest` is its SHA-256, which stands in the ledger. `evidence` is zlib-packed canonical
    JSON of the rows that the figures were counted from; its SHA-256 stands in the document.
    `head_seq` and `head_hash` are the newest entry that the rows were read after.
    """

    agreement = models.ForeignKey("sla.Agreement", models.PROTECT, related_name="+")
    version = models.ForeignKey("sla.Version", models.PROTECT, related_name="+")
    length = models.CharField(max_length=10)
    first = models.DateField()
    ends_at = models.DateTimeField()
    sealed_at = models.DateTimeField()
    head_seq = models.PositiveBigIntegerField()
    head_hash = models.CharField(max_length=64)
    document = models.TextField()
    digest = models.CharField(max_length=64)
    evidence = models.BinaryField()

    objects = SealQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["length", "first"], name="seal_once_per_period"),
        ]

    def __str__(self) -> str:
        return f"{self.length} from {self.first}"


class SealCheck(models.Model):
    """What the newest look at a seal found: a note that any later look may replace.

    `changes`: one for each figure that is another now, as `leads.reports.seals.restating`
    writes them; `told` is the digest of those that the ledger was told of.
    """

    seal = models.OneToOneField("leads.Seal", models.PROTECT, related_name="check_made")
    checked_at = models.DateTimeField()
    changes = models.JSONField(default=list, blank=True)
    told = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.seal_id}: {len(self.changes)} figures"

    @property
    def corrected(self) -> int:
        """How many figures are restated: something of the closed period was changed."""
        return sum(change["why"] != "went_on" for change in self.changes)
