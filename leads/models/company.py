from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from portal.accounts.history import KeptHistory


class CompanyQuerySet(models.QuerySet["Company"]):
    def named(self, name: str) -> "CompanyQuerySet":
        """Those of the very same name, in whichever case."""
        return self.alias(lower=Lower("name")).filter(lower=Lower(Value(name)))


class Company(models.Model):
    """Where people of leads work. A known domain names at most one company."""

    class Status(models.TextChoices):
        PROSPECT = "prospect", _("prospect")
        OPEN_DEAL = "open_deal", _("open deal")
        CUSTOMER = "customer", _("customer")
        COMPETITOR = "competitor", _("competitor")
        OWN = "own", _("our own staff")

    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=253, blank=True)
    country = models.CharField(max_length=80, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    industry = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.PROSPECT)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="accounts"
    )
    owned_since = models.DateTimeField(
        null=True, blank=True, editable=False,
        help_text=_("When it became known as a customer or an open deal; empty: always."),
    )  # fmt: skip
    provenance = models.JSONField(default=dict, blank=True)

    objects = CompanyQuerySet.as_manager()
    history = HistoricalRecords(history_manager=KeptHistory)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["domain"], condition=~Q(domain=""), name="company_domain_once"
            ),
        ]
        indexes = [
            models.Index(fields=["name"], name="company_by_name"),
            # Identity at intake: by domain, else by the very same name.
            models.Index(fields=["domain"], name="company_by_domain"),
            models.Index(Lower("name"), name="company_by_any_case"),
        ]

    def __str__(self) -> str:
        return self.name


OWNED = (Company.Status.CUSTOMER, Company.Status.OPEN_DEAL)


def was_owned(company: str, instant: str) -> Q:
    """Whether the company at the path `company` was a customer or an open deal at the
    instant of the field `instant`, as far as it was known."""
    return Q(**{f"{company}__status__in": OWNED}) & (
        Q(**{f"{company}__owned_since": None})
        | Q(**{f"{company}__owned_since__lte": F(instant)})
    )
