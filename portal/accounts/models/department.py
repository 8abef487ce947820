from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Department(models.Model):
    """One of the two parties of every agreement; the rows are made by a migration."""

    class Key(models.TextChoices):
        MARKETING = "marketing", _("Marketing")
        SALES = "sales", _("Sales")

    key = models.CharField(primary_key=True, max_length=12, choices=Key)
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="heads"
    )

    shows_people = models.BooleanField(
        _("figures per person are shown"),
        default=True,
        help_text=_("To the person and their managers. Without it, to nobody."),
    )
    smallest_group = models.PositiveSmallIntegerField(
        _("smallest group"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Of a team with fewer people no figures are shown apart."),
    )

    def __str__(self) -> str:
        return str(self.get_key_display())

    def tells_of_each(self, people: int) -> bool:
        """Whether figures per person are shown in a team of so many `people`."""
        return self.shows_people and people >= self.smallest_group

    @property
    def other(self) -> str:
        """The key of the other party."""
        return "sales" if self.key == self.Key.MARKETING else "marketing"
