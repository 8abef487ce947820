from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from simple_history.models import HistoricalRecords

from portal.accounts.history import KeptHistory

RESERVED = frozenset({"all", "new", "questions", "in-force", "which", "order", "scope"})
"""Words of addresses beside the agreements: none of them is the key of one."""


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def in_order(self) -> "AgreementQuerySet":
        """As they are tried on a lead: by position, the default last."""
        return self.filter(archived_at=None).order_by("is_default", "position", "pk")


class Agreement(models.Model):
    """The standing contract between the two departments; its versions carry the terms.

    `scope` is a criteria tree (sla.core.criteria) that says which leads it governs; empty
    for the default agreement, which governs what no other does.
    """

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    scope = models.JSONField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()
    history = HistoricalRecords(history_manager=KeptHistory)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="agreement_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if is_reserved(self.key):
            said = _("This short name is an address of the portal. Choose another.")
            raise ValidationError({"key": said})


def is_reserved(key: str) -> bool:
    """Whether a page of the portal has this word for its address."""
    return key.lower() in RESERVED


def place_of(agreement: Agreement | None = None) -> str:
    """Under which name answers about an agreement wait, or about one that is not there yet."""
    return f"agreement:{agreement.key if agreement else 'new'}"
