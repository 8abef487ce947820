"""How one person wants to be told, within what the agreement leaves to them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """How much something presses; what a notice says beyond these is `risk` or `info`."""

    INFO = "info", _("For your information")
    RISK = "risk", _("Due soon, or needs you")
    LATE = "late", _("Late")

    @classmethod
    def of(cls, level: str) -> "Level":
        if level in cls.values:
            return cls(level)
        return cls.RISK if level == "warning" else cls.INFO


class Preference(models.Model):
    """One person's choices; without a row everything is as the agreement says.

    `choices`: {level: {"channels": [kinds outside the portal], "digest": ""|"hourly"|
    "daily"}}; a level that is not there is as the agreement says. `quiet_from` and
    `quiet_until` are wall times of the person's zone, and may span midnight.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="preference"
    )
    choices = models.JSONField(default=dict)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"preferences of {self.user_id}"

    def channels(self, level: str) -> list[str] | None:
        """The kinds of channel chosen for a level; None: as the agreement says."""
        chosen = self.choices.get(Level.of(level), {}).get("channels")
        return None if chosen is None else list(chosen)

    def digest(self, level: str) -> str:
        return str(self.choices.get(Level.of(level), {}).get("digest", ""))
