from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.ledger.models.guard import Guarded

SIGNATURES = Guarded(
    "sla_signature", "signature", "id", "a signature is never changed or deleted"
)


class Signature(models.Model):
    """One department's signature over one revision, by the digest that its signer read.

    Name, title and department are as of signing, so that a later change of the person
    leaves the record as it was. `proof` is what shows who signed: of a passkey everything
    with which a stranger checks its signature, of a one-time code when it was set up (see
    `sla.actions.proofs`). The database refuses to change or delete a row.
    """

    class Method(models.TextChoices):
        PASSWORD_TOTP = "password_totp", _("password and one-time code")
        IDENTITY_PROVIDER = "identity_provider", _("fresh login at the identity provider")
        PASSKEY = "passkey", _("passkey")

    version = models.ForeignKey("sla.Version", models.PROTECT, related_name="signatures")
    revision = models.PositiveSmallIntegerField()
    department = models.ForeignKey("accounts.Department", models.PROTECT, related_name="+")
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="signatures"
    )
    signer_name = models.CharField(max_length=120)
    signer_title = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64)
    statement = models.TextField()
    method = models.CharField(max_length=20, choices=Method)
    authenticated_at = models.DateTimeField()
    signed_at = models.DateTimeField()
    acknowledged = models.JSONField(default=list, blank=True)
    proof = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "revision", "department"],
                name="signature_once_per_department",
            ),
            models.UniqueConstraint(
                fields=["version", "revision", "signer"], name="signature_once_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signer_name} for {self.department_id}, {self.version}"
