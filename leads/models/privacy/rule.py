from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class RetentionRule(models.Model):
    """After how many months which leads are erased: those closed so long ago, or those that
    nothing happened to for so long. Leads whose clocks run are never among them.

    `automatic`: erased by the portal itself, day by day; else proposed to operations.
    """

    class Kind(models.TextChoices):
        CLOSED = "closed", _("closed")
        UNTOUCHED = "untouched", _("open, and nothing happened")

    kind = models.CharField(_("leads that are"), max_length=10, choices=Kind, unique=True)
    months = models.PositiveSmallIntegerField(
        _("for months"), validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    automatic = models.BooleanField(_("erased without asking"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    changed_at = models.DateTimeField(editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["kind"]

    def __str__(self) -> str:
        return f"{self.kind} for {self.months} months"
